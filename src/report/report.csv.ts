import { stringify } from 'csv-stringify/sync';
import type { ReportOverview, ReportRows } from '../contract/report.js';

type Row = Record<string, string | number | null>;

const rowsOf: Record<ReportRows, (report: ReportOverview) => Row[]> = {
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

/** RFC 4180. A name that a spreadsheet would take for a formula is quoted by `'`. */
export const toCsv = (report: ReportOverview, rows: ReportRows): string =>
  stringify(rowsOf[rows](report), {
    header: true,
    columns: COLUMNS[rows],
    record_delimiter: 'windows',
    escape_formulas: true,
    // The library looks for its own line ends alone.
    quoted_match: /[\r\n]/,
  });
