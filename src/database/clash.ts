import { setTimeout as sleep } from 'node:timers/promises';

/** PostgreSQL ended the transaction for the sake of another one; trying again is right. */
const CLASH = new Set(['40001', '40P01']);
const MOST_TRIES = 4;

/** Whether a transaction lost against another and may simply be tried again. */
export const isClash = (error: unknown): boolean => CLASH.has(String((error as { code?: unknown } | null)?.code));

/**
 * Does `work`, a transaction or a statement by itself, again when it lost against another, up to three times. The pause before
 * is longer and less even each time, so that the two do not meet again. @throws what the last try did.
 */
export const retried = async <T>(work: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isClash(error) || attempt === MOST_TRIES) throw error;
      await sleep(Math.random() * 10 * 2 ** attempt);
    }
  }
};
