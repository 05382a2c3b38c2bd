import type { Id, Time } from './scalar.js';

/** What somebody has begun to write in a room and stream; all null when nothing is kept. Only its author ever sees it. */
export interface Draft {
  body: string | null;
  replyTo: Id | null;
  updatedAt: Time | null;
}
