import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
ALTER TABLE room ADD active_at timestamptz(3) NOT NULL DEFAULT now();
UPDATE room r SET active_at = c.active_at FROM stream_counter c WHERE c.room_id = r.id;

CREATE INDEX room_newest ON room (business_id, status, active_at, id);
CREATE INDEX room_newest_held ON room (assignee_id, status, active_at, id) WHERE assignee_id IS NOT NULL;
CREATE INDEX room_newest_free ON room (business_id, status, active_at, id) WHERE assignee_id IS NULL;
CREATE INDEX room_newest_team ON room (team_id, status, active_at, id) WHERE team_id IS NOT NULL;
CREATE INDEX room_longest ON room (business_id, status, priority, waiting_since, id);
CREATE INDEX room_longest_held ON room (assignee_id, status, priority, waiting_since, id) WHERE assignee_id IS NOT NULL;
CREATE INDEX room_longest_free ON room (business_id, status, priority, waiting_since, id) WHERE assignee_id IS NULL;
CREATE INDEX room_longest_team ON room (team_id, status, priority, waiting_since, id) WHERE team_id IS NOT NULL;
`;

const DOWN = `
DROP INDEX room_longest_team, room_longest_free, room_longest_held, room_longest;
DROP INDEX room_newest_team, room_newest_free, room_newest_held, room_newest;
ALTER TABLE room DROP active_at;
`;

/**
 * When something last happened in a room, where lists can sort by it. The counters know it first, but an index on those would
 * be written with every message; here it follows within about a second, many rooms in one statement.
 */
export class IndexInbox1763820000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
