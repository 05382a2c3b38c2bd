import type { ErrorCode } from './error-code.js';
import type { Page } from './page.js';
import type { Room } from './room.js';
import type { Count, FreeObject, Id, Time } from './scalar.js';

/**
 * `newest`: where something happened last. `waiting`: who waits longest, since the room was opened or reopened. `priority`:
 * the most urgent, then who waits longest. Closed rooms do not wait and come after all others in the last two.
 */
export const ROOM_SORTS = ['newest', 'waiting', 'priority'] as const;
export type RoomSort = (typeof ROOM_SORTS)[number];

/** Which rooms. What is not named does not matter. */
export interface RoomFilter {
  /** One or more, with commas between them. */
  status?: string;
  /** One or more, with commas between them. */
  priority?: string;
  /** `me`, `none` or the id of an agent. */
  assignee?: string;
  /** By its name. */
  label?: string;
  teamId?: Id;
  customerId?: Id;
  /** In the subject or in what names the customer. */
  q?: string;
}

/** What is asked of the list of rooms. */
export interface RoomQuery extends RoomFilter {
  sort?: RoomSort;
  /** A saved view; what is named beside it counts instead of what the view says. */
  view?: Id;
}

/** How many saved views a person may have, and how many all staff together. */
export const MAX_VIEWS = 100;
/** Up to how many rooms a view counts. */
export const MAX_VIEW_COUNT = 100;

/** A list of rooms under a name. */
export interface SavedView {
  id: Id;
  name: string;
  filter: RoomFilter;
  sort: RoomSort;
  /** Whether all staff have it; else it is the reader's own. */
  shared: boolean;
  /** What the filter names and is gone. Then the list is empty. */
  missing: ('label' | 'teamId' | 'assignee' | 'customerId')[];
  /**
   * How many such rooms the reader reaches, up to 100.
   * @maximum 100
   */
  count: Count;
  createdAt: Time;
}

export type SavedViewPage = Page<SavedView>;

const UNCLOSED = 'open,pending,snoozed';
/** The lists that everybody has. */
export const STANDARD_VIEWS = {
  mine: { assignee: 'me', status: UNCLOSED },
  unassigned: { assignee: 'none', status: UNCLOSED },
  queue: { assignee: 'none', status: 'open' },
  all: { status: UNCLOSED },
} as const satisfies Record<string, RoomFilter>;

/** How many rooms the reader reaches in the lists that everybody has, each up to 100. */
export interface ViewCounts {
  /**
   * Assigned to the reader and not closed.
   * @maximum 100
   */
  mine: Count;
  /**
   * Assigned to nobody and not closed.
   * @maximum 100
   */
  unassigned: Count;
  /**
   * Assigned to nobody and open.
   * @maximum 100
   */
  queue: Count;
  /**
   * Not closed.
   * @maximum 100
   */
  all: Count;
}

export const BULK_ACTIONS = ['assign', 'label', 'unlabel', 'close'] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];

/** Why nothing was done to one of many rooms. */
export interface BulkError {
  code: ErrorCode;
  /** A sentence for people. */
  message: string;
  /** Whether the same may succeed later. */
  retryable: boolean;
  /** What a program may want to know; which fields, the code decides: most have none. */
  details?: FreeObject;
}

/** What became of one of many rooms. */
export interface BulkItem {
  roomId: Id;
  ok: boolean;
  /** How it is now; null when it was refused. */
  room: Room | null;
  error: BulkError | null;
}

/** What became of each room, in the order they were named. */
export interface BulkResult {
  items: BulkItem[];
}
