import type { RoomSort } from '../contract/inbox.js';
import { PRIORITIES, ROOM_STATUSES, type Priority, type RoomStatus } from '../contract/room.js';
import { decodeCursor } from '../validation/cursor.js';
import { isTime, isUuid } from '../validation/rules.js';
import { FIRST_ID, LAST_ID } from '../database/new-id.js';

/**
 * Rooms of one status, and where the sort asks for it of one priority: they stand side by side in an index, in the order of the
 * list. A page is the first of each run, put together. `rank` says which runs come before others, whatever their times.
 */
interface Run {
  status: RoomStatus;
  /** Null for all. */
  priority: Priority | null;
  rank: number;
  /** What the page before ended with, or the end of everything. */
  at: string;
  id: string;
}

/** A room, and where it stands in the order. */
export interface Placed {
  id: string;
  at: Date;
  rank: number;
}

const BEFORE_ALL = { at: '-infinity', id: FIRST_ID };
const AFTER_ALL = { at: 'infinity', id: LAST_ID };

/** Urgent first. */
const BY_URGENCY = [...PRIORITIES].reverse();

const rankOf = (sort: RoomSort, status: RoomStatus, priority: Priority): number => {
  if (sort === 'newest') return 0;
  const closed = status === 'closed' ? BY_URGENCY.length : 0;
  return closed + (sort === 'priority' ? BY_URGENCY.indexOf(priority) : 0);
};

const isRank = (value: string): boolean => /^[0-7]$/.test(value);

/** The runs that a page of this order is made of. @throws AppError `validation.failed` for a cursor of another order. */
export const runsOf = (
  sort: RoomSort,
  statuses: readonly RoomStatus[] = ROOM_STATUSES,
  priorities: readonly Priority[] | undefined,
  cursor: string | undefined,
): Run[] => {
  const isNewest = sort === 'newest';
  const [, rank, at, id] = cursor === undefined ? [] : decodeCursor(cursor, [(name) => name === sort, isRank, isTime, isUuid]);
  const runs = statuses.flatMap((status) =>
    (priorities ?? (isNewest ? [null] : PRIORITIES)).map((priority): Run => {
      const place = { status, priority, rank: rankOf(sort, status, priority ?? 'normal') };
      if (rank === undefined || at === undefined || id === undefined) return { ...place, ...(isNewest ? AFTER_ALL : BEFORE_ALL) };
      return { ...place, ...(place.rank > Number(rank) ? BEFORE_ALL : { at, id }) };
    }),
  );
  return rank === undefined ? runs : runs.filter((run) => run.rank >= Number(rank));
};

/** What the cursor behind a room is made of. */
export const cursorOf =
  (sort: RoomSort) =>
  ({ id, at, rank }: Placed): string[] => [sort, String(rank), at.toISOString(), id];
