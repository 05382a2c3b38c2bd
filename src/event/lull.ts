import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { EventBus } from './event-bus.js';

const SECOND_MS = 1_000;
/** Messages in a second from which on they come first. */
const MANY = 500;
/** For so many seconds after such a one something may come on top. */
const CALM_SECONDS = 8;
/** Of each minute that is busy without an end so many seconds are for what waits. */
const MINUTE = 60;
const TURN = 5;

/**
 * Says whether this is a moment for what may wait: indexing what was said, counting it for reports. While messages come thick
 * and fast they have the processor; what waits is done afterwards, and of a rush without an end in some seconds of each minute.
 */
@Injectable()
export class Lull implements OnModuleDestroy {
  private messages = 0;
  private calmSeconds = CALM_SECONDS;
  private busySeconds = 0;
  private readonly timer = setInterval(() => this.tick(), SECOND_MS).unref();

  constructor(events: EventBus) {
    events.onOwn('message.created', () => {
      this.messages++;
    });
  }

  get isNow(): boolean {
    return this.calmSeconds >= CALM_SECONDS || this.busySeconds % MINUTE >= MINUTE - TURN;
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    this.calmSeconds = this.messages >= MANY ? 0 : this.calmSeconds + 1;
    this.busySeconds = this.calmSeconds >= CALM_SECONDS ? 0 : this.busySeconds + 1;
    this.messages = 0;
  }
}
