import type { Catchup, Message, Stream } from './message.js';
import type { PublicUser, User } from './user.js';

export const ROOM_STATUSES = ['open', 'pending', 'snoozed', 'closed'] as const;
export type RoomStatus = (typeof ROOM_STATUSES)[number];

export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** How far a person got in a stream. Delivered is never below read. */
export interface Mark {
  userId: string;
  deliveredSeq: number;
  readSeq: number;
}

export type MarkPosition = Omit<Mark, 'userId'>;

export interface Rating {
  score: number;
  comment: string | null;
}

/** A room as its customer sees it. `lastMessage` and `lastSeq` are of the public stream. */
export interface CustomerRoom {
  id: string;
  businessId: string;
  epoch: string;
  status: RoomStatus;
  customer: PublicUser;
  assignee: PublicUser | null;
  subject: string | null;
  aiEnabled: boolean;
  lastSeq: number;
  lastMessage: Message | null;
  /** Written by others after the own read position, up to 100. Absent in events, which have no one reader. */
  unread?: number;
  marks: Mark[];
  /** From 1 by waiting time; null when the room does not wait. Absent in events. */
  queuePosition?: number | null;
  rating: Rating | null;
  createdAt: string;
  closedAt: string | null;
}

/** A room as staff see it. */
export interface StaffRoom extends Omit<CustomerRoom, 'customer' | 'assignee'> {
  customer: User;
  assignee: User | null;
  priority: Priority;
  labels: string[];
  teamId: string | null;
  overrides: Record<string, { value: unknown; by: string; at: string }>;
  context: Record<string, unknown>;
  internalLastSeq: number;
  internalMarks: Mark[];
  snoozedUntil: string | null;
  updatedAt: string;
}

export type Room = CustomerRoom | StaffRoom;

export interface UnreadTotals {
  rooms: number;
  messages: number;
}

/** The answer to `room.join`. */
export interface Joined extends Catchup {
  room: Room;
}

export interface MarkedEvent extends Mark {
  roomId: string;
  stream: Stream;
}

export interface TypingEvent {
  roomId: string;
  stream: Stream;
  user: PublicUser;
}

export interface MemberEvent {
  roomId: string;
  user: PublicUser;
}
