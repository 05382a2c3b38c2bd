import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
ALTER TABLE presence_lease ADD is_idle boolean NOT NULL DEFAULT false;

ALTER TABLE room
  ADD assigned_at timestamptz(3),
  ADD declined_by_id uuid;
CREATE INDEX room_overridden ON room (business_id) WHERE status = 'open' AND assignee_id IS NULL AND overrides <> '{}';
CREATE INDEX user_holder ON "user" (id) WHERE load > 0;

CREATE TABLE queue_departure (
  id uuid CONSTRAINT queue_departure_pkey PRIMARY KEY,
  business_id uuid NOT NULL CONSTRAINT queue_departure_business REFERENCES business ON DELETE CASCADE,
  at timestamptz(3) NOT NULL,
  gap_ms integer NOT NULL,
  agents integer NOT NULL
);
CREATE INDEX queue_departure_newest ON queue_departure (business_id, at);

CREATE TABLE routing_decision (
  id uuid CONSTRAINT routing_decision_pkey PRIMARY KEY,
  business_id uuid NOT NULL CONSTRAINT routing_decision_business REFERENCES business ON DELETE CASCADE,
  room_id uuid NOT NULL CONSTRAINT routing_decision_room REFERENCES room ON DELETE CASCADE,
  agent_id uuid,
  facts jsonb NOT NULL,
  at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX routing_decision_room_id ON routing_decision (room_id, at, id);
CREATE UNIQUE INDEX routing_decision_waiting ON routing_decision (room_id) WHERE agent_id IS NULL;
`;

const DOWN = `
DROP TABLE routing_decision;
DROP TABLE queue_departure;
DROP INDEX user_holder;
ALTER TABLE room DROP assigned_at, DROP declined_by_id;
DROP INDEX room_overridden;
ALTER TABLE presence_lease DROP is_idle;
`;

export class AddRouting1763700000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
