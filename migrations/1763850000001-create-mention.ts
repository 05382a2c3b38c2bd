import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A table of its own, so that messages without mentions, nearly all of them, pay for no index. */
const UP = `
CREATE TABLE mention (
  user_id uuid NOT NULL,
  message_id uuid NOT NULL,
  room_id uuid NOT NULL CONSTRAINT mention_room REFERENCES room ON DELETE CASCADE,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT mention_pkey PRIMARY KEY (user_id, message_id)
);
CREATE INDEX mention_room_id ON mention (room_id);
CREATE INDEX mention_created_at ON mention (created_at);
INSERT INTO mention (user_id, message_id, room_id, created_at)
  SELECT named.id, m.id, m.room_id, m.created_at FROM message m CROSS JOIN LATERAL unnest(m.mentions) AS named (id)
    WHERE m.mentions <> '{}' AND named.id <> m.sender_id
    ON CONFLICT DO NOTHING;
`;

export class CreateMention1763850000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE mention');
  }
}
