import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AiUsageService } from './ai-usage.service.js';
import { CountService } from './count.service.js';
import { MessageTally } from './message-tally.entity.js';
import { Milestone } from './milestone.entity.js';
import { ReportController } from './report.controller.js';
import { ReportService } from './report.service.js';
import { RoomProgress } from './room-progress.entity.js';

/** Reads the streams of others by SQL, and writes to nothing but its own counts; the operator and the demo may have it count anew. */
@Module({
  imports: [TypeOrmModule.forFeature([RoomProgress, Milestone, MessageTally])],
  controllers: [ReportController],
  providers: [ReportService, AiUsageService, CountService],
  exports: [CountService],
})
export class ReportModule {}
