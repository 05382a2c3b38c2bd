import { Inject, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Env } from '../config/env.js';

/**
 * Looks again and again for what has fallen due, one look after the other. What a look finds it decides anew under its locks,
 * so that on any number of servers it is done once. Not by commands, which tell no client of it.
 */
export abstract class Sweep implements OnApplicationBootstrap, OnModuleDestroy {
  protected isClosed = false;
  @Inject(Env) private readonly env: Env;
  private readonly log = new Logger(this.constructor.name);
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | undefined;

  constructor(private readonly everyMs: number) {}

  /** One look. What it throws is logged, and the next look tries again. */
  abstract sweep(): Promise<void>;

  /** Does one after the other; one that fails does not keep those behind it waiting. */
  protected async each<Due>(due: Due[], work: (one: Due) => Promise<unknown>): Promise<void> {
    for (const one of due) {
      if (this.isClosed) return;
      await work(one).catch((error: unknown) => this.log.warn({ err: error }, 'what was due failed; the next sweep tries again'));
    }
  }

  onApplicationBootstrap(): void {
    if (this.env.isCommand) return;
    this.timer = setInterval(() => {
      this.sweeping ??= this.sweep()
        .catch((error: unknown) => this.log.warn({ err: error }, 'a sweep failed; the next one tries again'))
        .finally(() => (this.sweeping = undefined));
    }, this.everyMs).unref();
  }

  onModuleDestroy(): Promise<void> | undefined {
    this.isClosed = true;
    clearInterval(this.timer);
    return this.sweeping;
  }
}
