import { ParleyError, type Parley } from '@parley/client';
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

  /** The ids of those that have arrived. */
  get ready(): string[] {
    return this.list.flatMap(({ attachment }) => (attachment ? [attachment.id] : []));
  }

  async add(file: File): Promise<void> {
    const key = this.count++;
    const ending = new AbortController();
    const cancel = (): void => {
      ending.abort();
      this.set(this.list.filter((one) => one.key !== key));
    };
    this.set([...this.list, { key, name: file.name, share: 0, attachment: null, fault: null, cancel }]);
    const change = (to: Partial<FileOnItsWay>): void => this.set(this.list.map((one) => (one.key === key ? { ...one, ...to } : one)));
    try {
      const place = await this.place();
      if (!place) throw new DOMException('There is no room', 'AbortError');
      const { parley, roomId } = place;
      const onProgress = (share: number): void => change({ share });
      const attachment = await parley.upload(roomId, file, file.name, { onProgress, signal: ending.signal });
      change({ attachment, share: 1 });
    } catch (error) {
      change({ fault: (error instanceof ParleyError ? FAULTS[error.code] : undefined) ?? 'fileFailed' });
    }
  }

  /** Those that have arrived were sent. */
  sent(ids: readonly string[]): void {
    this.set(this.list.filter(({ attachment }) => !attachment || !ids.includes(attachment.id)));
  }

  clear(): void {
    for (const { cancel } of this.list) cancel();
  }

  private set(list: readonly FileOnItsWay[]): void {
    this.list = list;
    this.changed(list);
  }
}
