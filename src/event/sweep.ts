import { Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

/**
 * Looks again and again for what has fallen due, one look after the other. What a look finds it decides anew under its locks,
 * so that on any number of servers it is done once.
 */
export abstract class Sweep implements OnApplicationBootstrap, OnModuleDestroy {
  protected isClosed = false;
  private readonly log = new Logger(this.constructor.name);
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | undefined;

  constructor(private readonly everyMs: number) {}

  /** One look. What it throws is logged, and the next look tries again. */
  abstract sweep(): Promise<void>;

  onApplicationBootstrap(): void {
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
