import type { MigrationInterface, QueryRunner } from 'typeorm';

/** For servers that have missed what another one told of: which rooms changed lately. */
export class IndexRoomChanges1763880000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX room_updated_at ON room (updated_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX room_updated_at');
  }
}
