import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddSessionRestriction1763710000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE session ADD COLUMN is_restricted boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE session DROP COLUMN is_restricted');
  }
}
