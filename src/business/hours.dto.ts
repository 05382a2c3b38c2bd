import { IsInt, Matches, Max, Min, ValidateBy } from 'class-validator';
import { MAX_HOLIDAYS, MAX_OPEN_SPANS } from '../contract/business.js';
import { isTimeZone } from '../time/zone.js';
import { IsDate, IsList, IsListOf } from '../validation/rules.js';
import { isOrderly } from './hours.js';

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;
const CLOCK_TO_24 = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

class OpenSpanDto {
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1, Monday' })
  @Max(7, { message: 'must be at most 7, Sunday' })
  day: number;

  @Matches(CLOCK, { message: 'must be a time of day such as 09:00' })
  from: string;

  @Matches(CLOCK_TO_24, { message: 'must be a time of day such as 18:00, or 24:00' })
  to: string;
}

const IsZone = (): PropertyDecorator =>
  ValidateBy(
    { name: 'isZone', validator: { validate: isTimeZone, defaultMessage: () => 'must be a time zone such as Europe/Berlin' } },
    { context: { schema: { type: 'string', maxLength: 64 } } },
  );

/** Asked when each span is right by itself. */
const IsOrderly = (): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isOrderly',
      validator: {
        validate: (spans: unknown) => !isSpans(spans) || isOrderly(spans),
        defaultMessage: () =>
          'must be spans that end after they begin and do not overlap; one through midnight is two, to 24:00 and from 00:00',
      },
    },
    { context: { schema: {} } },
  );

const isSpans = (value: unknown): value is OpenSpanDto[] =>
  Array.isArray(value) && value.every((span: Partial<OpenSpanDto> | null) => typeof span?.from === 'string' && typeof span.to === 'string');

/** When the business is open. */
export class HoursDto {
  @IsZone()
  timeZone: string;

  @IsListOf(() => OpenSpanDto, MAX_OPEN_SPANS)
  @IsOrderly()
  weekly: OpenSpanDto[];

  @IsList(MAX_HOLIDAYS)
  @IsDate({ each: true })
  holidays: string[];
}
