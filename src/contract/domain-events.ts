import type { Message, Stream } from './message.js';
import type { Presence } from './presence.js';
import type { DeltaEvent } from './assist.js';
import type { MarkedEvent, MemberEvent, TypingEvent } from './room.js';
import type { SessionEndReason } from './session.js';
import type { PublicUser } from './user.js';

/** Who has a room. */
export interface RoomHolder {
  assigneeId: string | null;
  teamId: string | null;
}

/**
 * What happened, told inside the server after it was committed. Names that a client hears too are the same there.
 * `signal` events (typing) were never stored.
 */
export interface DomainEventMap {
  /** A new entry of a stream. `message` is the committed row in hand, or null: then the reader looks it up. */
  'message.created': { businessId: string; roomId: string; stream: Stream; seq: number; message: Message | null };
  'room.created': { businessId: string; roomId: string };
  /** `isCustomerVisible`: the customer's own view of the room changed too. */
  'room.updated': { businessId: string; roomId: string; isCustomerVisible: boolean };
  /** `isCustomerVisible`: the mark is of a person whose marks the customer sees, in the public stream. */
  'room.marked': MarkedEvent & { isCustomerVisible: boolean };
  'typing.started': TypingEvent;
  'typing.stopped': TypingEvent;
  /** `isStaff`: only of these anybody is told. */
  'presence.changed': Presence & { businessId: string; isStaff: boolean };
  /** A room has another assignee or team than before. */
  'room.moved': { businessId: string; roomId: string; from: RoomHolder; to: RoomHolder };
  /** Some room began or ended to wait in the queue, or waits for another team. */
  'queue.changed': { businessId: string };
  /** Its settings changed; `isLocaleChanged`: its language, too. */
  'business.updated': { businessId: string; isLocaleChanged: boolean };
  /** What it wants done by itself changed. */
  'rules.updated': { businessId: string };
  /** Words of an answer that the machine writes right now. A signal. */
  'ai.delta': DeltaEvent;
  /** A label has another name, or is gone. */
  'label.changed': { businessId: string; labelId: string };
  /** Who answers has changed: teams, who is in them, roles, capacities, who is disabled. */
  'staff.updated': { businessId: string };
  /** `isCustomerVisible`: what everybody sees of the person is another, and not only what staff see. */
  'user.updated': { businessId: string; user: PublicUser; isCustomerVisible: boolean };
  /** Files are gone with their messages or people, and with them what is kept of them. */
  'upload.removed': { ids: string[] };
  'session.ended': { sessionId: string; reason: SessionEndReason };
  /** A mail waits to be sent. */
  'mail.posted': { mailId: string };
  /** Mails to somebody who was erased are gone, sent or not. */
  'mail.erased': { mailIds: string[] };
  /** The first socket of a person on one server has joined a room. `isAssignee`: its customer hears of it as well. */
  'room.member_joined': MemberEvent & { isAssignee: boolean };
  /** The last socket of a person on one server has left a room. */
  'room.member_left': MemberEvent & { isAssignee: boolean };
  /** Everybody who has a room open on one server, for those who have missed something. */
  'room.members_listed': { members: MemberEvent[] };
  /** Everybody who is writing on one server, likewise. */
  'typing.listed': { typing: TypingEvent[] };
  /** Another server is new, or has missed something, and asks for what is in no database. */
  'news.asked': Record<string, never>;
  /**
   * News of another server may not have come, from `since` on, in milliseconds since 1970. `isOver`: they come again, and what
   * changed in between is to be looked at once more.
   */
  'news.lost': { since: number; isOver: boolean };
  /** Another server has gone, or is not heard of any more. */
  'node.left': { nodeId: string };
}

/** What listeners are asked to do inside the same transaction, so that it is done wholly or not at all. */
export interface TransactionHookMap {
  'user.disabled': { businessId: string; userId: string; byId: string };
  'team.deleted': { businessId: string; teamId: string; name: string; byId: string };
  'user.role_changed': { businessId: string; userId: string };
  'user.password_changed': { businessId: string; userId: string };
  /** Who somebody is, or how the business signs who its customers are, has changed: of these people, or of all that were signed for. */
  'identity.changed': { businessId: string; userIds: string[] | null };
  'user.blocked': { businessId: string; userId: string };
  /** A customer or guest is erased, by itself or by an admin: what it wrote and told goes, that it was there stays. */
  'user.erased': { businessId: string; userId: string };
  /** The admin `byId` has switched the setting `secondFactorRequired`. The business is locked. */
  'business.second_factor_changed': { businessId: string; byId: string; isRequired: boolean };
}
