import type { MigrationInterface, QueryRunner } from 'typeorm';

const RESUME_LINK = `
CREATE TABLE resume_link (
  hash text CONSTRAINT resume_link_pkey PRIMARY KEY,
  user_id uuid NOT NULL CONSTRAINT resume_link_user REFERENCES "user",
  purpose text NOT NULL CONSTRAINT resume_link_purpose CHECK (purpose IN ('device', 'mail')),
  expires_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3)
);
CREATE INDEX resume_link_user_id ON resume_link (user_id);
CREATE INDEX resume_link_expires_at ON resume_link (expires_at);
`;

export class CreateResumeLink1764500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(RESUME_LINK);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE resume_link');
  }
}
