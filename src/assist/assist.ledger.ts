import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AiSettings } from '../contract/business.js';
import { sought } from '../database/data-source.js';
import { Reads } from '../database/reads.js';

/** A room that the machine has to look at. */
export interface Standing {
  id: string;
  businessId: string;
  customerId: string;
  subject: string | null;
  /** Whether the machine answers in it, and has it in its hands. */
  answers: boolean;
  holds: boolean;
  mayTake: boolean;
  /** Whether the ledger says that it has it. */
  isHeld: boolean;
  /** Whether the customer waits for an answer. */
  isAsked: boolean;
  /** Where the public stream stands. */
  turn: number;
}

interface Lease {
  tries: number;
  /** Used in this room before. */
  tokens: number;
  turnsInMinute: number;
}

const COUNTED = ['reply', 'hand_over', 'late', 'help'] as const;
type Counted = (typeof COUNTED)[number];

/** More turns of one room in a minute are left to a person. */
const MOST_TURNS = 10;

/** Asked for rooms that people write in, again and again. */
const STANDINGS = {
  name: 'assist standings',
  text: `
SELECT r.id, r.business_id AS "businessId", r.customer_id AS "customerId", r.subject, ai_answers(r) AS answers, ai_holds(r) AS holds,
    ai_may_take(r) AS "mayTake", coalesce(a.is_held, false) AS "isHeld", c.asked_at IS NOT NULL AS "isAsked", c.public_seq AS turn
  FROM unnest($1::uuid[]) AS asked (id) JOIN room r ON r.id = asked.id JOIN stream_counter c ON c.room_id = r.id
  LEFT JOIN assist_room a ON a.room_id = r.id
  WHERE ai_answers(r) OR a.is_held`,
};

/**
 * Rooms that wait for the machine, or that it should let go of, and that no server has in hand. `overrides <> '{}'` is the
 * condition of the index that finds those with a switch of their own.
 */
const DUE = {
  name: 'assist',
  text: `
(SELECT a.room_id AS id FROM assist_room a JOIN room r ON r.id = a.room_id JOIN stream_counter c ON c.room_id = r.id
  WHERE a.is_held AND (c.asked_at IS NOT NULL OR NOT ai_holds(r)) AND (a.leased_until IS NULL OR a.leased_until < now() OR a.turn <> c.public_seq)
  LIMIT 500)
UNION
(SELECT r.id FROM business b JOIN room r ON r.business_id = b.id
  WHERE b.settings #>> '{ai,enabled}' = 'true' AND r.status = 'open' AND r.assignee_id IS NULL AND ai_may_take(r)
  LIMIT 500)
UNION
(SELECT r.id FROM room r
  WHERE r.status = 'open' AND r.assignee_id IS NULL AND r.overrides <> '{}' AND r.overrides ? 'aiEnabled' AND ai_may_take(r)
  LIMIT 500)`,
};

const HOLD = `
INSERT INTO assist_room AS a (room_id, is_held) VALUES ($1, $2)
  ON CONFLICT (room_id) DO UPDATE SET is_held = excluded.is_held WHERE a.is_held <> excluded.is_held`;

const BEGIN = `
INSERT INTO assist_room AS a (room_id, is_held, turn, tries, leased_until, minute_began, turns_in_minute)
  VALUES ($1, true, $2, 1, now() + $3 * interval '1 millisecond', now(), 1)
  ON CONFLICT (room_id) DO UPDATE SET is_held = true, turn = excluded.turn, leased_until = excluded.leased_until,
      tries = CASE WHEN a.turn = excluded.turn THEN least(a.tries + 1, 100) ELSE 1 END,
      minute_began = CASE WHEN a.minute_began > now() - interval '1 minute' THEN a.minute_began ELSE now() END,
      turns_in_minute = CASE WHEN a.minute_began > now() - interval '1 minute' THEN least(a.turns_in_minute + 1, 100) ELSE 1 END
    WHERE a.turn <> excluded.turn OR a.leased_until IS NULL OR a.leased_until < now()
  RETURNING tries, tokens, turns_in_minute AS "turnsInMinute"`;

