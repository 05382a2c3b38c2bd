import { retryPauseMs } from './retry-pause.js';

describe('the pause before the next try', () => {
  it('grows from 5 s to 10 min', () => {
    expect([1, 2, 3, 4, 5, 6, 1000].map((tries) => retryPauseMs(tries, 0.5))).toEqual([
      5_000, 15_000, 45_000, 135_000, 405_000, 600_000, 600_000,
    ]);
  });

  it('is spread by half of it', () => {
    expect([retryPauseMs(2, 0), retryPauseMs(2, 1)]).toEqual([7_500, 22_500]);
    const drawn = Array.from({ length: 100 }, () => retryPauseMs(1));
    expect(Math.min(...drawn)).toBeLessThan(4_000);
    expect(Math.max(...drawn)).toBeGreaterThan(6_000);
  });

  it('gives a link of 30 minutes at least six tries', () => {
    for (const random of [0, 1]) {
      let [at, tries] = [0, 1];
      while (at + retryPauseMs(tries, random) < 30 * 60_000) at += retryPauseMs(tries++, random);
      expect(tries).toBeGreaterThanOrEqual(6);
    }
  });
});
