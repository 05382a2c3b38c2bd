import type { MigrationInterface, QueryRunner } from 'typeorm';

const DRAFT = `
CREATE TABLE draft (
  room_id uuid NOT NULL CONSTRAINT draft_room REFERENCES room ON DELETE CASCADE,
  user_id uuid NOT NULL,
  stream text NOT NULL CONSTRAINT draft_stream CHECK (stream IN ('public', 'internal')),
  body text NOT NULL,
  reply_to uuid,
  updated_at timestamptz(3) NOT NULL,
  CONSTRAINT draft_pkey PRIMARY KEY (user_id, room_id, stream)
);
CREATE INDEX draft_room_id ON draft (room_id);
CREATE INDEX draft_updated_at ON draft (updated_at)`;

/** What people have begun to write. */
export class CreateDraft1763810000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(DRAFT);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE draft');
  }
}
