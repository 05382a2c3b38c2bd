import { MAX_REPORT_DAYS } from '../contract/report.js';
import { addDays, DAY_MS, instantsOf, isDate, localTime, offsetsOf, startOf } from '../time/zone.js';

/** What is reported on, in instants; `days` and `offsets` of the clocks begin at `begin`, the first ones at `from`. */
interface Range {
  from: number;
  to: number;
  days: { date: string; begin: number }[];
  offsets: { begin: number; offset: number }[];
}

/** Dates or times, as they were asked for. */
export interface Asked {
  from?: string;
  to?: string;
}

const DEFAULT_DAYS = 30;
/** Messages are counted by quarters of an hour, which all days of all time zones are made of. */
const QUARTER_MS = 900_000;

const instantOf = (zone: string, value: string): number => (isDate(value) ? startOf(zone, value) : Date.parse(value));

/**
 * The range that was asked for, in a time zone: a date is where that day begins, and a time counts to its quarter of an hour, `from`
 * down and `to` up. Without `to` it goes to the end of today, without `from` over 30 days. `fault` says what is wrong.
 */
export const rangeOf = (zone: string, asked: Asked, now: number): Range | { path: keyof Asked; fault: string } => {
  const to =
    asked.to === undefined
      ? startOf(zone, addDays(localTime(zone, now).date, 1))
      : Math.ceil(instantOf(zone, asked.to) / QUARTER_MS) * QUARTER_MS;
  const lastDate = localTime(zone, to - 1).date;
  const from =
    asked.from === undefined
      ? startOf(zone, addDays(lastDate, 1 - DEFAULT_DAYS))
      : Math.floor(instantOf(zone, asked.from) / QUARTER_MS) * QUARTER_MS;
  if (from >= to) return { path: 'from', fault: 'must be before `to`' };
  const { date: firstDate, minutes } = localTime(zone, from);
  if (to - from > (MAX_REPORT_DAYS + 1) * DAY_MS || to > Math.max(...instantsOf(zone, addDays(firstDate, MAX_REPORT_DAYS), minutes))) {
    return { path: 'from', fault: `must be at most ${MAX_REPORT_DAYS} days before \`to\`` };
  }
  const dates: string[] = [];
  for (let date = firstDate; date <= lastDate; date = addDays(date, 1)) dates.push(date);
  const days = dates
    // One that the zone has left out has no length.
    .filter((date) => startOf(zone, date) < startOf(zone, addDays(date, 1)))
    .map((date) => ({ date, begin: Math.max(from, startOf(zone, date)) }));
  return { from, to, days, offsets: offsetsOf(zone, from, to) };
};
