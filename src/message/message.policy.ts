import type { Actor } from '../access/actor.js';
import { WRITTEN_KINDS, type MessageKind } from '../contract/message.js';
import type { Entry } from '../stream/entry.entity.js';

type EntryFacts = Pick<Entry, 'senderId' | 'kind' | 'createdAt'>;

/** Written by somebody: no activity line, edit or deletion. */
export const isWritten = (kind: MessageKind): boolean => (WRITTEN_KINDS as readonly MessageKind[]).includes(kind);

/** Only its author changes a message; activity lines, edits and deletions are nobody's to change. */
export const canEdit = (actor: Actor, { senderId, kind }: EntryFacts): boolean => isWritten(kind) && senderId === actor.id;

/** An admin may delete what others wrote. */
export const canDelete = (actor: Actor, { senderId, kind }: EntryFacts): boolean =>
  isWritten(kind) && (senderId === actor.id || actor.role === 'admin');

/** Whether the author's time for changes is over; an admin who takes somebody's message down has no such time. */
export const isWindowOver = (actor: Actor, { senderId, createdAt }: EntryFacts, windowSeconds: number, now: number): boolean =>
  senderId === actor.id && now > createdAt.getTime() + windowSeconds * 1000;
