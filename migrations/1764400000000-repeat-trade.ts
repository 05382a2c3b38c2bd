import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A client whose answer was lost may ask for the trade of its refresh token again. */
export class RepeatTrade1764400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE refresh_token ADD attempt_id uuid, ADD successor text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE refresh_token DROP attempt_id, DROP successor');
  }
}
