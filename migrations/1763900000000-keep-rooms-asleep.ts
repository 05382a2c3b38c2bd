import type { MigrationInterface, QueryRunner } from 'typeorm';
import { rewriteFunction, type Replacement } from './rewrite-function.js';

/** What is unfit was found out before, under the same locks. */
const WAKING: Replacement[] = [
  [
    `AS e (room uuid, sender uuid, client uuid, wakes boolean)
        JOIN room r ON r.id = e.room AND r.customer_id = e.sender
        WHERE e.wakes AND r.status`,
    `AS e (id uuid, room uuid, sender uuid, client uuid, wakes boolean)
        JOIN room r ON r.id = e.room AND r.customer_id = e.sender
        WHERE e.wakes AND NOT unfit ? e.id::text AND r.status`,
  ],
];

/** A message that is refused because another one has its file wakes no room. */
export class KeepRoomsAsleep1763900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await rewriteFunction(runner, 'append_entries', WAKING);
  }

  async down(runner: QueryRunner): Promise<void> {
    await rewriteFunction(runner, 'append_entries', WAKING, true);
  }
}
