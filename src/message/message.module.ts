import { Module } from '@nestjs/common';
import { BusinessModule } from '../business/business.module.js';
import { RoomModule } from '../room/room.module.js';
import { StreamModule } from '../stream/stream.module.js';
import { ErasureService } from './erasure.service.js';
import { MessageChangeService } from './message-change.service.js';
import { MessageController } from './message.controller.js';
import { MessageSearchService } from './message-search.service.js';
import { MessageService } from './message.service.js';
import { SearchController } from './search.controller.js';
import { SearchIndexer } from './search.indexer.js';
import { SearchService } from './search.service.js';

@Module({
  imports: [RoomModule, StreamModule, BusinessModule],
  controllers: [MessageController, SearchController],
  providers: [MessageService, MessageChangeService, ErasureService, MessageSearchService, SearchService, SearchIndexer],
  exports: [MessageService, MessageChangeService],
})
export class MessageModule {}
