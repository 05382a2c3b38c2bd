import { randomUUID } from 'node:crypto';

let stamp = 0;
let prefix = '';

/** A new id, a UUID of version 7 (RFC 9562): the time in milliseconds, then the random bits of a UUID of version 4. */
export const newId = (): string => {
  const now = Date.now();
  if (now !== stamp) {
    const hex = now.toString(16).padStart(12, '0');
    stamp = now;
    prefix = `${hex.slice(0, 8)}-${hex.slice(8)}-7`;
  }
  return prefix + randomUUID().slice(15);
};
