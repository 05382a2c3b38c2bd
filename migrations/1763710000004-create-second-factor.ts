import type { MigrationInterface, QueryRunner } from 'typeorm';

const SECOND_FACTOR = `
CREATE TABLE second_factor (
  user_id uuid CONSTRAINT second_factor_pkey PRIMARY KEY CONSTRAINT second_factor_user REFERENCES "user",
  secret text NOT NULL,
  confirmed_at timestamptz(3),
  last_step integer NOT NULL DEFAULT 0
);

CREATE TABLE recovery_code (
  user_id uuid NOT NULL CONSTRAINT recovery_code_factor REFERENCES second_factor ON DELETE CASCADE,
  hash text NOT NULL,
  used_at timestamptz(3),
  CONSTRAINT recovery_code_pkey PRIMARY KEY (user_id, hash)
);
`;

export class CreateSecondFactor1763710000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SECOND_FACTOR);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE recovery_code, second_factor');
  }
}
