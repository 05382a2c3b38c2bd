import { STREAMS } from '../contract/message.js';
import { PRESENCE_STATUSES } from '../contract/presence.js';
import { ID_PATTERN } from '../contract/scalar.js';
import { SESSION_END_REASONS } from '../contract/session.js';
import { ROLES } from '../contract/user.js';
import type { DomainEventMap } from '../contract/domain-events.js';
import type { EventName } from './event-bus.js';

type Check = (value: unknown) => boolean;
/** A check for each field: one that is forgotten does not compile. */
type Shape<Event> = { [Field in keyof Event]-?: Check };

const ID = new RegExp(`^${ID_PATTERN}$`);
const MOST_LISTED = 100_000;

const id: Check = (value) => typeof value === 'string' && ID.test(value);
const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const oneOf =
  (words: readonly unknown[]): Check =>
  (value) =>
    words.includes(value);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length <= MOST_LISTED && value.every(check);
const shaped =
  <Event>(shape: Shape<Event>): Check =>
  (value) =>
    typeof value === 'object' && value !== null && fits(shape, value as Record<string, unknown>);
/** Fields that a newer server adds do no harm. */
const fits = <Event>(shape: Shape<Event>, value: Record<string, unknown>): boolean =>
  Object.entries<Check>(shape).every(([field, check]) => check(value[field]));

const stream = oneOf(STREAMS);
const user = shaped<DomainEventMap['user.updated']['user']>({ id, role: oneOf(ROLES), name: orNull(text), avatarUrl: orNull(text) });
const holder = shaped<DomainEventMap['room.moved']['from']>({ assigneeId: orNull(id), teamId: orNull(id) });
const typing = { roomId: id, stream, user };
const member = { roomId: id, user };
/** Only what decides where a row in hand goes and how it is written; who wrote it is a server that signs like this one. */
const entry: Check = (value) => {
  const row = value as Partial<Record<string, unknown>>;
  return (
    typeof value === 'object' &&
    value !== null &&
    [row.id, row.roomId].every(id) &&
    [row.clientMessageId, row.replyTo].every(orNull(id)) &&
    stream(row.stream) &&
    count(row.seq) &&
    [row.kind, row.createdAt].every(text) &&
    orNull(text)(row.body) &&
    flag(row.ai) &&
    Array.isArray(row.attachments) &&
    listOf(id)(row.mentions)
  );
};

/**
 * What crosses to other servers, and how it looks; `false` stays here. What crosses and is lost is mended as said in
 * docs/architecture.md.
 */
const NEWS: { [Name in EventName]: Shape<DomainEventMap[Name]> | false } = {
  'message.created': { businessId: id, roomId: id, stream, seq: count, message: orNull(entry) },
  'room.created': { businessId: id, roomId: id },
  'room.updated': { businessId: id, roomId: id, isCustomerVisible: flag },
  'room.marked': { roomId: id, stream, userId: id, deliveredSeq: count, readSeq: count, isCustomerVisible: flag },
  'typing.started': typing,
  'typing.stopped': typing,
  'presence.changed': { businessId: id, userId: id, isStaff: flag, status: oneOf(PRESENCE_STATUSES), lastSeenAt: orNull(text) },
  'room.moved': { businessId: id, roomId: id, from: holder, to: holder },
  'queue.changed': { businessId: id },
  'ai.delta': { roomId: id, turn: count, text },
  'business.updated': { businessId: id, isLocaleChanged: flag },
  'rules.updated': { businessId: id },
  'staff.updated': { businessId: id },
  'user.updated': { businessId: id, user, isCustomerVisible: flag },
  'session.ended': { sessionId: id, reason: oneOf(SESSION_END_REASONS) },
  // Its outbox is in the database, and one server that looks there is enough.
  'mail.posted': false,
  // The files are where all servers reach them, and a chore finds those that are left.
  'upload.removed': false,
  // Each room that wears it is told of.
  'label.changed': false,
  'mail.erased': { mailIds: listOf(id) },
  'room.member_joined': { ...member, isAssignee: flag },
  'room.member_left': { ...member, isAssignee: flag },
  'room.members_listed': { members: listOf(shaped(member)) },
  'typing.listed': { typing: listOf(shaped(typing)) },
  'news.asked': false,
  'news.lost': false,
  'node.left': false,
};

/** An event by its name. */
export type News = { [Name in EventName]: [Name, DomainEventMap[Name]] }[EventName];

/** Presence of customers and guests is told to nobody. */
const isToldToNobody = (name: EventName, event: unknown): boolean =>
  name === 'presence.changed' && !(event as { isStaff: boolean }).isStaff;

export const crosses = (name: EventName, event: unknown): boolean => NEWS[name] !== false && !isToldToNobody(name, event);

/** Whether this is an event that crosses, as it should look. */
export const isNews = (value: unknown): value is News => {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [name, event] = value as unknown[];
  if (typeof name !== 'string' || !Object.hasOwn(NEWS, name)) return false;
  const shape = NEWS[name as EventName];
  return shape !== false && shaped(shape as Record<string, Check>)(event);
};
