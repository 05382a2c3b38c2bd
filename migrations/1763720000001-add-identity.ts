import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Customers whom the site of a business vouches for. */
export class AddIdentity1763720000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE business ADD identity_secret text');
    await runner.query('CREATE UNIQUE INDEX user_external_id ON "user" (business_id, external_id) WHERE external_id IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX user_external_id');
    await runner.query('ALTER TABLE business DROP identity_secret');
  }
}
