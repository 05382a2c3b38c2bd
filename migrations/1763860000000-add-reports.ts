import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What reports are read from. It follows the public streams, a little behind, so that no message pays for it, and can be made
 * anew from them at any time. No foreign keys: what was counted stays counted, whatever becomes of the room.
 */
const UP = `
CREATE TABLE room_progress (
  room_id uuid CONSTRAINT room_progress_pkey PRIMARY KEY,
  business_id uuid NOT NULL,
  seq integer NOT NULL DEFAULT -1,
  opened_at timestamptz(3),
  asked_at timestamptz(3),
  is_answered boolean NOT NULL DEFAULT false,
  is_taken boolean NOT NULL DEFAULT false,
  holder_id uuid
) WITH (fillfactor = 70);
CREATE INDEX room_progress_open ON room_progress (business_id) WHERE opened_at IS NOT NULL;

CREATE TABLE milestone (
  business_id uuid NOT NULL,
  at timestamptz(3) NOT NULL,
  room_id uuid NOT NULL,
  seq integer NOT NULL,
  kind text NOT NULL CONSTRAINT milestone_kind CHECK (kind IN ('opened', 'assigned', 'responded', 'closed')),
  agent_id uuid,
  ms bigint,
  CONSTRAINT milestone_pkey PRIMARY KEY (business_id, at, room_id, seq, kind)
);

CREATE INDEX room_rated ON room (business_id, rated_at) WHERE rated_at IS NOT NULL;

CREATE TABLE message_tally (
  business_id uuid NOT NULL,
  quarter timestamptz(3) NOT NULL,
  user_id uuid NOT NULL,
  messages integer NOT NULL,
  CONSTRAINT message_tally_pkey PRIMARY KEY (business_id, quarter, user_id)
) WITH (fillfactor = 70);
`;

export class AddReports1763860000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX room_rated');
    await runner.query('DROP TABLE message_tally, milestone, room_progress');
  }
}
