import { DataSource } from 'typeorm';
import { readEnv } from '../config/env.js';
import { type AppError } from '../error/app-error.js';
import { bucketFor, LIMITS } from './limits.js';
import { COMMANDS, ruleOf, type Command } from './permissions.js';
import { Metrics } from '../metrics/metrics.js';
import { RedisConnection } from '../redis/redis.connection.js';
import { RateLimiter } from './rate-limiter.js';
import { SharedCounter } from './shared-counter.js';

const AWAY = '203.0.113.1';

/** Of one server, with no other. */
const limiterOf = (settings: Record<string, string>): RateLimiter => {
  const env = readEnv(settings);
  return new RateLimiter(env, new SharedCounter(new RedisConnection(env, new DataSource({ type: 'postgres' }))), new Metrics());
};

describe('RateLimiter', () => {
  let limiter: RateLimiter;
  beforeEach(() => {
    jest.useFakeTimers();
    limiter = limiterOf({ RATE_LIMIT_FACTOR: '1' });
  });
  afterEach(() => {
    limiter.onModuleDestroy();
    jest.useRealTimers();
  });

  /** Milliseconds until the next call would be taken; 0 takes it. */
  const wait = (bucket: keyof typeof LIMITS, who = 'a', of = limiter): number => {
    try {
      of.take(bucket, who, AWAY);
      return 0;
    } catch (error) {
      expect((error as AppError).code).toBe('rate.limited');
      return (error as AppError).details?.retryAfterMs as number;
    }
  };

  it.each(Object.entries(LIMITS))('%s takes its burst at once, then one more each interval, never more than its calls', (name, limit) => {
    const bucket = name as keyof typeof LIMITS;
    const intervalMs = (limit.seconds * 1000) / limit.calls;
    for (let i = 0; i < limit.burst; i++) expect(wait(bucket)).toBe(0);
    const ms = wait(bucket);
    expect(ms).toBeGreaterThan(0);
    expect(ms).toBeLessThanOrEqual(Math.ceil(intervalMs));
    jest.advanceTimersByTime(ms);
    expect(wait(bucket)).toBe(0);
    expect(wait(bucket)).toBeGreaterThan(0);
    // Idle for ever fills the bucket no further.
    jest.advanceTimersByTime(limit.seconds * 10_000);
    for (let i = 0; i < limit.burst; i++) expect(wait(bucket)).toBe(0);
    expect(wait(bucket)).toBeGreaterThan(0);
  });

  it('a refused call costs nothing, and each person and bucket is counted alone', () => {
    for (let i = 0; i < 5; i++) wait('loginAccount');
    const first = wait('loginAccount');
    for (let i = 0; i < 100; i++) wait('loginAccount');
    expect(wait('loginAccount')).toBe(first);
    expect(wait('loginAccount', 'b')).toBe(0);
    expect(wait('login')).toBe(0);
  });

  it('a call that is given back is as if it had not been made', async () => {
    for (let i = 0; i < 100; i++) {
      expect(wait('codeAccount')).toBe(0);
      await limiter.giveBackShared('codeAccount', 'a', AWAY);
    }
    for (let i = 0; i < 10; i++) expect(wait('codeAccount')).toBe(0);
    expect(wait('codeAccount')).toBe(4_320_000);
    await limiter.giveBackShared('codeAccount', 'nobody', AWAY);
  });

  it('counts the same for the HTTP guard', async () => {
    for (let i = 0; i < 5; i++) wait('loginAccount');
    const { isBlocked, timeToBlockExpire } = await limiter.increment('loginAccount:a', 60_000, 5);
    expect({ isBlocked, timeToBlockExpire }).toEqual({ isBlocked: true, timeToBlockExpire: 12 });
    expect(await limiter.increment('loginAccount:b', 60_000, 5)).toMatchObject({ isBlocked: false, totalHits: 1 });
  });

  it('RATE_LIMIT_FACTOR multiplies; without it loopback clients outside production get 1000', () => {
    const of = (settings: Record<string, string>, ip: string | null): number => {
      const one = limiterOf(settings);
      one.onModuleDestroy();
      return one.scaled('loginAccount', ip).burst;
    };
    expect(of({ RATE_LIMIT_FACTOR: '2' }, AWAY)).toBe(10);
    expect(of({ RATE_LIMIT_FACTOR: '0.01' }, AWAY)).toBe(1);
    for (const ip of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) expect(of({}, ip)).toBe(5000);
    for (const ip of [AWAY, null, '::2', '1127.0.0.1', '10.127.0.1']) expect(of({}, ip)).toBe(5);
    const production = { NODE_ENV: 'production', JWT_ACCESS_SECRET: 'b9c1f2d3a4e5968778695a4b3c2d1e0f', DATABASE_URL: 'postgres://x' };
    expect(of(production, '127.0.0.1')).toBe(5);
  });

  it('forgets buckets that are full again', () => {
    for (let i = 0; i < 1000; i++) wait('general', `person ${i}`);
    const { general } = (limiter as unknown as { fullAt: { general: Map<string, number> } }).fullAt;
    expect(general.size).toBe(1000);
    jest.advanceTimersByTime(120_000);
    expect(general.size).toBe(0);
  });
});

describe('buckets', () => {
  it('staff and customers send from buckets of their own; without a credential there is a smaller one', () => {
    expect([bucketFor('send', 'guest'), bucketFor('send', 'customer'), bucketFor('send', 'agent'), bucketFor('send', 'admin')]).toEqual([
      'sendGuest',
      'sendGuest',
      'sendStaff',
      'sendStaff',
    ]);
    expect([bucketFor(undefined, undefined), bucketFor(undefined, 'guest'), bucketFor('login', undefined)]).toEqual([
      'anonymous',
      'general',
      'login',
    ]);
  });

  it('every command has one that exists', () => {
    for (const command of Object.keys(COMMANDS) as Command[]) {
      for (const role of [undefined, 'guest', 'admin'] as const) expect(LIMITS).toHaveProperty(bucketFor(ruleOf(command).limit, role));
    }
  });
});
