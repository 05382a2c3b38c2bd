import type { Stream } from '../../src/contract/message.js';
import type { Connection } from './connection.js';

/** A writer says again that it writes, well before the server lets it lapse after 6 s. */
const AGAIN_MS = 4_000;
const ENDS_MS = 5_000;

/** Tells others that a person is writing, at a few keystrokes only. */
export class Typist {
  private toldAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly connection: Connection) {}

  /** Called at every keystroke. */
  type(roomId: string, stream: Stream): void {
    if (!this.connection.isOnline) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.stop(roomId, stream), ENDS_MS);
    if (Date.now() - this.toldAt < AGAIN_MS) return;
    this.toldAt = Date.now();
    this.connection.try('typing.start', { roomId, stream });
  }

  stop(roomId: string, stream: Stream): void {
    clearTimeout(this.timer);
    if (this.toldAt === 0) return;
    this.toldAt = 0;
    this.connection.try('typing.stop', { roomId, stream });
  }
}
