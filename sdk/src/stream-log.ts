import type { Message } from '../../src/contract/message.js';

/**
 * A part of one stream without a gap, in its latest state. Each entry counts once, in the order of the numbers, whatever comes
 * twice, late or out of order.
 */
export class StreamLog {
  private all: readonly Message[] = [];
  private heard = 0;
  private isLoaded = false;

  /** In the order of their numbers. Another array after every change. */
  get entries(): readonly Message[] {
    return this.all;
  }

  /** The number up to which everything since `first` is here; 0 for nothing. */
  get applied(): number {
    return this.all.at(-1)?.seq ?? 0;
  }

  /** Where to go on reading; undefined before anything was read. */
  get position(): number | undefined {
    return this.isLoaded ? this.applied : undefined;
  }

  get hasOlder(): boolean {
    return (this.all[0]?.seq ?? 1) > 1;
  }

  /** Whether something was heard of that is missing here. */
  get hasGap(): boolean {
    return this.isLoaded && this.heard > this.applied;
  }

  /** Begins with the newest page of the stream. What was heard of while it was read may lie behind it. */
  load(page: readonly Message[]): void {
    this.all = [...page];
    this.isLoaded = true;
  }

  /** Begins anew, with numbers that have nothing to do with those before. */
  reset(page: readonly Message[]): void {
    this.heard = 0;
    this.load(page);
  }

  /** What came in; before anything was read it is left to the reading. Those that were new, in their latest state. */
  receive(entries: readonly Message[]): readonly Message[] {
    const before = this.all.length;
    for (const entry of entries) {
      this.heard = Math.max(this.heard, entry.seq);
      if (!this.isLoaded || entry.seq !== this.applied + 1) continue;
      this.all = [...this.all, entry];
      this.fold(entry);
    }
    return this.all.slice(before);
  }

  /** Older entries that end where these begin. */
  prepend(entries: readonly Message[]): void {
    const first = this.all[0]?.seq ?? 1;
    const older = entries.filter(({ seq }) => seq < first);
    if (older.at(-1)?.seq === first - 1) this.all = [...older, ...this.all];
  }

  /** The new state of an entry. */
  replace(entry: Message): void {
    const index = this.indexOf(entry.seq);
    if (index !== undefined) this.all = [...this.all.slice(0, index), entry, ...this.all.slice(index + 1)];
  }

  private fold(entry: Message): void {
    if (entry.kind !== 'edit' && entry.kind !== 'deletion') return;
    const target = this.all[this.indexOf(entry.targetSeq) ?? -1];
    if (target === undefined || target.kind === 'activity' || target.deletedAt !== null) return;
    if (entry.kind === 'deletion') {
      this.replace({ ...target, body: null, attachments: [], deletedAt: entry.createdAt });
    } else if (entry.body !== null) {
      this.replace({ ...target, body: entry.body, editedAt: entry.createdAt } as Message);
    }
  }

  private indexOf(seq: number): number | undefined {
    const index = seq - (this.all[0]?.seq ?? 0);
    return this.all[index]?.seq === seq ? index : undefined;
  }
}
