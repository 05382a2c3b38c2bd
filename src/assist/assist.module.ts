import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ArticleModule } from '../article/article.module.js';
import { BusinessModule } from '../business/business.module.js';
import { MessageModule } from '../message/message.module.js';
import { RoomModule } from '../room/room.module.js';
import { AssistDay } from './assist-day.entity.js';
import { AssistLedger } from './assist.ledger.js';
import { AssistRoom } from './assist-room.entity.js';
import { AssistService } from './assist.service.js';

import { Engines } from './engines.js';
import { HelpController } from './help.controller.js';
import { HelpService } from './help.service.js';
import { ModelClient } from './model-client.js';
import { FaqEngine } from './faq.engine.js';
import { OpenAiEngine } from './openai.engine.js';

/** Answers customers by machine where a business wants that, and gets out of the way of people. */
@Module({
  imports: [TypeOrmModule.forFeature([AssistRoom, AssistDay]), ArticleModule, BusinessModule, MessageModule, RoomModule],
  controllers: [HelpController],
  providers: [AssistService, AssistLedger, Engines, FaqEngine, OpenAiEngine, ModelClient, HelpService],
})
export class AssistModule {}
