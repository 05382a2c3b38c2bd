import { stringify } from 'csv-stringify/sync';

export type CsvRow = Record<string, string | number | null>;

/** A table by RFC 4180. What a spreadsheet would take for a formula is quoted by `'`. */
export const toCsv = (rows: CsvRow[], columns: string[], header = true): string =>
  stringify(rows, {
    header,
    columns,
    record_delimiter: 'windows',
    escape_formulas: true,
    // The library looks for its own line ends alone.
    quoted_match: /[\r\n]/,
  });
