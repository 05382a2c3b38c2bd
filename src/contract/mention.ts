import type { WrittenEntry } from './message.js';
import type { Page } from './page.js';
import type { StaffRoom, StaffRoomState } from './room.js';

/** A message that names the reader, and the room it stands in. */
export interface Mention {
  message: WrittenEntry;
  room: StaffRoom;
}

export type MentionPage = Page<Mention>;

/** Somebody named the agent in a message. */
export interface MentionEvent {
  message: WrittenEntry;
  room: StaffRoomState;
}
