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

/** A new id, a UUID of version 7 (RFC 9562): the time in milliseconds, then the random bits of a UUID of version 4. */
export const newId = (): string => {
  const now = Date.now();
  if (now !== stamp) {
    stamp = now;
    prefix = `${stampOf(now)}-7`;
  }
  return prefix + randomUUID().slice(15);
};