const RENEW = `UPDATE assist_room SET leased_until = now() + $3 * interval '1 millisecond' WHERE room_id = $1 AND turn = $2`;

/** Until something else is said. */
const REST = `UPDATE assist_room SET leased_until = 'infinity' WHERE room_id = $1 AND turn = $2`;

/** Not of a turn that another server has begun in the meantime. */
const END = `
UPDATE assist_room SET tokens = tokens + $3, leased_until = CASE WHEN turn = $2 THEN NULL ELSE leased_until END WHERE room_id = $1`;

const COUNT = `
INSERT INTO assist_day AS d (business_id, day, tokens, replies, hand_overs, late_replies, helps)
  VALUES ($1, (now() AT TIME ZONE 'UTC')::date, $2, $3, $4, $5, $6)
  ON CONFLICT (business_id, day) DO UPDATE SET tokens = d.tokens + excluded.tokens, replies = d.replies + excluded.replies,
    hand_overs = d.hand_overs + excluded.hand_overs, late_replies = d.late_replies + excluded.late_replies, helps = d.helps + excluded.helps`;

const TODAY = `SELECT tokens FROM assist_day WHERE business_id = $1 AND day = (now() AT TIME ZONE 'UTC')::date`;

/** What the machine has in hand and what it used, in the database, so that any server can go on with it. */
@Injectable()
export class AssistLedger {
  constructor(
    private readonly dataSource: DataSource,
    private readonly reads: Reads,
  ) {}

  standings(roomIds: string[]): Promise<Standing[]> {
    return this.reads.rows({ ...STANDINGS, values: [roomIds] });
  }

  async due(): Promise<string[]> {
    return (await sought<{ id: string }>(this.dataSource, DUE)).map(({ id }) => id);
  }

  async hold(roomId: string, isHeld: boolean): Promise<void> {
    await this.dataSource.query(HOLD, [roomId, isHeld]);
  }

  /** Takes a turn for `leaseMs`; undefined while another server has it. */
  async begin(roomId: string, turn: number, leaseMs: number): Promise<Lease | undefined> {
    const [lease] = await this.dataSource.query<Lease[]>(BEGIN, [roomId, turn, leaseMs]);
    return lease;
  }

  /** Notes that there is nothing to say at this turn. */
  async rest(roomId: string, turn: number): Promise<void> {
    await this.dataSource.query(REST, [roomId, turn]);
  }

  async renew(roomId: string, turn: number, leaseMs: number): Promise<void> {
    await this.dataSource.query(RENEW, [roomId, turn, leaseMs]);
  }

  async isOverBudget(settings: AiSettings, businessId: string, { tokens, turnsInMinute }: Lease): Promise<boolean> {
    const { roomTokens } = settings;
    if (turnsInMinute > MOST_TURNS || (roomTokens !== null && tokens >= roomTokens)) return true;
    return this.isOverDay(settings, businessId);
  }

  /** Whether a business has used today what it may use in a day. */
  async isOverDay({ dayTokens }: AiSettings, businessId: string): Promise<boolean> {
    if (dayTokens === null) return false;
    const [today] = await this.dataSource.query<{ tokens: number }[]>(TODAY, [businessId]);
    return (today?.tokens ?? 0) >= dayTokens;
  }

  /** Writes down how a turn ended, and lets go of it. */
  async end({ id, businessId, turn }: Standing, how: Counted | 'nothing', tokens: number): Promise<void> {
    await this.dataSource.query(END, [id, turn, tokens]);
    await this.count(businessId, how, tokens);
  }

  async count(businessId: string, what: Counted | 'nothing', tokens: number): Promise<void> {
    await this.dataSource.query(COUNT, [businessId, tokens, ...COUNTED.map((one) => Number(one === what))]);
  }
}
