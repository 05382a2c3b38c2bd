import { Injectable, type ExecutionContext } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerLimitDetail, type ThrottlerModuleOptions } from '@nestjs/throttler';
import type { Response } from 'express';
import { AppError } from '../error/app-error.js';
import { commandOf } from './access.decorator.js';
import { callerOf, ownerOf } from './caller.js';
import { ruleOf } from './permissions.js';
import { bucketFor, type BucketName, type Limit } from './limits.js';
import { RateLimiter } from './rate-limiter.js';

/** The bucket that a call is taken from, whose it is, and from which address the call comes. */
const callOf = (context: ExecutionContext): { bucket: BucketName; who: string; ip: string | null } => {
  const caller = callerOf(context);
  const command = commandOf(context);
  return { bucket: bucketFor(command && ruleOf(command).limit, caller.actor?.role), who: ownerOf(caller), ip: caller.ip };
};

const limitOf = (limiter: RateLimiter, context: ExecutionContext): Limit => {
  const { bucket, ip } = callOf(context);
  return limiter.scaled(bucket, ip);
};

export const throttlerOptions = (limiter: RateLimiter): ThrottlerModuleOptions => ({
  throttlers: [
    {
      limit: (context) => limitOf(limiter, context).calls,
      ttl: (context) => limitOf(limiter, context).seconds * 1000,
    },
  ],
  storage: limiter,
  getTracker: (_request, context) => callOf(context).who,
  generateKey: (context, who) => `${callOf(context).bucket}:${who}`,
});

/** One limiter for both doors: the throttler library's guard for REST, the same buckets, without its promises, for events. */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  // Returns `true` itself for an event, not a promise: this runs for every message.
  override canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'ws') return super.canActivate(context);
    const { bucket, who, ip } = callOf(context);
    (this.storageService as RateLimiter).take(bucket, who, ip);
    return true as unknown as Promise<boolean>;
  }

  protected override throwThrottlingException(context: ExecutionContext, { limit, timeToBlockExpire }: ThrottlerLimitDetail): never {
    // The library sets it on what it lets pass only.
    context.switchToHttp().getResponse<Response>().setHeader('X-RateLimit-Limit', limit);
    throw new AppError('rate.limited', { details: { retryAfterMs: timeToBlockExpire * 1000 } });
  }
}
