import { useEffect } from 'react';
import type { Connection } from '@parley/client';

/** No more often is the server told. It takes a person for away of whom it hears nothing for ten minutes, on any device. */
const SAY_MS = 60_000;
const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'wheel'] as const;

/** Tells the server that somebody is there who opens the page, reads or waits, and says nothing else to it: no customer waits for nobody. */
export const useSignsOfLife = (connection: Connection): void =>
  useEffect(() => {
    let seen = Date.now();
    /** The last sign of which the server has heard. */
    let told = 0;
    let isTelling = false;
    const say = async (): Promise<void> => {
      // What was done long ago and could not be said then is no sign any more.
      if (isTelling || !connection.isOnline || seen - told < SAY_MS || Date.now() - seen >= SAY_MS) return;
      const sign = seen;
      isTelling = true;
      try {
        await connection.call('presence.heartbeat', {});
        told = sign;
      } catch {
        // It is said when the connection is back.
      }
      isTelling = false;
    };
    const note = (): void => {
      seen = Date.now();
      void say();
    };
    for (const sign of SIGNS) addEventListener(sign, note, { passive: true });
    const stop = connection.on('state', () => void say());
    void say();
    return () => {
      for (const sign of SIGNS) removeEventListener(sign, note);
      stop();
    };
  }, [connection]);
