import { Module } from '@nestjs/common';
import { BusinessModule } from '../business/business.module.js';
import { RoomModule } from '../room/room.module.js';
import { InboxController } from './inbox.controller.js';
import { RoomListService } from './room-list.service.js';

@Module({
  imports: [BusinessModule, RoomModule],
  controllers: [InboxController],
  providers: [RoomListService],
  exports: [RoomListService],
})
export class InboxModule {}
