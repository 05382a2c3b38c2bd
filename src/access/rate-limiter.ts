import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';
import { Env } from '../config/env.js';
import { AppError } from '../error/app-error.js';
import { Metrics, type Tally } from '../metrics/metrics.js';
import { isShared, LIMITS, type BucketName, type Limit } from './limits.js';
import { SharedCounter } from './shared-counter.js';

type Taken = Awaited<ReturnType<ThrottlerStorage['increment']>>;

const SWEEP_MS = 60_000;

const halved = ({ calls, seconds, burst }: Limit): Limit => ({ calls: calls / 2, seconds, burst: Math.max(1, Math.floor(burst / 2)) });

/**
 * Counts calls for both doors, as a generic cell rate algorithm (ITU-T I.371): one number for each caller, the time at which
 * its bucket is full again, so that no timer is needed for a call.
 */
@Injectable()
export class RateLimiter implements ThrottlerStorage, OnModuleDestroy {
  private readonly fullAt = Object.fromEntries(Object.keys(LIMITS).map((bucket) => [bucket, new Map()])) as Record<
    BucketName,
    Map<string, number>
  >;
  /** The limits times each factor that is in use. */
  private readonly byFactor = new Map<number, Record<BucketName, Limit>>();

  private readonly sweeper = setInterval(() => this.sweep(), SWEEP_MS).unref();

  private readonly refused: Tally;

  constructor(
    private readonly env: Env,
    private readonly counter: SharedCounter,
    metrics: Metrics,
  ) {
    this.refused = metrics.tally('parley_rate_limited_total');
  }

  onModuleDestroy(): void {
    clearInterval(this.sweeper);
  }

  /**
   * Takes one call of `who`, a person's id or a network, at this moment.
   * @throws AppError `rate.limited` with `details.retryAfterMs`.
   */
  take(bucket: BucketName, who: string, ip: string | null): void {
    const waitMs = this.wait(bucket, who, this.scaled(bucket, ip));
    if (waitMs > 0) throw new AppError('rate.limited', { details: { retryAfterMs: Math.ceil(waitMs) } });
  }

  /**
   * The same for what all servers count together. Here it is counted as well: while Redis is away that is all there is, and
   * then half of the limit.
   * @throws AppError `rate.limited` with `details.retryAfterMs`.
   */
  async takeShared(bucket: BucketName, who: string, ip: string | null): Promise<void> {
    const waitMs = await this.waitShared(bucket, who, this.scaled(bucket, ip));
    if (waitMs > 0) throw new AppError('rate.limited', { details: { retryAfterMs: Math.ceil(waitMs) } });
  }

  /** Gives back a call that was taken, where only those that fail count. */
  async giveBackShared(bucket: BucketName, who: string, ip: string | null): Promise<void> {
    const limit = this.scaled(bucket, ip);
    this.giveBack(bucket, who, limit);
    await this.counter.giveBack(bucket, who, limit);
  }

  /** The limit that applies to a client at this address. */
  scaled(bucket: BucketName, ip: string | null): Limit {
    const factor = this.env.rateLimitFactor(ip);
    const known = this.byFactor.get(factor);
    if (known) return known[bucket];
    const scale = ({ calls, seconds, burst }: Limit): Limit => ({
      calls: calls * factor,
      seconds,
      burst: Math.max(1, Math.floor(burst * factor)),
    });
    const limits = Object.fromEntries(Object.entries(LIMITS).map(([name, limit]) => [name, scale(limit)])) as Record<BucketName, Limit>;
    this.byFactor.set(factor, limits);
    return limits[bucket];
  }

  /** The same for the HTTP guard of the throttler library; `key` is the bucket and who, `ttl` is in milliseconds. */
  async increment(key: string, ttl: number, calls: number): Promise<Taken> {
    const colon = key.indexOf(':');
    const bucket = key.slice(0, colon) as BucketName;
    const who = key.slice(colon + 1);
    const { calls: base, burst } = LIMITS[bucket];
    const limit = { calls, seconds: ttl / 1000, burst: Math.max(1, Math.floor((burst * calls) / base)) };
    const waitMs = isShared(bucket) ? await this.waitShared(bucket, who, limit) : this.wait(bucket, who, limit);
    const usedMs = Math.max(0, (this.fullAt[bucket].get(who) ?? 0) - performance.now());
    return {
      // Of so many calls only the burst may come at once: what is left is what is left of that.
      totalHits: calls - limit.burst + Math.ceil((usedMs * calls) / ttl),
      timeToExpire: Math.ceil(usedMs / 1000),
      isBlocked: waitMs > 0,
      timeToBlockExpire: Math.ceil(waitMs / 1000),
    };
  }

  private async waitShared(bucket: BucketName, who: string, limit: Limit): Promise<number> {
    const ownWaitMs = this.wait(bucket, who, this.counter.isAway ? halved(limit) : limit);
    if (ownWaitMs > 0) return ownWaitMs;
    const waitMs = await this.counter.wait(bucket, who, limit);
    // What is refused does not count.
    if (waitMs > 0) this.giveBack(bucket, who, limit);
    return waitMs;
  }

  private giveBack(bucket: BucketName, who: string, { calls, seconds }: Limit): void {
    const full = this.fullAt[bucket].get(who);
    if (full !== undefined) this.fullAt[bucket].set(who, full - (seconds * 1000) / calls);
  }

  /** Milliseconds until a call would be allowed; 0 takes it. */
  private wait(bucket: BucketName, who: string, { calls, seconds, burst }: Limit): number {
    const now = performance.now();
    const fullAt = this.fullAt[bucket];
    const intervalMs = (seconds * 1000) / calls;
    const full = Math.max(now, fullAt.get(who) ?? 0) + intervalMs;
    const waitMs = full - now - intervalMs * burst;
    // A hair of rounding must not refuse the last call of a burst.
    if (waitMs > 1e-6) {
      this.refused.add(bucket);
      return waitMs;
    }
    fullAt.set(who, full);
    return 0;
  }

  private sweep(): void {
    const now = performance.now();
    for (const fullAt of Object.values(this.fullAt)) {
      for (const [who, full] of fullAt) if (full <= now) fullAt.delete(who);
    }
  }
}
