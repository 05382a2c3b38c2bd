import type { Attachment, ConnectionState, PublicBusiness, RoomSnapshot } from '@parley/client';
import type { Key } from './strings.js';

/** What a site says about its visitor. */
export interface Visitor {
  name?: string;
  email?: string;
  attributes?: Record<string, unknown>;
  /** The page, and whatever else the site tells. */
  context?: Record<string, unknown>;
  identity?: { externalId: string; signature: string };
}

/** A file on its way into the room, or ready to be sent. */
export interface FileOnItsWay {
  key: number;
  name: string;
  share: number;
  attachment: Attachment | null;
  fault: Key | null;
  cancel(): void;
}

export interface ChatState {
  /** What there is to show. */
  phase: 'loading' | 'unknown' | 'unreachable' | 'intro' | 'chat' | 'refused';
  business: PublicBusiness | null;
  room: RoomSnapshot | null;
  userId: string | null;
  connection: ConnectionState;
  files: readonly FileOnItsWay[];
  /** Why something that was asked for did not happen. */
  fault: Fault | null;
}

/** What is the matter, in words. */
export interface Fault {
  key: Key;
  /** When it passes, in milliseconds since the epoch. */
  until?: number;
}

/** Whether somebody may answer at once. */
export const isSomebodyThere = ({ availability: { open, agentsOnline } }: PublicBusiness): boolean => open && agentsOnline > 0;
