import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE audit_entry (
  id uuid CONSTRAINT audit_entry_pkey PRIMARY KEY,
  business_id uuid NOT NULL,
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  actor_id uuid,
  actor_role text,
  action text NOT NULL,
  target_type text NOT NULL,
  target_id uuid,
  ip text,
  details jsonb NOT NULL
);
CREATE INDEX audit_entry_business ON audit_entry (business_id, id);
CREATE INDEX audit_entry_actor ON audit_entry (business_id, actor_id, id);
CREATE INDEX audit_entry_target ON audit_entry (business_id, target_id, id);
`;

/** Who did what. */
export class AddAudit1763720000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_entry');
  }
}
