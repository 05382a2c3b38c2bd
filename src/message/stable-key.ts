import { createHash } from 'node:crypto';

/** The key of a message that is sent for an occasion: the same on any server and at any time, so that it is stored once. */
export const stableKey = (...occasion: (string | number)[]): string => {
  const hex = createHash('sha256').update(occasion.join(' ')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
