import { ParleyError, type Attachment, type ConnectionState, type PublicBusiness, type RoomSnapshot } from '@parley/client';
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
  /** Words that wait for the visitor's sign-in: the outbox does not have them yet. */
  held: readonly Held[];
  /** Why something that was asked for did not happen. */
  fault: Fault | null;
}

/** Before the server has said anything. */
export const NOTHING_YET: ChatState = {
  phase: 'loading',
  business: null,
  room: null,
  userId: null,
  connection: { status: 'closed' },
  files: [],
  held: [],
  fault: null,
};

export interface Held {
  words: string;
}

/** What is the matter, in words. */
export interface Fault {
  key: Key;
  /** When it passes, in milliseconds since the epoch. */
  until?: number;
}

/** Whether somebody may answer at once. */
export const isSomebodyThere = ({ availability: { open, agentsOnline } }: PublicBusiness): boolean => open && agentsOnline > 0;

/** Whether there is something to ask of a visitor before the chat, which the site has not said. */
export const asksFirst = ({ preChat }: PublicBusiness, visitor: Visitor): boolean =>
  preChat !== null && (preChat.consentText !== null || preChat.required.some((field) => visitor[field] === undefined));

const RETRY_MS = 3_000;

/** When something that the server could not do now is tried again, in milliseconds. */
export const retryMsOf = ({ retryAfterMs }: ParleyError): number => retryAfterMs ?? RETRY_MS;

/** What a failed call means for a visitor. @throws Whatever is no answer of the server. */
export const faultOf = (error: unknown): Fault => {
  if (!(error instanceof ParleyError)) throw error;
  if (error.code === 'rate.limited') return { key: 'tooMuch', until: Date.now() + retryMsOf(error) };
  if (error.code === 'link.expired' || error.code === 'link.not_found') return { key: 'linkExpired' };
  return { key: error.retryable ? 'unreachable' : 'refused' };
};
