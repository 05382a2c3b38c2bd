import { newId } from './new-id.js';

const timeOf = (id: string): number => parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

describe('newId', () => {
  afterEach(() => jest.restoreAllMocks());

  it('is a UUID of version 7 and of the variant of RFC 9562', () => {
    for (let n = 0; n < 1_000; n++) expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('begins with the time in milliseconds', () => {
    const before = Date.now();
    const time = timeOf(newId());
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now());
  });

  it('follows the clock, and pads a time of few digits', () => {
    const clock = jest.spyOn(Date, 'now');
    for (const time of [0x0198_7654_3210, 0x0198_7654_3211, 0xabc]) {
      clock.mockReturnValue(time);
      expect([timeOf(newId()), timeOf(newId())]).toEqual([time, time]);
    }
    expect(newId()).toMatch(/^00000000-0abc-7/);
  });

  it('is never given twice, in one millisecond either', () => {
    jest.spyOn(Date, 'now').mockReturnValue(1_763_600_000_000);
    expect(new Set(Array.from({ length: 10_000 }, newId)).size).toBe(10_000);
  });

  it('is greater than the one before', () => {
    const ids = Array.from({ length: 4_000 }, newId);
    expect(ids).toEqual([...ids].sort());
  });

  it('takes 62 bits by chance: each of them is seen both set and not', () => {
    let ever = 0n;
    let always = (1n << 62n) - 1n;
    for (let n = 0; n < 500; n++) {
      const random = BigInt(`0x${newId().replaceAll('-', '').slice(16)}`) & ((1n << 62n) - 1n);
      ever |= random;
      always &= random;
    }
    expect([ever, always]).toEqual([(1n << 62n) - 1n, 0n]);
  });
});
