import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RedisConnection } from '../redis/redis.connection.js';
import type { BucketName, Limit } from './limits.js';

/** The rule of the rate limiter, by the one clock of Redis: when a bucket is full again, in microseconds, kept until then. */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval = tonumber(ARGV[1])
local full = math.max(now, tonumber(redis.call('GET', KEYS[1]) or 0)) + interval
local wait = full - now - interval * tonumber(ARGV[2])
if wait > 1 then return math.ceil(wait) end
redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000) + 1)
return 0`;

const GIVE_BACK = `
local full = redis.call('GET', KEYS[1])
if full then redis.call('SET', KEYS[1], string.format('%.0f', full - ARGV[1]), 'KEEPTTL') end
return 0`;

const intervalOf = ({ calls, seconds }: Limit): string => String(Math.round((seconds * 1_000_000) / calls));

/** Counts calls in Redis, for all servers of one installation. What it cannot count it lets through: the caller counts as well. */
@Injectable()
export class SharedCounter {
  constructor(private readonly redis: RedisConnection) {}

  /** Whether there is one and it cannot be asked. */
  get isAway(): boolean {
    return this.redis.isConfigured && !this.redis.isUsable;
  }

  /** Milliseconds until a call would be allowed; 0 takes it. */
  async wait(bucket: BucketName, who: string, limit: Limit): Promise<number> {
    return (await this.run(TAKE, bucket, who, intervalOf(limit), String(limit.burst))) / 1000;
  }

  async giveBack(bucket: BucketName, who: string, limit: Limit): Promise<void> {
    await this.run(GIVE_BACK, bucket, who, intervalOf(limit));
  }

  private async run(script: string, bucket: BucketName, who: string, ...values: string[]): Promise<number> {
    if (!this.redis.isUsable) return 0;
    try {
      return Number((await this.redis.ask((client) => client.eval(script, 1, this.keyOf(bucket, who), ...values))) ?? 0);
    } catch {
      return 0;
    }
  }

  /** No address stands in Redis. */
  private keyOf(bucket: BucketName, who: string): string {
    return `${this.redis.prefix}limit:${bucket}:${createHash('sha256').update(who).digest('base64url')}`;
  }
}
