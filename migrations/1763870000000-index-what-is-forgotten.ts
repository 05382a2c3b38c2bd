import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE INDEX session_expires_at ON session (expires_at);
CREATE INDEX password_link_expires_at ON password_link (expires_at);
CREATE INDEX mail_created_at ON mail (created_at) WHERE sent_at IS NOT NULL OR given_up_at IS NOT NULL;
CREATE INDEX audit_entry_at ON audit_entry (at);
CREATE INDEX routing_decision_at ON routing_decision (at);
CREATE INDEX user_guests ON "user" (created_at, id) WHERE role = 'guest';
`;

const DOWN = 'DROP INDEX session_expires_at, password_link_expires_at, mail_created_at, audit_entry_at, routing_decision_at, user_guests';

/** The oldest rows of each kind are found without looking at the others. */
export class IndexWhatIsForgotten1763870000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
