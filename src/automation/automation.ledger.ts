import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DEFAULT_SETTINGS } from '../business/business-settings.js';
import { sought } from '../database/data-source.js';
import type { RoomStatus } from '../contract/room.js';
import { LAST_PUBLIC_AT } from '../stream/last-public.js';

/** What happened longer ago, while no server ran, is left alone. */
export const FRESH_MS = 3_600_000;

/** A room that this server works on, and how far that has come. */
export interface Standing {
  id: string;
  businessId: string;
  status: RoomStatus;
  assigneeId: string | null;
  createdAt: Date;
  askedAt: Date | null;
  /** Whether the AI has it, or is about to take it. */
  isMachines: boolean;
  /** Whether anybody has said anything to the customer. */
  isAnswered: boolean;
  isBegun: boolean;
  isWelcomed: boolean;
  /** Up to where its streams were looked at. */
  publicSeq: number;
  internalSeq: number;
  /** Where they end. */
  publicEnd: number;
  internalEnd: number;
  /** Until when this server has it: another one that takes it afterwards puts another time there. */
  lease: string;
}

/** Where the streams of a room stood at a time: what came before is left alone. */
const BEFORE = (stream: string): string =>
  `coalesce((SELECT m.seq FROM message m WHERE m.room_id = $1 AND m.stream = '${stream}' AND m.created_at < $3 ORDER BY m.seq DESC LIMIT 1), 0)`;

const BEGIN = `
WITH leased AS (
  INSERT INTO automation_room AS a (room_id, public_seq, internal_seq, leased_until)
    SELECT $1, ${BEFORE('public')}, ${BEFORE('internal')}, now() + $2 * interval '1 millisecond'
    ON CONFLICT (room_id) DO UPDATE SET leased_until = excluded.leased_until, public_seq = greatest(a.public_seq, excluded.public_seq),
        internal_seq = greatest(a.internal_seq, excluded.internal_seq)
      WHERE a.leased_until IS NULL OR a.leased_until < now()
    RETURNING *)
SELECT r.id, r.business_id AS "businessId", r.status, r.assignee_id AS "assigneeId", r.created_at AS "createdAt", c.asked_at AS "askedAt",
    ai_holds(r) OR ai_may_take(r) AS "isMachines", a.is_begun AS "isBegun", a.is_welcomed AS "isWelcomed",
    a.public_seq AS "publicSeq", a.internal_seq AS "internalSeq", c.public_seq AS "publicEnd", c.internal_seq AS "internalEnd", a.leased_until::text AS lease,
    NOT a.is_welcomed AND EXISTS (SELECT FROM message m JOIN "user" u ON u.id = m.sender_id AND u.role IN ('agent', 'admin', 'bot')
      WHERE m.room_id = $1 AND m.stream = 'public' AND (m.kind <> 'activity' OR m.activity = 'handed_over')) AS "isAnswered"
  FROM leased a JOIN room r ON r.id = a.room_id JOIN stream_counter c ON c.room_id = a.room_id`;

const MOVE = `
WITH moved AS (
  UPDATE automation_room SET public_seq = $3, internal_seq = $4, is_begun = true, leased_until = now() + $5 * interval '1 millisecond'
    WHERE room_id = $1 AND leased_until = $2::timestamptz
    RETURNING leased_until)
SELECT leased_until::text AS lease FROM moved`;

const RELEASE = 'UPDATE automation_room SET leased_until = NULL WHERE room_id = $1 AND leased_until = $2::timestamptz';

/** Rooms in which something has happened lately that nobody has looked at, of businesses that want something done. */
const BEHIND = {
  name: 'automation',
  text: `
SELECT r.id AS "roomId", r.business_id AS "businessId" FROM business b
  JOIN room r ON r.business_id = b.id AND r.status = ANY ('{open,pending,snoozed,closed}') AND r.active_at > now() - interval '${FRESH_MS} milliseconds'
  JOIN stream_counter c ON c.room_id = r.id
  LEFT JOIN automation_room a ON a.room_id = r.id
  WHERE (EXISTS (SELECT FROM rule u WHERE u.business_id = b.id AND u.is_enabled)
      OR coalesce(b.settings #>> '{autoReplies,welcome}', b.settings #>> '{autoReplies,away}', b.settings #>> '{autoReplies,afterHours}') IS NOT NULL)
    AND (a.room_id IS NULL OR NOT a.is_begun OR a.public_seq < c.public_seq OR a.internal_seq < c.internal_seq)
    AND (a.leased_until IS NULL OR a.leased_until < now())
  LIMIT 500`,
};

