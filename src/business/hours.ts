import type { BusinessHours } from '../contract/business.js';
import { addDays, instantsOf, localTime, minutesOf, weekdayOf } from '../time/zone.js';

type Span = Pick<BusinessHours['weekly'][number], 'from' | 'to'>;

/** A day for each weekday, and some for days that the clocks pass over. */
const LOOK_DAYS = 14;

const spansOf = ({ weekly, holidays }: BusinessHours, date: string): Span[] =>
  holidays.includes(date) ? [] : weekly.filter(({ day }) => day === weekdayOf(date)).sort((one, other) => (one.from < other.from ? -1 : 1));

/** By what the clocks on the wall show: an hour that they show twice is open twice, one that they pass over not at all. */
const isOpenAt = (hours: BusinessHours, at: number): boolean => {
  const { date, minutes } = localTime(hours.timeZone, at);
  return spansOf(hours, date).some(({ from, to }) => minutesOf(from) <= minutes && minutes < minutesOf(to));
};

/**
 * Whether a business is open, and if not when it opens next; null also where that is never. Without hours it is always open.
 * Looks day by day through the calendar of its time zone, so that changes of the clocks come right by themselves.
 */
export const openingAt = (hours: BusinessHours | null, at: number): { open: boolean; nextOpenAt: number | null } => {
  if (hours === null || isOpenAt(hours, at)) return { open: true, nextOpenAt: null };
  const open = new Set(hours.weekly.map(({ day }) => day));
  const { date: today } = localTime(hours.timeZone, at);
  // Were every holiday one of the days that it opens, it would still open in the week after the last of them.
  const most = open.size === 0 ? 0 : LOOK_DAYS + 7 * hours.holidays.length;
  for (let days = 0, date = today; days < most; days++, date = addDays(date, 1)) {
    for (const { from } of open.has(weekdayOf(date)) ? spansOf(hours, date) : []) {
      const next = instantsOf(hours.timeZone, date, minutesOf(from)).find((instant) => instant > at && isOpenAt(hours, instant));
      if (next !== undefined) return { open: false, nextOpenAt: next };
    }
  }
  return { open: false, nextOpenAt: null };
};

/** Whether no two spans of a day share a minute, and each ends after it begins. They may touch. */
export const isOrderly = (weekly: BusinessHours['weekly']): boolean => {
  const inOrder = [...weekly].sort((one, other) => one.day - other.day || (one.from < other.from ? -1 : 1));
  return inOrder.every(({ day, from, to }, index) => {
    const next = inOrder[index + 1];
    return from < to && (next?.day !== day || to <= next.from);
  });
};
