import { useCallback } from 'react';
import { useLocation, useNavigate } from 'react-router';
import type { Jump } from '../room/thread-scroll.js';

/** Goes to a room beside its list, whose filter stays, and there to what was looked for; null goes back to the list. */
export type Go = (roomId: string | null, jump?: Jump) => void;

export const usePlace = (base: string): Go => {
  const go = useNavigate();
  const { search } = useLocation();
  return useCallback(
    (roomId, jump) => void go(`${base}${roomId === null ? '' : `/rooms/${roomId}`}${search}`, { state: jump && { jump } }),
    [go, base, search],
  );
};

/** Where to go in the room that is shown. */
export const useJump = (): Jump | null => {
  const location = useLocation();
  const state = location.state as { jump?: Jump } | null;
  return state?.jump ?? null;
};
