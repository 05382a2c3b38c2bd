import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE label (
  id uuid CONSTRAINT label_pkey PRIMARY KEY,
  business_id uuid NOT NULL CONSTRAINT label_business REFERENCES business,
  name text NOT NULL,
  folded_name text NOT NULL,
  color text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at timestamptz(3)
);
CREATE INDEX label_business_id ON label (business_id, id);
CREATE UNIQUE INDEX label_name ON label (business_id, folded_name) WHERE deleted_at IS NULL;
CREATE INDEX label_deleted ON label (id) WHERE deleted_at IS NOT NULL;

ALTER TABLE room ADD label_ids uuid[] NOT NULL DEFAULT '{}';
CREATE INDEX room_labels ON room USING gin (label_ids) WHERE label_ids <> '{}';
ALTER TABLE "user" ADD label_ids uuid[] NOT NULL DEFAULT '{}';
CREATE INDEX user_labels ON "user" USING gin (label_ids) WHERE label_ids <> '{}';
`;

const DOWN = `
DROP INDEX user_labels, room_labels;
ALTER TABLE "user" DROP label_ids;
ALTER TABLE room DROP label_ids;
DROP TABLE label;
`;

/** Labels stand at what wears them, as teams at their agents: a list of rooms then reads no other table for them. */
export class AddLabels1763820000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
