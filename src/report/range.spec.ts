import { rangeOf, type Asked } from './range.js';

const NOW = Date.parse('2026-11-28T22:30:00Z');

const shown = (zone: string, asked: Asked): unknown => {
  const range = rangeOf(zone, asked, NOW);
  if ('fault' in range) return range.fault;
  const { from, to, days } = range;
  const iso = (at: number): string => new Date(at).toISOString().slice(0, 16);
  return [iso(from), iso(to), days.length, days[0]?.date, days.at(-1)?.date];
};

describe('the range of a report', () => {
  it.each<[string, Asked, unknown]>([
    ['UTC', { from: '2026-11-01', to: '2026-11-02' }, ['2026-11-01T00:00', '2026-11-02T00:00', 1, '2026-11-01', '2026-11-01']],
    // A day of 25 hours, and one of 23.
    ['Europe/Berlin', { from: '2026-10-25', to: '2026-10-26' }, ['2026-10-24T22:00', '2026-10-25T23:00', 1, '2026-10-25', '2026-10-25']],
    ['America/New_York', { from: '2026-03-08', to: '2026-03-09' }, ['2026-03-08T05:00', '2026-03-09T04:00', 1, '2026-03-08', '2026-03-08']],
    ['Asia/Kathmandu', { from: '2026-11-01', to: '2026-11-03' }, ['2026-10-31T18:15', '2026-11-02T18:15', 2, '2026-11-01', '2026-11-02']],
    ['Pacific/Apia', { from: '2011-12-29', to: '2012-01-01' }, ['2011-12-29T10:00', '2011-12-31T10:00', 2, '2011-12-29', '2011-12-31']],
    // Times: to the quarter of an hour, and days that are cut.
    [
      'UTC',
      { from: '2026-11-01T10:07:03Z', to: '2026-11-02T10:01:00.000Z' },
      ['2026-11-01T10:00', '2026-11-02T10:15', 2, '2026-11-01', '2026-11-02'],
    ],
    // Thirty days with today, which has begun in Kolkata already.
    ['UTC', {}, ['2026-10-30T00:00', '2026-11-29T00:00', 30, '2026-10-30', '2026-11-28']],
    ['Asia/Kolkata', {}, ['2026-10-30T18:30', '2026-11-29T18:30', 30, '2026-10-31', '2026-11-29']],
    ['UTC', { to: '2026-11-11' }, ['2026-10-12T00:00', '2026-11-11T00:00', 30, '2026-10-12', '2026-11-10']],
    ['UTC', { from: '2026-11-28' }, ['2026-11-28T00:00', '2026-11-29T00:00', 1, '2026-11-28', '2026-11-28']],
    ['UTC', { from: '2025-11-28', to: '2026-11-29' }, ['2025-11-28T00:00', '2026-11-29T00:00', 366, '2025-11-28', '2026-11-28']],
    ['Europe/Berlin', { from: '2025-10-20', to: '2026-10-21' }, ['2025-10-19T22:00', '2026-10-20T22:00', 366, '2025-10-20', '2026-10-20']],
    ['UTC', { from: '2025-11-28', to: '2026-11-30' }, 'must be at most 366 days before `to`'],
    ['UTC', { from: '1000-01-01', to: '2999-12-31' }, 'must be at most 366 days before `to`'],
    ['UTC', { from: '2026-11-02', to: '2026-11-02' }, 'must be before `to`'],
    ['UTC', { from: '2026-11-29' }, 'must be before `to`'],
  ])('%s %j', (zone, asked, expected) => {
    expect(shown(zone, asked)).toEqual(expected);
  });

  it('has days that follow on each other without a gap', () => {
    const range = rangeOf('America/New_York', { from: '2026-01-01', to: '2027-01-01' }, NOW);
    if ('fault' in range) throw new Error(range.fault);
    const hours = range.days.map(({ begin }, index) => ((range.days[index + 1]?.begin ?? range.to) - begin) / 3_600_000);
    expect([range.days.length, hours.filter((one) => one === 24).length, Math.min(...hours), Math.max(...hours)]).toEqual([
      365, 363, 23, 25,
    ]);
  });
});
