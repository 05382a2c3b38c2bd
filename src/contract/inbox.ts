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
  teamId?: string;
  customerId?: string;
}

/** What is asked of the list of rooms. */
export interface RoomQuery extends RoomFilter {
  sort?: RoomSort;
}
