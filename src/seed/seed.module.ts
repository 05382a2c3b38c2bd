import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { BusinessModule } from '../business/business.module.js';
import { CannedReplyModule } from '../canned-reply/canned-reply.module.js';
import { InboxModule } from '../inbox/inbox.module.js';
import { MessageModule } from '../message/message.module.js';
import { ReportModule } from '../report/report.module.js';
import { RoomModule } from '../room/room.module.js';
import { UploadModule } from '../upload/upload.module.js';
import { SeedService } from './seed.service.js';

/** Only commands have it. */
@Module({
  imports: [AuthModule, BusinessModule, RoomModule, InboxModule, CannedReplyModule, UploadModule, MessageModule, ReportModule],
  providers: [SeedService],
})
export class SeedModule {}
