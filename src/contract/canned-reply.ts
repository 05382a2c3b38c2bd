import type { Page } from './page.js';
import type { Id, Time } from './scalar.js';

/** The longest shortcut, of letters, digits, `-` and `_`. */
export const MAX_SHORTCUT = 50;

/** What the body of a canned reply may ask for. */
export const REPLY_VARIABLES = ['customer.name', 'customer.email', 'agent.name', 'business.name', 'room.subject'] as const;
export type ReplyVariable = (typeof REPLY_VARIABLES)[number];

/** A text that staff write again and again. */
export interface CannedReply {
  id: Id;
  /** In lower case, unique in the business. */
  shortcut: string;
  /** With variables as they were written. */
  body: string;
  createdAt: Time;
  updatedAt: Time;
}

export type CannedReplyPage = Page<CannedReply>;

/** A canned reply, filled in for a room and whoever answers there. */
export interface RenderedReply {
  /** Ready to be sent. */
  body: string;
}
