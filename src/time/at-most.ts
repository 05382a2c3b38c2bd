import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for something, but not longer than so many milliseconds; what takes longer goes on by itself. Rejects as it does, until then. */
export const atMost = (ms: number, work: Promise<unknown> | undefined): Promise<unknown> =>
  Promise.race([work, sleep(ms, undefined, { ref: false })]);
