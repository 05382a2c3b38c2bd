import type { MigrationInterface, QueryRunner } from 'typeorm';
import { rewriteFunction, type Replacement } from './rewrite-function.js';

const TABLES = `
ALTER TABLE "user" DROP CONSTRAINT user_role, ADD CONSTRAINT user_role CHECK (role IN ('guest', 'customer', 'agent', 'admin', 'bot'));
CREATE UNIQUE INDEX user_bot ON "user" (business_id) WHERE role = 'bot';

CREATE TABLE assist_room (
  room_id uuid CONSTRAINT assist_room_pkey PRIMARY KEY,
  is_held boolean NOT NULL DEFAULT false,
  turn integer NOT NULL DEFAULT 0,
  tries smallint NOT NULL DEFAULT 0,
  leased_until timestamptz(3),
  minute_began timestamptz(3),
  turns_in_minute smallint NOT NULL DEFAULT 0,
  tokens integer NOT NULL DEFAULT 0
);
CREATE INDEX assist_room_held ON assist_room (room_id) WHERE is_held;

CREATE TABLE assist_day (
  business_id uuid NOT NULL CONSTRAINT assist_day_business REFERENCES business,
  day date NOT NULL,
  replies integer NOT NULL DEFAULT 0,
  hand_overs integer NOT NULL DEFAULT 0,
  late_replies integer NOT NULL DEFAULT 0,
  tokens integer NOT NULL DEFAULT 0,
  CONSTRAINT assist_day_pkey PRIMARY KEY (business_id, day)
);
`;

/** Whether the machine answers in a room: as the room says, else as its business does. */
const AI_ANSWERS = `
CREATE FUNCTION ai_answers(r room) RETURNS boolean LANGUAGE sql STABLE AS $function$
  SELECT coalesce((r.overrides #>> '{aiEnabled,value}')::boolean,
    (SELECT (b.settings #>> '{ai,enabled}')::boolean FROM business b WHERE b.id = r.business_id), false)
$function$`;

/** Whether the machine has a room in its hands. */
const AI_HOLDS = `
CREATE FUNCTION ai_holds(r room) RETURNS boolean LANGUAGE sql STABLE AS $function$
  SELECT r.status = 'pending' AND r.assignee_id IS NULL AND ai_answers(r)
$function$`;

/**
 * Whether the machine may take a room that waits: one that no agent had yet, or in which it was switched on since. Routing leaves
 * these to it.
 */
const AI_MAY_TAKE = `
CREATE FUNCTION ai_may_take(r room) RETURNS boolean LANGUAGE sql STABLE AS $function$
  SELECT r.status = 'open' AND r.assignee_id IS NULL AND ai_answers(r)
    AND (r.assigned_at IS NULL OR coalesce((r.overrides #>> '{aiEnabled,at}')::timestamptz > r.assigned_at, false))
$function$`;

/**
 * A machine's answer carries the number of the public stream at which it was begun. If anything was said or done there since, or
 * the room is not in its hands any more, it comes too late. The counter is locked, so nobody speaks in between.
 */
const FENCE: Replacement[] = [
  [
    `change jsonb, target integer)) WITH ORDINALITY AS e (`,
    `change jsonb, target integer, turn integer, ai boolean)) WITH ORDINALITY AS e (`,
  ],
  [`activity, assignee, change, target, ord)`, `activity, assignee, change, target, turn, ai, ord)`],
  [
    `WHEN u.role NOT IN ('agent', 'admin') AND e.stream = 'internal' THEN 'denied'
        WHEN r.status = 'closed' THEN 'closed'`,
    `WHEN u.role NOT IN ('agent', 'admin', 'bot') AND e.stream = 'internal' THEN 'denied'
        WHEN e.turn IS NOT NULL AND (c.public_seq <> e.turn OR NOT ai_holds(r)
          OR EXISTS (SELECT 1 FROM entry o WHERE o.room = e.room AND o.stream = 'public' AND o.ord < e.ord)) THEN 'late'
        WHEN r.status = 'closed' AND u.role <> 'bot' THEN 'closed'`,
  ],
  [
    `mentions, activity, assignee_id, change, target_seq, created_at)`,
    `mentions, activity, assignee_id, change, target_seq, ai, created_at)`,
  ],
  [`p.activity, p.assignee, p.change, p.target, stamp`, `p.activity, p.assignee, p.change, p.target, coalesce(p.ai, false), stamp`],
  [`bool_or(p.role IN ('agent', 'admin')) FILTER`, `bool_or(p.role IN ('agent', 'admin', 'bot')) FILTER`],
  [`(array_agg(p.role IN ('agent', 'admin') ORDER BY`, `(array_agg(p.role IN ('agent', 'admin', 'bot') ORDER BY`],
  [
    `WHERE e.wakes AND NOT unfit ? e.id::text AND r.status IN ('pending', 'snoozed')
          AND NOT EXISTS`,
    `WHERE e.wakes AND NOT unfit ? e.id::text AND r.status IN ('pending', 'snoozed') AND NOT ai_holds(r)
          AND NOT EXISTS`,
  ],
];

const REACH: Replacement[] = [
  [`CASE WHEN u.role IN ('agent', 'admin')`, `CASE WHEN u.role = 'bot' THEN true WHEN u.role IN ('agent', 'admin')`],
];

/** A machine that answers customers by turns, as a user of its own. */
export class AddAssist1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(AI_ANSWERS);
    await runner.query(AI_HOLDS);
    await runner.query(AI_MAY_TAKE);
    await rewriteFunction(runner, 'reaches_room', REACH);
    await rewriteFunction(runner, 'append_entries', FENCE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await rewriteFunction(runner, 'append_entries', FENCE, true);
    await rewriteFunction(runner, 'reaches_room', REACH, true);
    await runner.query('DROP FUNCTION ai_may_take');
    await runner.query('DROP FUNCTION ai_holds');
    await runner.query('DROP FUNCTION ai_answers');
    await runner.query('DROP TABLE assist_day, assist_room');
    await runner.query('DROP INDEX user_bot');
    await runner.query(`ALTER TABLE "user" DROP CONSTRAINT user_role,
      ADD CONSTRAINT user_role CHECK (role IN ('guest', 'customer', 'agent', 'admin')) NOT VALID`);
  }
}
