import type { MigrationInterface, QueryRunner } from 'typeorm';

const unique = (where: string): string => `
DROP INDEX user_account_email;
CREATE UNIQUE INDEX user_account_email ON "user" (business_id, email) WHERE ${where};
`;

/** An address is also taken by staff who have no password yet. */
export class CoverInvitedStaff1763710000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(unique("password_hash IS NOT NULL OR role IN ('agent', 'admin')"));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(unique('password_hash IS NOT NULL'));
  }
}
