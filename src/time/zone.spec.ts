import { addDays, instantsOf, isDate, isTimeZone, localTime, offsetsOf, startOf, weekdayOf } from './zone.js';

const iso = (instants: number[]): string[] => instants.map((instant) => new Date(instant).toISOString().slice(0, 16));

describe('time zones', () => {
  it.each<[string, string, number, string[]]>([
    ['Europe/Berlin', '2026-01-15', 9 * 60, ['2026-01-15T08:00']],
    ['Europe/Berlin', '2026-07-15', 9 * 60, ['2026-07-15T07:00']],
    // Forward over 02:30, back over it.
    ['Europe/Berlin', '2026-03-29', 150, ['2026-03-29T01:00']],
    ['Europe/Berlin', '2026-03-29', 180, ['2026-03-29T01:00']],
    ['Europe/Berlin', '2026-10-25', 150, ['2026-10-25T00:30', '2026-10-25T01:30']],
    ['America/New_York', '2026-03-08', 150, ['2026-03-08T07:00']],
    ['America/New_York', '2026-11-01', 90, ['2026-11-01T05:30', '2026-11-01T06:30']],
    ['Asia/Kolkata', '2026-06-01', 9 * 60, ['2026-06-01T03:30']],
    ['Asia/Kathmandu', '2026-06-01', 0, ['2026-05-31T18:15']],
    ['Pacific/Apia', '2011-12-29', 600, ['2011-12-29T20:00']],
    // The day that Samoa left out.
    ['Pacific/Apia', '2011-12-30', 600, ['2011-12-30T10:00']],
    ['Pacific/Apia', '2011-12-31', 0, ['2011-12-30T10:00']],
    ['UTC', '2026-12-31', 1440, ['2027-01-01T00:00']],
  ])('%s %s +%i min', (zone, date, minutes, expected) => {
    expect(iso(instantsOf(zone, date, minutes))).toEqual(expected);
  });

  it('begins a day where the clocks are set forward at midnight, and lets one that was left out be empty', () => {
    expect(iso([startOf('Africa/Cairo', '2026-04-24')])).toEqual(['2026-04-23T22:00']);
    expect(localTime('Africa/Cairo', startOf('Africa/Cairo', '2026-04-24'))).toEqual({ date: '2026-04-24', minutes: 60 });
    expect(startOf('Pacific/Apia', '2011-12-30')).toBe(startOf('Pacific/Apia', '2011-12-31'));
    expect(localTime('Pacific/Apia', startOf('Pacific/Apia', '2011-12-30'))).toEqual({ date: '2011-12-31', minutes: 0 });
  });

  it('comes back to what it began with, through two years of every kind of change', () => {
    for (const zone of [
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
      'America/Santiago',
      'Asia/Kolkata',
    ]) {
      for (let instant = Date.UTC(2025, 5, 1); instant < Date.UTC(2027, 5, 1); instant += 37 * 15 * 60_000) {
        const { date, minutes } = localTime(zone, instant);
        expect([zone, instantsOf(zone, date, minutes).includes(instant), instant]).toEqual([zone, true, instant]);
      }
    }
  });

  it('says from when on the clocks are ahead by how much, and so what they show', () => {
    for (const zone of ['UTC', 'Europe/Berlin', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Pacific/Apia', 'Asia/Kathmandu']) {
      const [from, to] = [Date.UTC(2011, 5, 1, 7), Date.UTC(2013, 5, 1)];
      const offsets = offsetsOf(zone, from, to);
      expect([zone, offsets[0]?.begin]).toEqual([zone, from]);
      for (let instant = from; instant < to; instant += 37 * 15 * 60_000) {
        const { offset = 0 } = offsets.findLast(({ begin }) => begin <= instant) ?? {};
        const { date, minutes } = localTime(zone, instant);
        expect([zone, instant, instant + offset]).toEqual([zone, instant, Date.parse(date) + minutes * 60_000]);
      }
    }
    expect(offsetsOf('Europe/Berlin', Date.UTC(2026, 2, 1), Date.UTC(2026, 3, 1))).toEqual([
      { begin: Date.UTC(2026, 2, 1), offset: 3_600_000 },
      { begin: Date.UTC(2026, 2, 29, 1), offset: 7_200_000 },
    ]);
  });

  it('knows the names of zones, and nothing else', () => {
    const good = [
      'UTC',
      'Europe/Berlin',
      'Asia/Kolkata',
      'Asia/Calcutta',
      'America/Argentina/Buenos_Aires',
      'America/Port-au-Prince',
      'Etc/GMT+5',
    ];
    expect(good.filter((name) => !isTimeZone(name))).toEqual([]);
    const bad = [
      '',
      ' ',
      'Mars/Olympus',
      '+02:00',
      'Europe/Berlin ',
      "UTC'; DROP TABLE room",
      'UTC\u0000',
      'x'.repeat(10_000),
      null,
      1,
      ['UTC'],
      {},
    ];
    expect(bad.filter(isTimeZone)).toEqual([]);
  });

  it('counts days and weekdays by the calendar alone', () => {
    expect([addDays('2026-02-28', 1), addDays('2028-02-28', 1), addDays('2026-01-01', -1)]).toEqual([
      '2026-03-01',
      '2028-02-29',
      '2025-12-31',
    ]);
    expect(['2026-11-23', '2026-11-28', '2026-11-29'].map(weekdayOf)).toEqual([1, 6, 7]);
    expect(['2026-02-29', '2026-13-01', '275761-01-01', '0026-01-01', '2026-1-1', 20260101, null].filter(isDate)).toEqual([]);
    expect(isDate('2028-02-29')).toBe(true);
  });
});
