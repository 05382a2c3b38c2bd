import type { RoomStatus } from '../contract/room.js';
import { invalid } from '../error/app-error.js';
import { DAY_MS } from '../time/zone.js';

const LONGEST_SLEEP_MS = 366 * DAY_MS;

interface SleepPatch {
  status?: RoomStatus;
  snoozedUntil?: string | null;
}

interface Sleeper {
  status: RoomStatus;
  snoozedUntil: Date | null;
}

/** Refuses what is wrong whatever the room is like. @throws AppError `validation.failed`. */
export const requireSleep = ({ status, snoozedUntil }: SleepPatch, now: number): void => {
  if (snoozedUntil === undefined) return;
  const isToSleep = status === undefined ? snoozedUntil !== null : status === 'snoozed';
  if (isToSleep !== (snoozedUntil !== null))
    throw invalid('snoozedUntil', 'must be a time when the room is to sleep, and else be null or left out');
  if (snoozedUntil === null) return;
  const wait = Date.parse(snoozedUntil) - now;
  if (!(wait > 0 && wait <= LONGEST_SLEEP_MS)) throw invalid('snoozedUntil', 'must be a time within the next 366 days');
};

/**
 * What a patch makes of a room's status and of when it wakes; null where it names neither. A time alone is a wish to sleep, and
 * null alone to wake. @throws AppError `validation.failed` when it is to sleep and nobody says until when.
 */
export const sleepAfter = (room: Sleeper, { status, snoozedUntil }: SleepPatch): Sleeper | null => {
  const isSleeping = room.status === 'snoozed';
  if (status === 'snoozed' || (status === undefined && snoozedUntil)) {
    const until = snoozedUntil ? new Date(snoozedUntil) : isSleeping ? room.snoozedUntil : null;
    if (until === null) throw invalid('snoozedUntil', 'must be given for a room that is to sleep');
    return { status: 'snoozed', snoozedUntil: until };
  }
  if (status !== undefined) return { status, snoozedUntil: null };
  return snoozedUntil === null && isSleeping ? { status: 'open', snoozedUntil: null } : null;
};
