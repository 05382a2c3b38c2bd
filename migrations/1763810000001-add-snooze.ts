import type { MigrationInterface, QueryRunner } from 'typeorm';
import { rewriteFunction, type Replacement } from './rewrite-function.js';

const WAKING: Replacement[] = [
  [
    `SET status = 'open', updated_at = stamp, waiting_since = stamp WHERE`,
    `SET status = 'open', snoozed_until = NULL, updated_at = stamp, waiting_since = stamp WHERE`,
  ],
];

/** Rooms that sleep until a time, or until their customer writes. */
export class AddSnooze1763810000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE room ADD snoozed_until timestamptz(3)');
    await runner.query("CREATE INDEX room_snoozed ON room (snoozed_until) WHERE status = 'snoozed'");
    await rewriteFunction(runner, 'append_entries', WAKING);
  }

  async down(runner: QueryRunner): Promise<void> {
    await rewriteFunction(runner, 'append_entries', WAKING, true);
    await runner.query('DROP INDEX room_snoozed');
    await runner.query('ALTER TABLE room DROP snoozed_until');
  }
}
