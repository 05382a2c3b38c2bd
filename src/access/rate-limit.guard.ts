import { Injectable, type ExecutionContext } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerLimitDetail, type ThrottlerModuleOptions } from '@nestjs/throttler';
import { AppError } from '../error/app-error.js';
import { commandOf } from './access.decorator.js';
import { callerOf } from './caller.js';
import { ruleOf } from './command.js';
import { bucketFor, type BucketName } from './limits.js';
import { RateLimiter } from './rate-limiter.js';

const bucketOf = (context: ExecutionContext): BucketName => {
  const command = commandOf(context);
  return bucketFor(command && ruleOf(command).limit, callerOf(context).actor?.role);
};

const whoOf = (context: ExecutionContext): string => {
  const { actor, ip } = callerOf(context);
  return actor?.id ?? ip ?? 'unknown';
};

export const throttlerOptions = (limiter: RateLimiter): ThrottlerModuleOptions => ({
  throttlers: [
    {
      limit: (context) => limiter.scaled(bucketOf(context), callerOf(context).ip).calls,
      ttl: (context) => limiter.scaled(bucketOf(context), callerOf(context).ip).seconds * 1000,
    },
  ],
  storage: limiter,
  getTracker: (_request, context) => whoOf(context),
  generateKey: (context, who) => `${bucketOf(context)}:${who}`,
});

/** One limiter for both doors: the throttler library's guard for REST, the same buckets, without its promises, for events. */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  // Returns `true` itself for an event, not a promise: this runs for every message.
  override canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'ws') return super.canActivate(context);
    const { actor, ip } = callerOf(context);
    const command = commandOf(context);
    (this.storageService as RateLimiter).take(bucketFor(command && ruleOf(command).limit, actor?.role), actor?.id ?? ip ?? 'unknown', ip);
    return true as unknown as Promise<boolean>;
  }

  protected override throwThrottlingException(_context: ExecutionContext, { timeToBlockExpire }: ThrottlerLimitDetail): never {
    throw new AppError('rate.limited', { details: { retryAfterMs: timeToBlockExpire * 1000 } });
  }
}
