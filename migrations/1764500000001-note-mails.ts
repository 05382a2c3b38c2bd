import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Up to which entry the customer of a room was told by mail. */
export class NoteMails1764500000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE automation_room ADD mailed_seq integer NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE automation_room DROP mailed_seq');
  }
}
