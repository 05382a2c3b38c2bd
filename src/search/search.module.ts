import { Module } from '@nestjs/common';
import { BusinessModule } from '../business/business.module.js';
import { InboxModule } from '../inbox/inbox.module.js';
import { MessageModule } from '../message/message.module.js';
import { RoomModule } from '../room/room.module.js';
import { StreamModule } from '../stream/stream.module.js';
import { MessageSearchService } from './message-search.service.js';
import { SearchController } from './search.controller.js';
import { SearchService } from './search.service.js';

@Module({
  imports: [BusinessModule, InboxModule, MessageModule, RoomModule, StreamModule],
  controllers: [SearchController],
  providers: [MessageSearchService, SearchService],
})
export class SearchModule {}
