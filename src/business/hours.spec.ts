import type { BusinessHours } from '../contract/business.js';
import { isOrderly, openingAt } from './hours.js';

const WORKDAYS = [1, 2, 3, 4, 5].flatMap((day) => [
  { day, from: '09:00', to: '12:30' },
  { day, from: '13:30', to: '18:00' },
]);
const hoursIn = (timeZone: string, weekly = WORKDAYS, holidays: string[] = []): BusinessHours => ({ timeZone, weekly, holidays });

/** `open`, `never`, or when it opens next. */
const at = (hours: BusinessHours | null, time: string): string => {
  const { open, nextOpenAt } = openingAt(hours, Date.parse(time));
  if (open) return nextOpenAt === null ? 'open' : 'both';
  return nextOpenAt === null ? 'never' : new Date(nextOpenAt).toISOString().slice(0, 16);
};

describe('N13 business hours', () => {
  it('are always, when there are none, and never, when there is no span', () => {
    expect(at(null, '2026-11-28T03:00Z')).toBe('open');
    expect(at(hoursIn('UTC', []), '2026-11-28T03:00Z')).toBe('never');
  });

  it.each<[string, string, string]>([
    // A Friday in winter, one hour ahead of UTC.
    ['Europe/Berlin', '2026-11-27T07:59Z', '2026-11-27T08:00'],
    ['Europe/Berlin', '2026-11-27T08:00Z', 'open'],
    ['Europe/Berlin', '2026-11-27T11:29:59.999Z', 'open'],
    ['Europe/Berlin', '2026-11-27T11:30Z', '2026-11-27T12:30'],
    ['Europe/Berlin', '2026-11-27T17:00Z', '2026-11-30T08:00'],
    // Over the weekend on which the clocks are set back, and the one on which they are set forward.
    ['Europe/Berlin', '2026-10-23T16:00Z', '2026-10-26T08:00'],
    ['Europe/Berlin', '2026-03-27T17:00Z', '2026-03-30T07:00'],
    ['America/New_York', '2026-10-30T22:00Z', '2026-11-02T14:00'],
    ['America/New_York', '2026-03-06T23:00Z', '2026-03-09T13:00'],
    ['Asia/Kolkata', '2026-11-27T03:29Z', '2026-11-27T03:30'],
    ['Asia/Kolkata', '2026-11-27T12:30Z', '2026-11-30T03:30'],
    // Thursday evening; Samoa went from there to Saturday.
    ['Pacific/Apia', '2011-12-30T04:00Z', '2012-01-01T19:00'],
  ])('in %s at %s: %s', (zone, time, expected) => {
    expect(at(hoursIn(zone), time)).toBe(expected);
  });

  it('are open twice in an hour that the clocks show twice, and not in one that they pass over', () => {
    const night = hoursIn('Europe/Berlin', [{ day: 7, from: '02:00', to: '02:30' }]);
    expect(at(night, '2026-10-25T00:00Z')).toBe('open');
    expect(at(night, '2026-10-25T00:45Z')).toBe('2026-10-25T01:00');
    expect(at(night, '2026-10-25T01:15Z')).toBe('open');
    expect(at(night, '2026-10-25T01:30Z')).toBe('2026-11-01T01:00');
    expect(at(night, '2026-03-29T00:30Z')).toBe('2026-04-05T00:00');
    // Begins in the hour that is passed over, and ends behind it.
    const early = hoursIn('Europe/Berlin', [{ day: 7, from: '02:30', to: '04:00' }]);
    expect(at(early, '2026-03-29T00:30Z')).toBe('2026-03-29T01:00');
    expect(at(early, '2026-03-29T01:00Z')).toBe('open');
  });

  it('go through midnight in two spans, and to the end of a day with 24:00', () => {
    const late = hoursIn('Asia/Kolkata', [
      { day: 5, from: '18:00', to: '24:00' },
      { day: 6, from: '00:00', to: '02:00' },
    ]);
    expect(['18:29', '18:30', '20:29', '20:30'].map((time) => at(late, `2026-11-27T${time}Z`))).toEqual([
      ...['open', 'open', 'open'],
      '2026-12-04T12:30',
    ]);
    const always = hoursIn(
      'America/New_York',
      [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from: '00:00', to: '24:00' })),
    );
    for (let time = Date.parse('2026-10-31T00:00Z'); time < Date.parse('2026-11-03T00:00Z'); time += 900_000) {
      expect(openingAt(always, time).open).toBe(true);
    }
  });

  it('are closed on holidays, also on many of them, by the date of the place', () => {
    const holidays = ['2026-11-30', '2026-12-01', '2026-12-25'];
    expect(at(hoursIn('Europe/Berlin', WORKDAYS, holidays), '2026-11-27T17:00Z')).toBe('2026-12-02T08:00');
    expect(at(hoursIn('Pacific/Auckland', WORKDAYS, holidays), '2026-11-29T22:00Z')).toBe('2026-12-01T20:00');
    const mondays = Array.from({ length: 52 }, (_, week) => new Date(Date.UTC(2026, 10, 30 + 7 * week)).toISOString().slice(0, 10));
    expect(at(hoursIn('UTC', [{ day: 1, from: '09:00', to: '10:00' }], mondays), '2026-11-28T00:00Z')).toBe('2027-11-29T09:00');
  });

  it('take no span that overlaps another or ends before it begins', () => {
    const day = (...spans: [string, string][]): BusinessHours['weekly'] => spans.map(([from, to]) => ({ day: 1, from, to }));
    expect(isOrderly(WORKDAYS)).toBe(true);
    expect(isOrderly(day(['12:00', '13:00'], ['09:00', '12:00'], ['13:00', '24:00']))).toBe(true);
    expect(isOrderly([...day(['09:00', '12:00']), { day: 2, from: '09:00', to: '12:00' }])).toBe(true);
    for (const bad of [day(['09:00', '12:00'], ['11:59', '13:00']), day(['09:00', '09:00']), day(['22:00', '06:00'])]) {
      expect(isOrderly(bad)).toBe(false);
    }
  });

  it('cost little: every widget asks', () => {
    const hours = hoursIn(
      'Europe/Berlin',
      WORKDAYS,
      Array.from({ length: 200 }, (_, i) => `2027-01-${String((i % 28) + 1).padStart(2, '0')}`),
    );
    openingAt(hours, Date.now());
    const begin = process.cpuUsage();
    for (let time = 0; time < 500; time++) openingAt(hours, Date.parse('2026-11-27T17:00Z') + time * 3_600_000);
    const { user, system } = process.cpuUsage(begin);
    expect((user + system) / 500).toBeLessThan(1_000);
  });
});
