import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE saved_view (
  id uuid CONSTRAINT saved_view_pkey PRIMARY KEY,
  business_id uuid NOT NULL CONSTRAINT saved_view_business REFERENCES business,
  owner_id uuid CONSTRAINT saved_view_owner REFERENCES "user",
  name text NOT NULL,
  filter jsonb NOT NULL,
  label_id uuid,
  sort text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX saved_view_owner_id ON saved_view (business_id, owner_id, id);
`;

export class CreateSavedView1763820000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE saved_view');
  }
}
