import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { RoomModule } from '../room/room.module.js';
import { StreamModule } from '../stream/stream.module.js';
import { TranscriptController } from './transcript.controller.js';
import { TranscriptService } from './transcript.service.js';

@Module({
  imports: [AuditModule, RoomModule, StreamModule],
  controllers: [TranscriptController],
  providers: [TranscriptService],
})
export class TranscriptModule {}
