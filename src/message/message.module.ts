import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BusinessModule } from '../business/business.module.js';
import { RoomModule } from '../room/room.module.js';
import { StreamModule } from '../stream/stream.module.js';
import { UploadModule } from '../upload/upload.module.js';
import { ErasureService } from './erasure.service.js';
import { MachineNotes } from './machine-notes.service.js';
import { MentionController } from './mention.controller.js';
import { Mention } from './mention.entity.js';
import { MentionService } from './mention.service.js';
import { MessageChangeService } from './message-change.service.js';
import { MessageController } from './message.controller.js';
import { MessageService } from './message.service.js';
import { SearchIndexer } from './search.indexer.js';
import { VersionService } from './version.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Mention]), RoomModule, UploadModule, StreamModule, BusinessModule],
  controllers: [MessageController, MentionController],
  providers: [MachineNotes, MessageService, MessageChangeService, MentionService, VersionService, ErasureService, SearchIndexer],
  exports: [MessageService, MessageChangeService, MentionService, SearchIndexer],
})
export class MessageModule {}
