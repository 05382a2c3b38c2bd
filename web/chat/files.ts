import { ParleyError, type Attachment, type Parley } from '@parley/client';
import type { FileOnItsWay } from './chat-state.js';
import type { Key } from './strings.js';

const FAULTS: Record<string, Key> = { 'upload.too_large': 'fileTooLarge', 'upload.type_refused': 'fileRefused' };

/** Where files go. */
export interface Place {
  parley: Parley;
  roomId: string;
}

/** Files on their way into the room, and those that wait to be sent with the next message. */
export class Files {
  private list: readonly FileOnItsWay[] = [];
  private count = 0;

  /** `place` is asked for at each file; without one there is nowhere to go. */
  constructor(
    private readonly place: () => Promise<Place | undefined>,
    private readonly changed: (files: readonly FileOnItsWay[]) => void,
  ) {}

  /** Those that have arrived. */
  get ready(): Attachment[] {
    return this.list.flatMap(({ attachment }) => attachment ?? []);
  }

  /** Whether some are still on their way. */
  get isBusy(): boolean {
    return this.list.some(({ attachment, fault }) => attachment === null && fault === null);
  }

  addAll(files: Iterable<File> | null | undefined): void {
    for (const file of files ?? []) void this.add(file);
  }

  private async add(file: File): Promise<void> {
    const ending = new AbortController();
    const key = this.put(file.name, () => ending.abort());
    try {
      const place = await this.place();
      if (!place) throw new DOMException('There is no room', 'AbortError');
      const { parley, roomId } = place;
      const onProgress = (share: number): void => this.change(key, { share });
      const attachment = await parley.upload(roomId, file, file.name, { onProgress, signal: ending.signal });
      this.change(key, { attachment, share: 1 });
    } catch (error) {
      this.change(key, { fault: (error instanceof ParleyError ? FAULTS[error.code] : undefined) ?? 'fileFailed' });
    }
  }

  /** They went with a message. */
  sent(files: readonly Attachment[]): void {
    this.set(this.list.filter(({ attachment }) => !attachment || !files.includes(attachment)));
  }

  /** That message was taken back. */
  restore(files: readonly Attachment[]): void {
    for (const attachment of files) this.change(this.put(attachment.name), { attachment, share: 1 });
  }

  clear(): void {
    for (const { cancel } of this.list) cancel();
  }

  private put(name: string, end?: () => void): number {
    const key = this.count++;
    const cancel = (): void => {
      end?.();
      this.set(this.list.filter((one) => one.key !== key));
    };
    this.set([...this.list, { key, name, share: 0, attachment: null, fault: null, cancel }]);
    return key;
  }

  private change(key: number, to: Partial<FileOnItsWay>): void {
    this.set(this.list.map((one) => (one.key === key ? { ...one, ...to } : one)));
  }

  private set(list: readonly FileOnItsWay[]): void {
    this.list = list;
    this.changed(list);
  }
}
