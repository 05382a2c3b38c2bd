import { useEffect } from 'react';
import type { Connection } from '@parley/client';

/** No more often is the server told. It takes a person for away of whom it hears nothing for ten minutes, on any device. */
const SAY_MS = 60_000;
const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'wheel'] as const;

/** Tells the server that somebody is there who opens the page, reads or waits, and says nothing else to it: no customer waits for nobody. */
export const useSignsOfLife = (connection: Connection): void =>
  useEffect(() => {
    let seen = Date.now();
    let said = 0;
    const say = (): void => {
      if (!connection.isOnline || seen - said < SAY_MS) return;
      said = seen;
      connection.try('presence.heartbeat', {});
    };
    const note = (): void => {
      seen = Date.now();
      say();
    };
    for (const sign of SIGNS) addEventListener(sign, note, { passive: true });
    const stop = connection.on('state', say);
    say();
    return () => {
      for (const sign of SIGNS) removeEventListener(sign, note);
      stop();
    };
  }, [connection]);
