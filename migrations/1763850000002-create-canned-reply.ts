import type { MigrationInterface, QueryRunner } from 'typeorm';

const CANNED_REPLY = `
CREATE TABLE canned_reply (
  id uuid CONSTRAINT canned_reply_pkey PRIMARY KEY,
  business_id uuid NOT NULL CONSTRAINT canned_reply_business REFERENCES business,
  shortcut text NOT NULL,
  body text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX canned_reply_shortcut ON canned_reply (business_id, shortcut);
`;

export class CreateCannedReply1763850000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CANNED_REPLY);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE canned_reply');
  }
}
