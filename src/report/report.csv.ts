import type { ReportOverview, ReportRows } from '../contract/report.js';
import { toCsv, type CsvRow } from '../page/csv.js';

const rowsOf: Record<ReportRows, (report: ReportOverview) => CsvRow[]> = {
  day: ({ perDay }) => perDay.map((day) => ({ ...day })),
  hour: ({ perHour }) => perHour.map((hour) => ({ ...hour })),
  agent: ({ perAgent }) =>
    perAgent.map(({ agent, assigned, closed, messages, firstResponseMs, rating }) => ({
      agentId: agent.id,
      name: agent.name,
      assigned,
      closed,
      messages,
      firstResponseMedianMs: firstResponseMs.median,
      firstResponseP90Ms: firstResponseMs.p90,
      ratings: rating.count,
      ratingMean: rating.mean,
    })),
};

const COLUMNS: Record<ReportRows, string[]> = {
  day: ['date', 'opened', 'closed', 'messages'],
  hour: ['hour', 'opened', 'closed', 'messages'],
  agent: [
    ...['agentId', 'name', 'assigned', 'closed', 'messages'],
    ...['firstResponseMedianMs', 'firstResponseP90Ms', 'ratings', 'ratingMean'],
  ],
};

/** One table of a report. */
export const tableOf = (report: ReportOverview, rows: ReportRows): string => toCsv(rowsOf[rows](report), COLUMNS[rows]);
