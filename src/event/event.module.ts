import { Global, Module } from '@nestjs/common';
import { EventBus } from './event-bus.js';
import { Lull } from './lull.js';
import { NewsRelay } from './news-relay.js';

@Global()
@Module({ providers: [EventBus, Lull, NewsRelay], exports: [EventBus, Lull] })
export class EventModule {}
