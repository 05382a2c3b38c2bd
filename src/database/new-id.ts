import { randomUUID } from 'node:crypto';

const stampOf = (ms: number): string => {
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
};

/** What no id comes before, and none after. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000';
export const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The least id that was made at this time or later. */
export const firstIdAt = (ms: number): string => `${stampOf(ms)}-7000-8000-000000000000`;

let stamp = 0;
let prefix = '';
let count = 0;

/**
 * A new id, a UUID of version 7 (RFC 9562): the time in milliseconds, a counter within it, and the random bits of a UUID of version 4.
 * Each is greater than those before, so that an index of them grows at its end; not where a clock is put back, nor above 4,096 a millisecond.
 */
export const newId = (): string => {
  const now = Date.now();
  if (now !== stamp) {
    stamp = now;
    prefix = `${stampOf(now)}-7`;
    count = 0;
  }
  return prefix + (0x1000 + (count++ & 0xfff)).toString(16).slice(1) + randomUUID().slice(18);
};
