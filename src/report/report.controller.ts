import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { AiUsageReport } from '../contract/assist.js';
import type { ReportOverview } from '../contract/report.js';
import { AiUsageService } from './ai-usage.service.js';
import { AiUsageQuery, ReportQuery } from './report.dto.js';
import { ReportService } from './report.service.js';

@Controller('api/reports')
export class ReportController {
  constructor(
    private readonly reports: ReportService,
    private readonly usage: AiUsageService,
  ) {}

  @Get('ai')
  @Access('report.ai')
  ai(@CurrentActor() actor: Actor, @Query() query: AiUsageQuery): Promise<AiUsageReport> {
    return this.usage.report(actor, query);
  }

  @Get('overview')
  @Access('report.overview')
  async overview(@CurrentActor() actor: Actor, @Query() query: ReportQuery): Promise<ReportOverview | StreamableFile> {
    const report = await this.reports.report(actor, query);
    if (!('csv' in report)) return report;
    return new StreamableFile(Buffer.from(report.csv), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="${report.name}"`,
    });
  }
}
