import type { OperationsOf } from './operation.js';
import { alex } from './examples.js';

/** Nobody writes at night. */
const perHour = Array.from({ length: 24 }, (_, hour) =>
  hour >= 9 && hour < 16
    ? { hour, opened: 2, closed: hour === 9 ? 0 : 2, messages: 25 }
    : { hour, opened: 0, closed: 0, messages: hour === 16 ? 5 : 0 },
);
const CSV = 'date,opened,closed,messages\r\n2026-11-20,14,12,180\r\n';

/** How a business does. */
export const REPORT_OPERATIONS: OperationsOf<'report'> = {
  'report.overview': {
    summary: 'Report on a time',
    description:
      'Rooms, messages, how long customers waited and what they thought, over all, by day, by hour of the day and by agent. Everything counts at the moment it happened, in days and hours of the time zone of the setting `hours`. What was just done on another server may be missing for some seconds. What each figure means is in docs/reports.md.',
    request: { from: '2026-11-20', to: '2026-11-21' },
    answer: 'ReportOverview',
    example: {
      rooms: { opened: 14, closed: 12, open: 5 },
      messages: 180,
      firstResponseMs: { median: 42_000, p90: 190_000 },
      resolutionMs: { median: 1_260_000, p90: 5_400_000 },
      waitMs: { median: 31_000, p90: 120_000 },
      rating: { count: 7, mean: 4.57 },
      perDay: [{ date: '2026-11-20', opened: 14, closed: 12, messages: 180 }],
      perHour,
      perAgent: [
        {
          agent: alex,
          assigned: 13,
          closed: 12,
          messages: 81,
          firstResponseMs: { median: 42_000, p90: 190_000 },
          rating: { count: 7, mean: 4.57 },
        },
      ],
    },
    otherwise: { 'text/csv': CSV },
  },
  'report.ai': {
    summary: 'Report on the AI',
    description:
      'What the machine answered, handed over and used, in all and on each day in UTC on which it did something. Without `from` it begins 30 days before `to`, without `to` it goes to today; `to` is exclusive.',
    request: { from: '2026-11-20', to: '2026-11-21' },
    answer: 'AiUsageReport',
    example: {
      total: { replies: 41, handOvers: 9, lateReplies: 1, helps: 12, tokens: 48_200 },
      perDay: [{ date: '2026-11-20', replies: 41, handOvers: 9, lateReplies: 1, helps: 12, tokens: 48_200 }],
    },
  },
};
