import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { AiUsageReport } from '../contract/assist.js';
import type { ReportOverview } from '../contract/report.js';
import { invalid } from '../error/app-error.js';
import { toCsv } from './report.csv.js';
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
  async overview(
    @CurrentActor() actor: Actor,
    @Query() { format = 'json', rows, ...asked }: ReportQuery,
  ): Promise<ReportOverview | StreamableFile> {
    if (rows !== undefined && format !== 'csv') throw invalid('rows', 'is for `format=csv`');
    const report = await this.reports.overview(actor, asked);
    if (format === 'json') return report;
    const by = rows ?? 'day';
    return new StreamableFile(Buffer.from(toCsv(report, by)), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="report-by-${by}.csv"`,
    });
  }
}