/** Businesses that want to be reminded. */
const REMINDED = {
  name: 'reminders',
  text: `SELECT id FROM business WHERE (settings -> 'autoReplies' ->> 'remindMinutes') IS NOT NULL`,
};

/** Customers of their open rooms who have waited for people as long as the business thinks too long, and of whom nobody was reminded. */
const UNANSWERED = `
SELECT r.id AS "roomId", r.business_id AS "businessId", r.assignee_id AS "assigneeId", c.asked_at AS "askedAt"
  FROM business b JOIN room r ON r.business_id = b.id AND r.status = 'open' AND NOT ai_may_take(r)
  JOIN stream_counter c ON c.room_id = r.id LEFT JOIN automation_room a ON a.room_id = r.id
  WHERE b.id = ANY ($1) AND (b.settings -> 'autoReplies' ->> 'remindMinutes') IS NOT NULL
    AND c.asked_at <= now() - (b.settings -> 'autoReplies' ->> 'remindMinutes')::integer * interval '1 minute'
    AND c.asked_at > now() - interval '7 days' AND a.reminded_for IS DISTINCT FROM c.asked_at
  ORDER BY c.asked_at LIMIT 200`;

/**
 * Rooms in which a person or the AI spoke last, and the customer has been silent for as long as the business waits before it asks.
 * Who spoke last is looked up in those alone: where PostgreSQL did so first, it read all messages of all rooms.
 */
const SILENT = {
  name: 'silent customers',
  text: `
WITH wanted AS MATERIALIZED (
  SELECT id, now() - (settings -> 'autoReplies' ->> 'idleMinutes')::integer * interval '1 minute' AS until
    FROM business WHERE (settings -> 'autoReplies' ->> 'idleMinutes') IS NOT NULL
), silent AS MATERIALIZED (
  SELECT r.id AS "roomId", r.business_id AS "businessId", c.public_seq AS turn, since
    FROM wanted JOIN room r ON r.business_id = wanted.id AND (r.status = 'open' OR r.status = 'pending' AND ai_holds(r))
    JOIN stream_counter c ON c.room_id = r.id AND c.asked_at IS NULL
    CROSS JOIN LATERAL (SELECT ${LAST_PUBLIC_AT} AS since OFFSET 0) last
    WHERE since <= wanted.until)
SELECT "roomId", "businessId", turn FROM silent
  WHERE (SELECT u.role <> 'bot' OR m.ai FROM message m JOIN "user" u ON u.id = m.sender_id
    WHERE m.room_id = "roomId" AND m.stream = 'public' AND m.kind IN ('text', 'image', 'file') ORDER BY m.seq DESC LIMIT 1)
  ORDER BY since LIMIT 200`,
};

/** What staff said to customers; more conditions may follow. */
const OF_PEOPLE = `message m JOIN "user" s ON s.id = m.sender_id
  WHERE m.stream = 'public' AND m.kind IN ('text', 'image', 'file') AND m.deleted_at IS NULL AND s.role IN ('agent', 'admin')`;

/**
 * Rooms whose customers have an address, and in which people said something that was not read, nor mailed, for as long as the
 * business waits; not what is older than that by days, when no server ran.
 */
const UNREAD = {
  name: 'unread mail',
  text: `
WITH wanted AS MATERIALIZED (
  SELECT id, now() - pause AS until, now() - pause - interval '3 days' AS since
    FROM business b CROSS JOIN LATERAL (SELECT interval '1 minute' * CASE WHEN b.settings #> '{autoReplies,mailMinutes}' IS NULL
      THEN ${DEFAULT_SETTINGS.autoReplies.mailMinutes} ELSE (b.settings #>> '{autoReplies,mailMinutes}')::integer END AS pause) its)
SELECT r.id AS "roomId", r.business_id AS "businessId", u.id AS "userId", u.email, c.public_seq AS seq, known.seq AS after
  FROM wanted
  JOIN room r ON r.business_id = wanted.id AND r.status = ANY ('{open,pending,snoozed,closed}')
    AND r.active_at > wanted.since
  JOIN stream_counter c ON c.room_id = r.id
  JOIN "user" u ON u.id = r.customer_id AND u.email IS NOT NULL AND NOT u.blocked AND NOT u.disabled
  LEFT JOIN mark k ON k.room_id = r.id AND k.user_id = u.id
  LEFT JOIN automation_room a ON a.room_id = r.id
  CROSS JOIN LATERAL (SELECT greatest(k.public_read, c.customer_seq, a.mailed_seq) AS seq) known
  WHERE c.public_seq > known.seq AND ${LAST_PUBLIC_AT} <= wanted.until
    AND EXISTS (SELECT FROM ${OF_PEOPLE} AND m.room_id = r.id AND m.seq > known.seq)
  LIMIT 100`,
};

