import type { MigrationInterface, QueryRunner } from 'typeorm';
import { rewriteFunction, type Replacement } from './rewrite-function.js';

/** Whoever reads on has read it. */
const READING: Replacement[] = [
  [
    'RETURN NEXT;',
    `IF of_stream = 'public' AND k.public_unread_from <= least(new_read, last_seq) THEN
    UPDATE mark m SET public_unread_from = NULL WHERE m.room_id = of_room AND m.user_id = of_user;
  ELSIF of_stream = 'internal' AND k.internal_unread_from <= least(new_read, last_seq) THEN
    UPDATE mark m SET internal_unread_from = NULL WHERE m.room_id = of_room AND m.user_id = of_user;
  END IF;
  RETURN NEXT;`,
  ],
];

/** From which entry on somebody counts a stream as unread, although it was read: marks themselves never move back. */
export class AddUnreadFrom1763810000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE mark ADD public_unread_from integer, ADD internal_unread_from integer');
    await rewriteFunction(runner, 'advance_mark', READING);
  }

  async down(runner: QueryRunner): Promise<void> {
    await rewriteFunction(runner, 'advance_mark', READING, true);
    await runner.query('ALTER TABLE mark DROP public_unread_from, DROP internal_unread_from');
  }
}
