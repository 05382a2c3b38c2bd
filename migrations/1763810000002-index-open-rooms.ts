import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The open rooms of a business: those that are looked through for idle ones. */
export class IndexOpenRooms1763810000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("CREATE INDEX room_open ON room (business_id, id) WHERE status = 'open'");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX room_open');
  }
}
