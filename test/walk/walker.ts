import type { Person, Tenant } from '../support/factories.js';
import { LiveReader } from './live-reader.js';

/** Somebody who takes part in the walk. */
export interface Walker {
  name: string;
  role: 'guest' | 'customer' | 'agent' | 'admin';
  isStaff: boolean;
  person: Person;
  shop: Shop;
  /** A word that only this person writes. */
  word: string;
  reader: LiveReader | undefined;
  state: 'active' | 'blocked' | 'disabled' | 'erased';
  /** Of staff: never changed, and nobody goes over it. Undefined for one that admins play with. */
  capacity: number | null | undefined;
}

/** A message that was acked, and what was sent. */
export interface Said {
  by: Walker;
  roomId: string;
  payload: Record<string, any>;
  id: string;
  seq: number;
}

/** A business and what is known of it: by what was answered, never by what was read. */
export interface Shop {
  tenant: Tenant;
  walkers: Walker[];
  /** By the id of the room, its customer. */
  rooms: Map<string, Walker>;
  teams: { id: string; name: string }[];
  labels: string[];
  said: Said[];
  /** What `message.mark` answered last, as `person room stream`. */
  marks: Map<string, { deliveredSeq: number; readSeq: number }>;
  /** Where somebody counts as unread from, by the same key. */
  unreadFrom: Map<string, number>;
  subjects: Map<string, string | null>;
  timeZone: string;
  /** Whether what activity lines name by its name was named anew since. */
  isRenamed: boolean;
  isAiPlayedWith: boolean;
}

export const keyOf = (walker: Walker, roomId: string, stream: string): string => `${walker.person.id} ${roomId} ${stream}`;

export const withReader = (walker: Walker): LiveReader => (walker.reader ??= new LiveReader(walker.name, walker.isStaff));
