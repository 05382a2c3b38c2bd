import { Module } from '@nestjs/common';
import { BusinessModule } from '../business/business.module.js';
import { RoomModule } from '../room/room.module.js';
import { StreamModule } from '../stream/stream.module.js';
import { UploadModule } from '../upload/upload.module.js';
import { ErasureService } from './erasure.service.js';
import { MessageChangeService } from './message-change.service.js';
import { MessageController } from './message.controller.js';
import { MessageService } from './message.service.js';
import { SearchIndexer } from './search.indexer.js';

@Module({
  imports: [RoomModule, UploadModule, StreamModule, BusinessModule],
  controllers: [MessageController],
  providers: [MessageService, MessageChangeService, ErasureService, SearchIndexer],
  exports: [MessageService, MessageChangeService],
})
export class MessageModule {}
