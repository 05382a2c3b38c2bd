import type { MigrationInterface, QueryRunner } from 'typeorm';

const PASSWORD_LINK = `
CREATE TABLE password_link (
  hash text CONSTRAINT password_link_pkey PRIMARY KEY,
  user_id uuid NOT NULL CONSTRAINT password_link_user REFERENCES "user",
  purpose text NOT NULL CONSTRAINT password_link_purpose CHECK (purpose IN ('reset', 'invitation')),
  email text NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3)
);
CREATE INDEX password_link_user_id ON password_link (user_id);
`;

export class CreatePasswordLink1763710000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PASSWORD_LINK);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE password_link');
  }
}
