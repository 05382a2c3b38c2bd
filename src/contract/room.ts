import type { RoutingMode } from './business.js';
import type { Catchup, Stream, WrittenEntry } from './message.js';
import type { Page } from './page.js';
import type { PresenceStatus } from './presence.js';
import type { Count, FreeObject, Id, Time } from './scalar.js';
import type { AgentUser, CustomerUser, PublicUser } from './user.js';

export const ROOM_STATUSES = ['open', 'pending', 'snoozed', 'closed'] as const;
export type RoomStatus = (typeof ROOM_STATUSES)[number];

export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof PRIORITIES)[number];

interface Override<Value> {
  value: Value;
  /** Who set it. */
  by: Id;
  at: Time;
}

/** What a room does otherwise than its business. */
export interface RoomOverrides {
  /** In place of the setting `routing.mode`. */
  routingMode?: Override<RoutingMode>;
  /** The agent who gets the room, before all others, when it waits and this agent is online and has room for it. */
  pinnedAgentId?: Override<Id>;
  /** The language of this customer, a tag such as `en` or `pt-BR`, in place of the `locale` of the business. */
  language?: Override<string>;
  /** In place of the setting `ai.enabled`. */
  aiEnabled?: Override<boolean>;
}

/** Overrides to set; null takes one away. */
export type RoomOverridesPatch = { [Key in keyof RoomOverrides]: NonNullable<RoomOverrides[Key]>['value'] | null };

/** How far a person got in a stream. Delivered is never below read. */
export interface MarkPosition {
  deliveredSeq: Count;
  readSeq: Count;
}

export interface Mark extends MarkPosition {
  userId: Id;
}

/** Marks never go back: of each person the higher ones of those known and those told, in whatever order they came. */
export const furthestMarks = (known: readonly Mark[], told: readonly Mark[]): Mark[] => {
  const marks = new Map(known.map((mark) => [mark.userId, mark]));
  for (const { userId, deliveredSeq, readSeq } of told) {
    const at = marks.get(userId);
    marks.set(userId, {
      userId,
      deliveredSeq: Math.max(deliveredSeq, at?.deliveredSeq ?? 0),
      readSeq: Math.max(readSeq, at?.readSeq ?? 0),
    });
  }
  return [...marks.values()];
};

export interface Rating {
  /**
   * @minimum 1
   * @maximum 5
   */
  score: Count;
  comment: string | null;
}

interface RoomFields {
  id: Id;
  businessId: Id;
  /** Changes when the server was restored from a backup: numbers of another epoch mean nothing here. */
  epoch: Id;
  status: RoomStatus;
  subject: string | null;
  /** Whether the AI answers here: as this room's overrides say, else as the business does. */
  aiEnabled: boolean;
  /** The highest number of the public stream; 0 for none. */
  lastSeq: Count;
  /** The last message of the public stream that somebody wrote. */
  lastMessage: WrittenEntry | null;
  /** Of the public stream. A customer sees those of itself, the assignee and former assignees. */
  marks: Mark[];
  rating: Rating | null;
  createdAt: Time;
  closedAt: Time | null;
}

/** What depends on who reads, and so is in no event. */
interface ReaderFields {
  /**
   * Messages that others wrote after the own read position, up to 100.
   * @maximum 100
   */
  unread: Count;
  /** From 1 by waiting time; null when the room does not wait. */
  queuePosition: Count | null;
}

interface StaffFields {
  priority: Priority;
  /** The names of the labels on it, in the order of the alphabet. */
  labels: string[];
  teamId: Id | null;
  overrides: RoomOverrides;
  /** Where the customer came from, as the site told it. */
  context: FreeObject;
  /** The highest number of the internal stream; 0 for none. */
  internalLastSeq: Count;
  /** Of the internal stream. */
  internalMarks: Mark[];
  snoozedUntil: Time | null;
  updatedAt: Time;
}

/** A room as events tell its customer of it. */
export interface CustomerRoomState extends RoomFields {
  customer: PublicUser;
  assignee: PublicUser | null;
}

/** A room as events tell staff of it. */
export interface StaffRoomState extends RoomFields, StaffFields {
  customer: CustomerUser;
  assignee: AgentUser | null;
}

/** A room as its customer reads it. */
export interface CustomerRoom extends CustomerRoomState, ReaderFields {}

/** A room as staff read it. */
export interface StaffRoom extends StaffRoomState, ReaderFields {}

export type Room = CustomerRoom | StaffRoom;
export type RoomPage = Page<Room>;
export type RoomState = CustomerRoomState | StaffRoomState;

/** What waits to be read; for staff in the rooms assigned to them. */
export interface UnreadTotals {
  /** Rooms with something unread. */
  rooms: Count;
  messages: Count;
}

/** The answer to `room.join`. */
export interface Joined extends Catchup {
  room: Room;
}

/** Somebody's marks moved. */
export interface MarkedEvent extends Mark {
  roomId: Id;
  stream: Stream;
}

/** Somebody began or stopped writing. */
export interface TypingEvent {
  roomId: Id;
  stream: Stream;
  user: PublicUser;
}

/** A room went out of the reader's reach. */
export interface RemovedEvent {
  roomId: Id;
}

/** One of the staff who have a room open. */
export interface Viewer {
  user: PublicUser;
  /** The stream that this person is writing in; null for none. */
  composing: Stream | null;
}

export interface Viewers {
  items: Viewer[];
}

/** Where a waiting room stands in the queue of its business. */
export interface QueuePlace {
  /**
   * From 1.
   * @minimum 1
   */
  position: Count;
  /** In four of five cases the wait is at most this long, in seconds; null when too little is known or nobody is online. */
  estimateSeconds: Count | null;
}

/** A waiting room moved in the queue. */
export interface QueueEvent extends QueuePlace {
  roomId: Id;
}

export interface Waiting extends QueuePlace {
  /** When it came into the queue. */
  since: Time;
}

/** What is so of a room just now, and changes without an event to those who have not joined it. */
export interface Attendance {
  roomId: Id;
  customerPresence: PresenceStatus;
  viewers: Viewer[];
  /** Null when the room does not wait. */
  waiting: Waiting | null;
}

export interface Attendances {
  items: Attendance[];
}

/** Somebody has the room open, or no longer. */
export interface MemberEvent {
  roomId: Id;
  user: PublicUser;
}
