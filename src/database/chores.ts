import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Env } from '../config/env.js';
import { Metrics, type Tally } from '../metrics/metrics.js';

interface Duty {
  name: string;
  /** How long after its begin it is due again, in seconds. */
  everySeconds: number;
  /** `isStopping` tells long work that the server wants to stop. What it leaves undone, the next run finds. */
  work(isStopping: () => boolean): Promise<void>;
}

const LOOK_MS = 10_000;

/** Takes a chore that is due, for one server among all: its next time stands in the database, also over restarts. */
const TAKE = `
INSERT INTO chore AS c (name, due_at) VALUES ($1, now() + $2 * interval '1 second')
  ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at WHERE c.due_at <= now()
  RETURNING name`;

/**
 * What servers do now and then by themselves: forget what is old, remove what nobody needs. Each chore is done by one server at
 * a time, one after the other, and whatever fails is tried again the next time. For what has to happen within seconds a sweep
 * of its own is better.
 */
@Injectable()
export class Chores implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Chores.name);
  private readonly chores: Duty[] = [];
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private isClosed = false;
  private readonly runs: Tally;

  constructor(
    private readonly dataSource: DataSource,
    private readonly env: Env,
    metrics: Metrics,
  ) {
    this.runs = metrics.tally('parley_chore_runs_total');
  }

  /** Adds a chore; called by constructors. */
  add(chore: Duty): void {
    this.chores.push(chore);
  }

  /** Does a chore now, whether it is due or not. For tests, and for commands of the operator. @throws Error as the chore does. */
  async run(name: string): Promise<void> {
    const chore = this.chores.find((one) => one.name === name);
    if (!chore) throw new Error(`There is no chore ${name}`);
    await chore.work(() => this.isClosed);
  }

  onApplicationBootstrap(): void {
    if (this.env.isCommand) return;
    this.timer = setInterval(() => {
      this.looking ??= this.look().finally(() => (this.looking = undefined));
    }, LOOK_MS).unref();
  }

  onModuleDestroy(): Promise<void> | undefined {
    this.isClosed = true;
    clearInterval(this.timer);
    return this.looking;
  }

  private async look(): Promise<void> {
    for (const chore of this.chores) {
      if (this.isClosed) return;
      try {
        const taken = await this.dataSource.query<unknown[]>(TAKE, [chore.name, chore.everySeconds]);
        if (taken.length === 0) continue;
        await chore.work(() => this.isClosed);
        this.runs.add(`${chore.name} done`);
      } catch (error) {
        this.runs.add(`${chore.name} failed`);
        this.logger.warn({ err: error, chore: chore.name }, 'a chore failed; it is tried again the next time');
      }
    }
  }
}
