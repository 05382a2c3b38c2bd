import type { WrittenEntry } from './message.js';
import type { Page } from './page.js';
import type { Room } from './room.js';
import type { CustomerUser } from './user.js';

/** What `GET /api/search` looks into. */
export const SEARCH_PLACES = ['messages', 'rooms', 'customers'] as const;
export type SearchPlace = (typeof SEARCH_PLACES)[number];

interface Hit {
  /** HTML: the text that was found, cut to what stands around the hits, with `<mark>` around each and everything else escaped. */
  highlight: string;
}

/** A message that was found in the room that was asked for. */
export interface MessageHit extends Hit {
  /** As it is now. */
  message: WrittenEntry;
}

/** A message that was found anywhere. */
export interface RoomMessageHit extends MessageHit {
  /** The room that it was said in. */
  room: Room;
}

/** A room that was found by its subject or its customer. */
export interface RoomHit extends Hit {
  room: Room;
}

/** A customer that was found by what names it. */
export interface CustomerHit extends Hit {
  customer: CustomerUser;
}

export type MessageHitPage = Page<MessageHit>;
/** What is in the items is what was searched. */
export type SearchPage = Page<RoomMessageHit> | Page<RoomHit> | Page<CustomerHit>;
