import { Global, Module } from '@nestjs/common';
import { ThrottlerModule } from '@nestjs/throttler';
import { RateLimiter } from './rate-limiter.js';
import { throttlerOptions } from './rate-limit.guard.js';
import { SharedCounter } from './shared-counter.js';

@Module({ providers: [RateLimiter, SharedCounter], exports: [RateLimiter] })
class RateLimiterModule {}

/** Limits and decorators for every door. */
@Global()
@Module({
  imports: [
    RateLimiterModule,
    ThrottlerModule.forRootAsync({ imports: [RateLimiterModule], inject: [RateLimiter], useFactory: throttlerOptions }),
  ],
  exports: [RateLimiterModule, ThrottlerModule],
})
export class AccessModule {}
