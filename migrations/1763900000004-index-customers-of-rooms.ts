import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whose customers somebody has who reaches some rooms only, in the order of their list. */
export class IndexCustomersOfRooms1763900000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX room_customer_held ON room (assignee_id, customer_id) WHERE assignee_id IS NOT NULL');
    await runner.query('CREATE INDEX room_customer_team ON room (team_id, customer_id) WHERE team_id IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX room_customer_team, room_customer_held');
  }
}
