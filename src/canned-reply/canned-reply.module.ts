import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BusinessModule } from '../business/business.module.js';
import { RoomModule } from '../room/room.module.js';
import { CannedReplyController } from './canned-reply.controller.js';
import { CannedReply } from './canned-reply.entity.js';
import { CannedReplyService } from './canned-reply.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([CannedReply]), BusinessModule, RoomModule],
  controllers: [CannedReplyController],
  providers: [CannedReplyService],
  exports: [CannedReplyService],
})
export class CannedReplyModule {}
