import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { Durations, RatingFigures, ReportOverview } from '../contract/report.js';
import type { PublicUser } from '../contract/user.js';
import { invalid } from '../error/app-error.js';
import { CountService } from './count.service.js';
import { rangeOf, type Asked } from './range.js';
import { tableOf } from './report.csv.js';
import type { ReportQuery } from './report.dto.js';
import { MESSAGE_FIGURES, MILESTONE_FIGURES, OPEN_ROOMS, RATING_FIGURES, STAFF, TIME_ZONE } from './report.statements.js';

const SECOND_MS = 1_000;
const DAY_HOURS = 24;

/** One table of a report. */
interface ReportTable {
  name: string;
  csv: string;
}

interface Figure {
  kind?: string;
  /** From 1. */
  day: number | null;
  /** From 0. */
  hour: number | null;
  agent: string | null;
  count: number;
  took?: number[] | null;
}

type Rated = RatingFigures & { isAll: boolean; agent: string | null };

const toDurations = (took: number[] | null | undefined): Durations => ({
  median: took?.[0] == null ? null : Math.round(took[0]),
  p90: took?.[1] == null ? null : Math.round(took[1]),
});

const toRating = (rated: RatingFigures | undefined): RatingFigures => ({
  count: rated?.count ?? 0,
  mean: rated?.mean == null ? null : Math.round(rated.mean * 100) / 100,
});

/** Tells how a business did. Every figure is defined in docs/reports.md. */
@Injectable()
export class ReportService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly counts: CountService,
  ) {}

  /** @throws AppError `validation.failed` for a range that ends before it begins or is too long, and for rows of what is no table. */
  async report(actor: Actor, { format = 'json', rows, ...asked }: ReportQuery): Promise<ReportOverview | ReportTable> {
    if (rows !== undefined && format !== 'csv') throw invalid('rows', 'is for `format=csv`');
    const overview = await this.overview(actor, asked);
    if (format === 'json') return overview;
    const by = rows ?? 'day';
    return { name: `report-by-${by}.csv`, csv: tableOf(overview, by) };
  }

  private async overview({ businessId }: Actor, asked: Asked): Promise<ReportOverview> {
    const [business] = await this.dataSource.query<{ zone: string | null }[]>(TIME_ZONE, [businessId]);
    const range = rangeOf(business?.zone ?? 'UTC', asked, Date.now());
    if ('fault' in range) throw invalid(range.path, range.fault);
    await this.counts.catchUp();
    const spread = [businessId, new Date(range.from), new Date(range.to)];
    const days = range.days.map(({ begin }) => new Date(begin));
    const clocks = [range.offsets.map(({ begin }) => new Date(begin)), range.offsets.map(({ offset }) => offset / SECOND_MS)];
    const [milestones, messages, ratings, [{ open } = { open: 0 }], staff] = await Promise.all([
      this.dataSource.query<Figure[]>(MILESTONE_FIGURES, [...spread, days, ...clocks]),
      this.dataSource.query<Figure[]>(MESSAGE_FIGURES, [...spread, days, ...clocks]),
      this.dataSource.query<Rated[]>(RATING_FIGURES, spread),
      this.dataSource.query<{ open: number }[]>(OPEN_ROOMS, [businessId]),
      this.dataSource.query<(PublicUser & { disabled: boolean })[]>(STAFF, [businessId]),
    ]);
    const tookOver = (kind: string): Durations => toDurations(milestones.find((one) => one.kind === kind)?.took);
    const at = (by: 'day' | 'hour', place: number): { opened: number; closed: number; messages: number } => {
      const count = (figures: Figure[], kind?: string): number => figures.find((one) => one[by] === place && one.kind === kind)?.count ?? 0;
      return { opened: count(milestones, 'opened'), closed: count(milestones, 'closed'), messages: count(messages) };
    };
    const perDay = range.days.map(({ date }, index) => ({ date, ...at('day', index + 1) }));
    const perHour = Array.from({ length: DAY_HOURS }, (_, hour) => ({ hour, ...at('hour', hour) }));
    const sum = (field: 'opened' | 'closed' | 'messages'): number => perDay.reduce((total, day) => total + day[field], 0);
    const perAgent = staff.flatMap(({ disabled, ...agent }) => {
      const did = [...milestones, ...messages].filter((one) => one.agent === agent.id);
      const rated = ratings.find((one) => !one.isAll && one.agent === agent.id);
      if (disabled && did.length === 0 && !rated) return [];
      const of = (kind?: string): Figure | undefined => did.find((one) => one.kind === kind);
      return {
        agent,
        assigned: of('assigned')?.count ?? 0,
        closed: of('closed')?.count ?? 0,
        messages: of()?.count ?? 0,
        firstResponseMs: toDurations(of('responded')?.took),
        rating: toRating(rated),
      };
    });
    return {
      rooms: { opened: sum('opened'), closed: sum('closed'), open },
      messages: sum('messages'),
      firstResponseMs: tookOver('all responded'),
      resolutionMs: tookOver('all closed'),
      waitMs: tookOver('all assigned'),
      rating: toRating(ratings.find(({ isAll }) => isAll)),
      perDay,
      perHour,
      perAgent,
    };
  }
}
