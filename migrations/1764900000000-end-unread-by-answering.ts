import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A customer that marked a room as unread and then answers has read it. Its messages touch no mark, so the mark says up to where the
 * customer had answered when it was set. Those that are there end: their customers may have answered long since.
 */
export class EndUnreadByAnswering1764900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE mark ADD unread_at_answer integer NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE mark DROP unread_at_answer');
  }
}
