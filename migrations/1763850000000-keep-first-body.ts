import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The body that a message was sent with, kept by its first edit. */
export class KeepFirstBody1763850000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE message ADD first_body text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE message DROP first_body');
  }
}
