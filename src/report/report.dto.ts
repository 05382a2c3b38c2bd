import { IsIn, ValidateBy } from 'class-validator';
import { REPORT_ROWS, type ReportRows } from '../contract/report.js';
import { isDate } from '../time/zone.js';
import { IsDate, isTimeText, Optional } from '../validation/rules.js';

/** A date of the business's calendar, or a moment in UTC. */
const IsDateOrTime = (): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isDateOrTime',
      validator: {
        validate: (value) => isDate(value) || isTimeText(value),
        defaultMessage: () => 'must be a date such as 2026-11-20, or a time in UTC such as 2026-11-20T10:00:00.000Z',
      },
    },
    { context: { schema: { type: 'string', pattern: '^[12]\\d{3}-\\d\\d-\\d\\d(T\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?Z)?$' } } },
  );

export class AiUsageQuery {
  @Optional()
  @IsDate()
  from?: string;

  /** Exclusive. */
  @Optional()
  @IsDate()
  to?: string;
}

export class ReportQuery {
  @Optional()
  @IsDateOrTime()
  from?: string;

  /** Exclusive. */
  @Optional()
  @IsDateOrTime()
  to?: string;

  @Optional()
  @IsIn(['json', 'csv'], { message: 'must be json or csv' })
  format?: 'json' | 'csv';

  /** With `format=csv`. */
  @Optional()
  @IsIn(REPORT_ROWS, { message: `must be one of ${REPORT_ROWS.join(', ')}` })
  rows?: ReportRows;
}
