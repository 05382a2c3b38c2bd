import { ParleyError, type Connection } from '@parley/client';
import type { PresenceStatus } from '../../src/contract/presence.js';

const RETRY_MS = 2_000;

/** What a person says of itself, until the server knows it: nobody is given rooms because the connection was away at that moment. */
export class OwnPresence {
  private unsaid: PresenceStatus | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly connection: Connection) {
    connection.on('state', () => void this.say());
  }

  set(status: PresenceStatus): void {
    this.unsaid = status;
    void this.say();
  }

  private async say(): Promise<void> {
    clearTimeout(this.timer);
    const status = this.unsaid;
    if (status === undefined || !this.connection.isOnline) return;
    const isDone = await this.connection.call('presence.set', { status }).then(
      () => true,
      (error: unknown) => {
        const canRetry = error instanceof ParleyError && error.retryable;
        if (canRetry) this.timer = setTimeout(() => void this.say(), error.retryAfterMs ?? RETRY_MS);
        return !canRetry;
      },
    );
    if (isDone && this.unsaid === status) this.unsaid = undefined;
  }
}
