import type { MigrationInterface, QueryRunner } from 'typeorm';
import { rewriteFunction, type Replacement } from './rewrite-function.js';

const WAKING: Replacement[] = [
  [
    `JOIN room r ON r.id = e.room AND r.customer_id = e.sender
        WHERE e.wakes`,
    `JOIN room r ON r.id = e.room AND r.customer_id = e.sender
        JOIN "user" u ON u.id = e.sender AND NOT u.disabled AND NOT u.blocked
        WHERE e.wakes`,
  ],
];

/** A message of somebody who is blocked is refused, so it wakes no room. */
export class KeepRoomsOfTheBlockedAsleep1763900000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await rewriteFunction(runner, 'append_entries', WAKING);
  }

  async down(runner: QueryRunner): Promise<void> {
    await rewriteFunction(runner, 'append_entries', WAKING, true);
  }
}
