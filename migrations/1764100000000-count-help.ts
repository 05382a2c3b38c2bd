import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What staff ask the machine for is counted, too. */
export class CountHelp1764100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE assist_day ADD helps integer NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE assist_day DROP helps');
  }
}
