import { Global, Module } from '@nestjs/common';
import { EventBus } from './event-bus.js';
import { NewsRelay } from './news-relay.js';

@Global()
@Module({ providers: [EventBus, NewsRelay], exports: [EventBus] })
export class EventModule {}
