import { useEffect, useRef } from 'react';
import type { PresenceStatus } from '../../src/contract/presence.js';

/** So long without a key or a movement in any tab of the console, and whoever is online counts as away. */
const AWAY_MS = 10 * 60_000;
const LOOK_MS = 15_000;
/** No more often is it noted that somebody is there. */
const NOTE_MS = 5_000;
/** No more often is the server told that somebody is there. It takes a person for away of whom it hears nothing for ten minutes, on any device. */
const SAY_MS = 60_000;
/** When somebody was there last, and whether this made it away; for all tabs. */
const ACTIVE = 'parley console active';
const IS_AUTO = 'parley console auto away';

/**
 * Sets whoever has gone from the keyboard away, so that no customer waits for nobody, and online again at the first key. `say` tells
 * the server that somebody is there who reads or waits, and says nothing else to it.
 */
export const useAutoAway = (status: PresenceStatus, set: (status: PresenceStatus) => void, say: () => void): void => {
  const now = useRef({ status, set, say });
  now.current = { status, set, say };
  useEffect(() => {
    let noted = 0;
    let said = 0;
    const look = (): void => {
      const isThere = Date.now() - Number(localStorage.getItem(ACTIVE)) < AWAY_MS;
      const isAuto = localStorage.getItem(IS_AUTO) !== null;
      if (!isThere && now.current.status === 'online') {
        localStorage.setItem(IS_AUTO, '1');
        now.current.set('away');
      } else if (isThere && isAuto) {
        localStorage.removeItem(IS_AUTO);
        if (now.current.status === 'away') now.current.set('online');
      }
    };
    const note = (): void => {
      if (Date.now() - noted < NOTE_MS) return;
      noted = Date.now();
      localStorage.setItem(ACTIVE, String(noted));
      if (noted - said >= SAY_MS) {
        said = noted;
        now.current.say();
      }
      look();
    };
    note();
    const timer = setInterval(look, LOOK_MS);
    const signs = ['pointermove', 'pointerdown', 'keydown', 'wheel'] as const;
    for (const sign of signs) addEventListener(sign, note, { passive: true });
    // Another tab was used.
    addEventListener('storage', look);
    return () => {
      clearInterval(timer);
      for (const sign of signs) removeEventListener(sign, note);
      removeEventListener('storage', look);
    };
  }, []);
};

/** What was chosen stays. */
export const forgetAutoAway = (): void => localStorage.removeItem(IS_AUTO);
