import type { MigrationInterface, QueryRunner } from 'typeorm';

const MAIL = `
CREATE TABLE mail (
  id uuid CONSTRAINT mail_pkey PRIMARY KEY,
  user_id uuid NOT NULL,
  recipient text NOT NULL,
  subject text NOT NULL,
  text text,
  html text,
  until timestamptz(3) NOT NULL,
  due_at timestamptz(3) NOT NULL DEFAULT now(),
  tries integer NOT NULL DEFAULT 0,
  fault text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  sent_at timestamptz(3),
  given_up_at timestamptz(3)
);
CREATE INDEX mail_user_id ON mail (user_id);
CREATE INDEX mail_waiting ON mail (due_at) WHERE sent_at IS NULL AND given_up_at IS NULL;
`;

export class CreateMail1763710000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(MAIL);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE mail');
  }
}
