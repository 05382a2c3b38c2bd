import type { MigrationInterface, QueryRunner } from 'typeorm';
import { rewriteFunction, type Replacement } from './rewrite-function.js';

const TABLES = `
CREATE TABLE rule (
  id uuid CONSTRAINT rule_pkey PRIMARY KEY,
  business_id uuid NOT NULL CONSTRAINT rule_business REFERENCES business,
  name text NOT NULL,
  is_enabled boolean NOT NULL,
  event text NOT NULL,
  conditions jsonb NOT NULL,
  actions jsonb NOT NULL,
  since timestamptz(3) NOT NULL DEFAULT now(),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX rule_business_id ON rule (business_id, id);

CREATE TABLE rule_firing (
  id uuid CONSTRAINT rule_firing_pkey PRIMARY KEY,
  business_id uuid NOT NULL,
  rule_id uuid NOT NULL,
  rule_name text NOT NULL,
  room_id uuid NOT NULL,
  occasion_id uuid NOT NULL,
  event text NOT NULL,
  is_stopped boolean NOT NULL,
  is_done boolean NOT NULL,
  actions jsonb NOT NULL,
  at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX rule_firing_occasion ON rule_firing (room_id, occasion_id, rule_id);
CREATE INDEX rule_firing_business ON rule_firing (business_id, id);
CREATE INDEX rule_firing_rule ON rule_firing (rule_id, id);
CREATE INDEX rule_firing_room ON rule_firing (room_id, at);
CREATE INDEX rule_firing_at ON rule_firing (at);

CREATE TABLE automation_room (
  room_id uuid CONSTRAINT automation_room_pkey PRIMARY KEY,
  public_seq integer NOT NULL DEFAULT 0,
  internal_seq integer NOT NULL DEFAULT 0,
  is_begun boolean NOT NULL DEFAULT false,
  leased_until timestamptz(3),
  is_welcomed boolean NOT NULL DEFAULT false,
  reminded_for timestamptz(3)
) WITH (fillfactor = 70);
`;

const WRITTEN = `p.stream = 'public' AND p.client IS NOT NULL`;

/**
 * What a business says by itself answers nobody: the customer waits on. And any message of the machine may carry the number of the
 * public stream at which it was begun, so that it is not said when somebody speaks first.
 */
const ENTRIES: Replacement[] = [
  [`FILTER (WHERE ${WRITTEN}) AS staff_ever`, `FILTER (WHERE ${WRITTEN} AND (p.role <> 'bot' OR p.ai)) AS staff_ever`],
  [`FILTER (WHERE ${WRITTEN}))[1] AS staff_last`, `FILTER (WHERE ${WRITTEN} AND (p.role <> 'bot' OR p.ai)))[1] AS staff_last`],
  [`(c.public_seq <> e.turn OR NOT ai_holds(r)`, `(c.public_seq <> e.turn OR e.ai AND NOT ai_holds(r)`],
];

/** Rules, what they did, and how far they have come in each room. */
export class CreateRule1764100000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await rewriteFunction(runner, 'append_entries', ENTRIES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await rewriteFunction(runner, 'append_entries', ENTRIES, true);
    await runner.query('DROP TABLE automation_room, rule_firing, rule');
  }
}