/** What people have said in a room after an entry. */
const SAID = `
SELECT s.name, m.body FROM ${OF_PEOPLE} AND m.room_id = $1 AND m.seq > $2 AND m.seq <= $3 ORDER BY m.seq LIMIT 20`;

const NOTE_MAIL = `
INSERT INTO automation_room (room_id, mailed_seq) VALUES ($1, $2)
  ON CONFLICT (room_id) DO UPDATE SET mailed_seq = excluded.mailed_seq WHERE automation_room.mailed_seq < excluded.mailed_seq
  RETURNING mailed_seq`;

/** A customer who has not read what people have said in the entries after `after` up to `seq`. */
export interface Unread extends Place {
  userId: string;
  email: string;
  seq: number;
  after: number;
}

export interface Place {
  roomId: string;
  businessId: string;
}

/** How far automation has come in each room, in the database, so that any server can go on with it. */
@Injectable()
export class AutomationLedger {
  constructor(private readonly dataSource: DataSource) {}

  /** Takes a room for `leaseMs`; undefined while another server has it. What happened before `since` is left alone. */
  async begin(roomId: string, leaseMs: number, since: Date): Promise<Standing | undefined> {
    const [standing] = await this.dataSource.query<Standing[]>(BEGIN, [roomId, leaseMs, since]);
    return standing;
  }

  /** Notes up to where the streams were looked at, and keeps the room for `leaseMs` more. False once another server has it. */
  async move(room: Standing, publicSeq: number, internalSeq: number, leaseMs: number): Promise<boolean> {
    const [moved] = await this.dataSource.query<Pick<Standing, 'lease'>[]>(MOVE, [room.id, room.lease, publicSeq, internalSeq, leaseMs]);
    if (moved) room.lease = moved.lease;
    return moved !== undefined;
  }

  /** Lets a room go, if no other server has it. */
  async release({ id, lease }: Standing): Promise<void> {
    await this.dataSource.query(RELEASE, [id, lease]);
  }

  async noteWelcome(roomId: string): Promise<void> {
    await this.dataSource.query('UPDATE automation_room SET is_welcomed = true WHERE room_id = $1', [roomId]);
  }

  behind(): Promise<Place[]> {
    return sought(this.dataSource, BEHIND);
  }

  silent(): Promise<(Place & { turn: number })[]> {
    return sought(this.dataSource, SILENT);
  }

  async reminded(): Promise<string[]> {
    return (await sought<{ id: string }>(this.dataSource, REMINDED)).map(({ id }) => id);
  }

  /** Of these businesses. */
  unanswered(businessIds: string[]): Promise<(Place & { assigneeId: string | null; askedAt: Date })[]> {
    return this.dataSource.query(UNANSWERED, [businessIds]);
  }

  unread(): Promise<Unread[]> {
    return sought(this.dataSource, UNREAD);
  }

  /** What people have said there, in order; nothing when another server has taken it. */
  async takeUnread(tx: EntityManager, { roomId, after, seq }: Unread): Promise<{ name: string | null; body: string | null }[]> {
    const taken = await tx.query<unknown[]>(NOTE_MAIL, [roomId, seq]);
    return taken.length === 0 ? [] : tx.query(SAID, [roomId, after, seq]);
  }

  async noteReminder(roomId: string, askedAt: Date): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO automation_room (room_id, reminded_for) VALUES ($1, $2) ON CONFLICT (room_id) DO UPDATE SET reminded_for = excluded.reminded_for`,
      [roomId, askedAt],
    );
  }
}
