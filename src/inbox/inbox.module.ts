import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BusinessModule } from '../business/business.module.js';
import { RoomModule } from '../room/room.module.js';
import { BulkService } from './bulk.service.js';
import { InboxController } from './inbox.controller.js';
import { RoomListService } from './room-list.service.js';
import { SavedViewController } from './saved-view.controller.js';
import { SavedView } from './saved-view.entity.js';
import { SavedViewService } from './saved-view.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([SavedView]), BusinessModule, RoomModule],
  controllers: [InboxController, SavedViewController],
  providers: [RoomListService, SavedViewService, BulkService],
  exports: [RoomListService, SavedViewService],
})
export class InboxModule {}
