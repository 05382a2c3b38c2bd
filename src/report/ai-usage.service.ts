import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { AiUsage, AiUsageReport } from '../contract/assist.js';
import { invalid } from '../error/app-error.js';
import { addDays, DAY_MS } from '../time/zone.js';
import type { AiUsageQuery } from './report.dto.js';

const USUAL_DAYS = 30;
const MOST_DAYS = 400;

const USAGE = `
SELECT day::text AS date, replies, hand_overs AS "handOvers", late_replies AS "lateReplies", helps, tokens
  FROM assist_day WHERE business_id = $1 AND day >= $2 AND day < $3 ORDER BY day`;

const totalOf = (days: AiUsage[]): AiUsageReport['total'] => {
  const sum = (field: keyof AiUsageReport['total']): number => days.reduce((all, day) => all + day[field], 0);
  return {
    replies: sum('replies'),
    handOvers: sum('handOvers'),
    lateReplies: sum('lateReplies'),
    helps: sum('helps'),
    tokens: sum('tokens'),
  };
};

/** What the machine of a business used, by days in UTC, as its budgets count them. */
@Injectable()
export class AiUsageService {
  constructor(private readonly dataSource: DataSource) {}

  /** @throws AppError `validation.failed` for a range that ends before it begins, or is too long. */
  async report({ businessId }: Actor, asked: AiUsageQuery): Promise<AiUsageReport> {
    const to = asked.to ?? addDays(new Date().toISOString().slice(0, 10), 1);
    const from = asked.from ?? addDays(to, -USUAL_DAYS);
    if (from >= to) throw invalid('to', 'must be after `from`');
    if (Date.parse(to) - Date.parse(from) > MOST_DAYS * DAY_MS) throw invalid('from', `must be at most ${MOST_DAYS} days before \`to\``);
    const perDay = await this.dataSource.query<AiUsage[]>(USAGE, [businessId, from, to]);
    return { total: totalOf(perDay), perDay };
  }
}
