import type { Ack } from './ack.js';
import type { History, Message, Position, Stream } from './message.js';
import type { Page } from './page.js';
import type { Presence, PresenceStatus } from './presence.js';
import type { Catchup } from './message.js';
import type { Joined, MarkedEvent, MarkPosition, MemberEvent, Priority, Room, RoomStatus, TypingEvent } from './room.js';
import type { SessionEndReason } from './session.js';
import type { User } from './user.js';

type Command<Payload, Result> = (payload: Payload, ack: (answer: Ack<Result>) => void) => void;

/** Text of a message as its writer sends it. */
export interface MessageDraft {
  clientMessageId: string;
  body?: string;
  stream?: Stream;
  attachmentIds?: string[];
  replyTo?: string;
  mentions?: string[];
}

/** What a client may say: one plain object each, and one ack. */
export interface ClientToServerEvents {
  'room.open': Command<{ subject?: string; context?: Record<string, unknown>; customerId?: string }, Room>;
  'room.join': Command<{ roomId: string; after?: Position; limit?: number }, Joined>;
  'room.leave': Command<{ roomId: string }, Record<string, never>>;
  'room.sync': Command<{ roomId: string; after: Position; limit?: number }, Catchup>;
  'room.list': Command<{ status?: RoomStatus; assignee?: string; limit?: number; cursor?: string }, Page<Room>>;
  'room.get': Command<{ roomId: string }, Room>;
  'room.update': Command<{ roomId: string; subject?: string | null; priority?: Priority; status?: RoomStatus }, Room>;
  'room.claim': Command<{ roomId: string }, Room>;
  'room.assign': Command<{ roomId: string; agentId: string | null; force?: boolean }, Room>;
  'room.close': Command<{ roomId: string }, Room>;
  'room.end': Command<{ roomId: string }, Room>;
  'room.reopen': Command<{ roomId: string }, Room>;
  'message.send': Command<MessageDraft & { roomId?: string }, Message>;
  'message.edit': Command<{ roomId: string; messageId: string; body: string }, Message>;
  'message.delete': Command<{ roomId: string; messageId: string }, Message>;
  'message.list': Command<{ roomId: string; stream?: Stream; before?: number; after?: number; limit?: number }, History>;
  'message.mark': Command<{ roomId: string; stream?: Stream; delivered?: number; read?: number }, MarkPosition>;
  'typing.start': Command<{ roomId: string; stream?: Stream }, Record<string, never>>;
  'typing.stop': Command<{ roomId: string; stream?: Stream }, Record<string, never>>;
  'presence.set': Command<{ status: PresenceStatus }, Presence>;
  'presence.list': Command<Record<string, never>, { items: User[] }>;
  'presence.heartbeat': Command<Record<string, never>, Presence>;
  'auth.refresh': Command<{ token: string }, { expiresAt: string }>;
}

/** What the server tells. */
export interface ServerToClientEvents {
  'message.created': (message: Message) => void;
  'message.updated': (message: Message) => void;
  'room.created': (room: Room) => void;
  'room.updated': (room: Room) => void;
  'room.marked': (mark: MarkedEvent) => void;
  'room.member_joined': (member: MemberEvent) => void;
  'room.member_left': (member: MemberEvent) => void;
  'typing.started': (typing: TypingEvent) => void;
  'typing.stopped': (typing: TypingEvent) => void;
  'presence.changed': (presence: Presence) => void;
  'auth.expiring': (expiry: { expiresAt: string }) => void;
  'server.draining': (drain: { retryAfterMs: number }) => void;
  'session.ended': (end: { reason: SessionEndReason }) => void;
}

export type SocketCommand = keyof ClientToServerEvents;
