import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When somebody last did something is kept: a connection that comes back by itself, at night, is nobody who can be given rooms. */
export class RememberWhoIsActive1764800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE presence ADD active_at timestamptz(3)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE presence DROP active_at');
  }
}
