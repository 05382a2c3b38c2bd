/**
 * Dates and times of day in the time zones of the IANA database, by `Intl` alone, which carries that database. A date is
 * `YYYY-MM-DD`, a time of day is minutes after midnight, an instant is milliseconds since 1970 in UTC.
 */

export const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Names alone: an offset such as `+02:00`, which newer versions of Intl take too, knows no summer time. */
const ZONE_NAME = /^[A-Za-z]\w*([/+-]\w+)*$/;

/** Making one is dear, and using it cheap. There are only so many zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (zone: string): Intl.DateTimeFormat => {
  const key = zone.toLowerCase();
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    ...({ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const),
  });
  formats.set(key, made);
  return made;
};

export const isTimeZone = (value: unknown): value is string => {
  if (typeof value !== 'string' || value.length > 64 || !ZONE_NAME.test(value)) return false;
  try {
    formatOf(value);
    return true;
  } catch {
    return false;
  }
};

/** What the clocks of a zone show, as if they stood in UTC. */
const shownAt = (zone: string, instant: number): number => {
  const shown: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(instant)) shown[type] = Number(value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second);
};

/** How far the clocks of a zone are ahead of UTC. */
const offsetAt = (zone: string, instant: number): number => {
  const second = Math.floor(instant / 1000) * 1000;
  return shownAt(zone, second) - second;
};

const dateOf = (shown: number): string => new Date(shown).toISOString().slice(0, 10);

/** The date and the time of day that the clocks of a zone show. */
export const localTime = (zone: string, instant: number): { date: string; minutes: number } => {
  const shown = shownAt(zone, instant);
  return { date: dateOf(shown), minutes: Math.floor((shown % DAY_MS) / MINUTE_MS) };
};

/** The first instant after `before`, up to `after`, at which the clocks have the offset of `after`. */
const changeBetween = (zone: string, before: number, after: number): number => {
  const offset = offsetAt(zone, after);
  let [low, high] = [before, after];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, middle) === offset) high = middle;
    else low = middle;
  }
  return high;
};

/**
 * The instants at which the clocks of a zone show a date and time: one, or two where they are set back over it. Where they
 * are set forward over it they never show it, and the one instant is that at which they are set.
 */
export const instantsOf = (zone: string, date: string, minutes = 0): number[] => {
  const shown = Date.parse(date) + minutes * MINUTE_MS;
  const [before, after] = [offsetAt(zone, shown - DAY_MS), offsetAt(zone, shown + DAY_MS)];
  const [later, earlier] = [shown - Math.min(before, after), shown - Math.max(before, after)];
  const found = [...new Set([earlier, later])].filter((instant) => offsetAt(zone, instant) === shown - instant);
  return found.length > 0 ? found : [changeBetween(zone, earlier, later)];
};

/** How far the clocks of a zone are ahead of UTC: from which instant on, from the one asked for, and by how much. Clocks change once a day at most. */
export const offsetsOf = (zone: string, from: number, to: number): { begin: number; offset: number }[] => {
  const offsets = [{ begin: from, offset: offsetAt(zone, from) }];
  for (let before = from; before < to; before += DAY_MS) {
    const after = Math.min(before + DAY_MS, to);
    const offset = offsetAt(zone, after);
    if (offset !== offsets.at(-1)?.offset) offsets.push({ begin: changeBetween(zone, before, after), offset });
  }
  return offsets;
};

/** The first instant of a date. A date that a zone has left out begins, and ends, where the next one begins. */
export const startOf = (zone: string, date: string): number => instantsOf(zone, date)[0] as number;

export const addDays = (date: string, days: number): string => dateOf(Date.parse(date) + days * DAY_MS);

/** 1 is Monday, 7 is Sunday. */
export const weekdayOf = (date: string): number => new Date(date).getUTCDay() || 7;

/** `HH:MM` as minutes after midnight. */
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** Whether a time in UTC, in ISO 8601, is one of the calendar: of 30 February `Date` makes one in March, and PostgreSQL an error. */
export const isMoment = (text: string): boolean => {
  const at = Date.parse(text);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text.slice(0, 'yyyy-mm-ddThh:mm:ss'.length));
};

/** A date of the calendar, in the years that people mean. */
export const isDate = (value: unknown): value is string =>
  typeof value === 'string' &&
  /^[12]\d{3}-\d\d-\d\d$/.test(value) &&
  !Number.isNaN(Date.parse(value)) &&
  dateOf(Date.parse(value)) === value;
