import type { Ack } from './ack.js';
import type { DeltaEvent } from './assist.js';
import type { AgentScope } from './business.js';
import type { RoomQuery } from './inbox.js';
import type { MentionEvent } from './mention.js';
import type { History, Message, Position, Stream } from './message.js';
import type { Presence, PresenceStatus } from './presence.js';
import type { Catchup } from './message.js';
import type {
  Joined,
  MarkedEvent,
  MarkPosition,
  MemberEvent,
  Priority,
  QueueEvent,
  RemovedEvent,
  Room,
  RoomOverridesPatch,
  RoomPage,
  RoomState,
  StaffRoomState,
  RoomStatus,
  TypingEvent,
  Viewers,
} from './room.js';
import type { Count, Id, Time } from './scalar.js';
import type { Renewed, SessionEndReason } from './session.js';
import type { OnlineUsers } from './user.js';

type Command<Payload, Result> = (payload: Payload, ack: (answer: Ack<Result>) => void) => void;

/** Nothing: the command was done. */
export type Empty = Record<string, never>;

/** The access token of this socket ends soon. */
export interface ExpiringEvent {
  /** When it ends; the socket is cut 30 s later. */
  expiresAt: Time;
}

/** The server is about to stop. */
export interface DrainingEvent {
  /** How long to wait before connecting again. */
  retryAfterMs: Count;
}

/** The session has ended; the cut follows. */
export interface EndedEvent {
  reason: SessionEndReason;
}

/** An agent reaches other rooms than before. */
export interface ReachEvent {
  /** How far it reaches now: its own rooms, those of its teams as well, or all. */
  agentScope: AgentScope;
  /** The teams that it is in now. */
  teamIds: Id[];
}

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
  'room.open': Command<{ subject?: string; context?: Record<string, unknown>; teamId?: string; customerId?: string }, Room>;
  'room.join': Command<{ roomId: string; after?: Position; limit?: number }, Joined>;
  'room.leave': Command<{ roomId: string }, Empty>;
  'room.sync': Command<{ roomId: string; after: Position; limit?: number }, Catchup>;
  'room.list': Command<RoomQuery & { limit?: number; cursor?: string }, RoomPage>;
  'room.get': Command<{ roomId: string }, Room>;
  'room.viewers': Command<{ roomId: string }, Viewers>;
  'room.update': Command<
    {
      roomId: string;
      subject?: string | null;
      priority?: Priority;
      status?: RoomStatus;
      labels?: string[];
      snoozedUntil?: Time | null;
      aiEnabled?: boolean;
      overrides?: RoomOverridesPatch;
    },
    Room
  >;
  'room.claim': Command<{ roomId: string }, Room>;
  'room.assign': Command<{ roomId: string; agentId: string | null; teamId?: string | null; force?: boolean }, Room>;
  'room.transfer': Command<{ roomId: string; agentId?: string; teamId?: string; note?: string }, Room>;
  'room.close': Command<{ roomId: string }, Room>;
  'room.end': Command<{ roomId: string }, Room>;
  'room.reopen': Command<{ roomId: string }, Room>;
  'ai.toggle': Command<{ roomId: string; enabled: boolean }, Room>;
  'message.send': Command<MessageDraft & { roomId?: string }, Message>;
  'message.edit': Command<{ roomId: string; messageId: string; body: string }, Message>;
  'message.delete': Command<{ roomId: string; messageId: string }, Message>;
  'message.list': Command<{ roomId: string; stream?: Stream; before?: number; after?: number; limit?: number }, History>;
  'message.mark': Command<{ roomId: string; stream?: Stream; delivered?: number; read?: number }, MarkPosition>;
  'typing.start': Command<{ roomId: string; stream?: Stream }, Empty>;
  'typing.stop': Command<{ roomId: string; stream?: Stream }, Empty>;
  'presence.set': Command<{ status: PresenceStatus }, Presence>;
  'presence.list': Command<Empty, OnlineUsers>;
  'presence.heartbeat': Command<Empty, Presence>;
  'auth.refresh': Command<{ token: string }, Renewed>;
}

/** What the server tells. */
export interface ServerToClientEvents {
  'message.created': (message: Message) => void;
  'message.updated': (message: Message) => void;
  'mention.created': (mention: MentionEvent) => void;
  'room.created': (room: StaffRoomState) => void;
  'room.updated': (room: RoomState) => void;
  'room.removed': (room: RemovedEvent) => void;
  'reach.changed': (reach: ReachEvent) => void;
  'queue.moved': (place: QueueEvent) => void;
  'room.marked': (mark: MarkedEvent) => void;
  'room.member_joined': (member: MemberEvent) => void;
  'room.member_left': (member: MemberEvent) => void;
  'ai.delta': (delta: DeltaEvent) => void;
  'typing.started': (typing: TypingEvent) => void;
  'typing.stopped': (typing: TypingEvent) => void;
  'presence.changed': (presence: Presence) => void;
  'auth.expiring': (expiry: ExpiringEvent) => void;
  'server.draining': (drain: DrainingEvent) => void;
  'session.ended': (end: EndedEvent) => void;
}

export type SocketCommand = keyof ClientToServerEvents;
export type ServerEvent = keyof ServerToClientEvents;
