import type { Message } from '../../src/contract/message.js';
import type { Connection } from './connection.js';
import { ParleyError } from './error.js';
import type { Outbox, Outgoing } from './outbox.js';

const PAUSE_MS = 5_000;

/** Says a message as it stands in the outbox. @throws ParleyError */
export const say = (connection: Connection, { state: _, error: __, createdAt: ___, roomId, ...draft }: Outgoing): Promise<Message> =>
  connection.call('message.send', { ...draft, ...(roomId !== null && { roomId }) });

/** Sends what was written in rooms that nobody follows any more. */
export class Stragglers {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly outbox: Outbox,
    private readonly isFollowed: (roomId: string) => boolean,
  ) {}

  send(): void {
    if (!this.connection.isOnline) return;
    const waiting = this.outbox.all().filter(({ state }) => state === 'waiting');
    for (const roomId of new Set(waiting.map((message) => message.roomId))) {
      // The first message of a room that is to be made waits for whoever makes it.
      if (roomId === null || this.isFollowed(roomId)) continue;
      void this.outbox.flush(roomId, async (message) => {
        try {
          await say(this.connection, message);
        } catch (error) {
          if (error instanceof ParleyError && error.retryable) this.later(error.retryAfterMs);
          throw error;
        }
      });
    }
  }

  end(): void {
    clearTimeout(this.timer);
  }

  private later(atLeastMs = 0): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), Math.max(PAUSE_MS, atLeastMs));
  }
}
