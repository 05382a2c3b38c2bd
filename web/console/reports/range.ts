import { MAX_REPORT_DAYS } from '../../../src/contract/report.js';

const DAY_MS = 86_400_000;
/** The API counts times to their quarter of an hour. */
const QUARTER_MS = 900_000;

/** Days of the calendar, the last one included. */
export interface Range {
  from: string;
  to: string;
}

/** What the API is asked for; its end is exclusive. */
export interface Asked {
  from: string;
  to: string;
}

/** Ranges that end today, by their days. */
export const PRESETS = [1, 7, 30, 90] as const;
const USUAL_DAYS = 30;

const addDays = (date: string, days: number): string => new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);

const daysOf = ({ from, to }: Range): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;

/** The date that the clocks of a time zone show. */
export const todayIn = (timeZone: string, now: number): string => {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(now);
  const shown = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${shown.year}-${shown.month}-${shown.day}`;
};

export const lastDays = (days: number, today: string): Range => ({ from: addDays(today, 1 - days), to: today });

const isDate = (text: string | null): text is string =>
  text !== null && /^[12]\d{3}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && addDays(text, 0) === text;

/** Why there is no report on these days; undefined where there is one. */
export const faultOf = (from: string, to: string): 'noDate' | 'backwards' | 'tooLong' | undefined => {
  if (!isDate(from) || !isDate(to)) return 'noDate';
  if (from > to) return 'backwards';
  return daysOf({ from, to }) > MAX_REPORT_DAYS ? 'tooLong' : undefined;
};

/** The range that an address names, `days` or `from` and `to`; without a good one the usual one. */
export const readRange = (address: URLSearchParams, today: string): Range => {
  const [from, to, days] = [address.get('from') ?? '', address.get('to') ?? '', Number(address.get('days'))];
  if (faultOf(from, to) === undefined) return { from, to };
  return lastDays(PRESETS.find((one) => one === days) ?? USUAL_DAYS, today);
};

export const askedFor = ({ from, to }: Range): Asked => ({ from, to: addDays(to, 1) });

/** The same number of days before; where today is among the days, up to the same time of its last day. */
export const askedBefore = (range: Range, today: string, now: number): Asked => {
  const days = daysOf(range);
  const isSoFar = range.to === today;
  const end = new Date(Math.floor(now / QUARTER_MS) * QUARTER_MS - days * DAY_MS);
  return { from: addDays(range.from, -days), to: isSoFar ? end.toISOString() : range.from };
};
