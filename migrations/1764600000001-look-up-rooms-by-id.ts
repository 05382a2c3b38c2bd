import type { MigrationInterface, QueryRunner } from 'typeorm';
import { rewriteFunction, type Replacement } from './rewrite-function.js';

const MESSAGES: Replacement[] = [
  [
    `    JOIN room r ON r.id = rooms[l.room] AND r.business_id = l.business AND r.status = 'open'
    JOIN "user" u ON u.id = l.sender AND u.business_id = l.business AND may_write(u, r, l.internals > 0)
`,
    `    CROSS JOIN LATERAL (
      SELECT s.role, s.name, s.avatar_url FROM "user" s, room r
        WHERE r.id = rooms[l.room] AND r.business_id IS NOT DISTINCT FROM l.business AND r.status IS NOT DISTINCT FROM 'open'
          AND s.id = l.sender AND s.business_id IS NOT DISTINCT FROM l.business AND may_write(s, r, l.internals > 0)
        OFFSET 0) u
`,
  ],
];

const ENTRIES: Replacement[] = [
  [
    `WHERE r.id = ANY (waking) AND r.status IN ('pending', 'snoozed')
`,
    `WHERE r.id = ANY (waking) AND (r.status IN ('pending', 'snoozed')) IS TRUE
`,
  ],
  [
    `(SELECT 1 FROM room r WHERE r.id = ANY (waking) AND r.status IN ('pending', 'snoozed'))`,
    `(SELECT 1 FROM room r WHERE r.id = ANY (waking) AND (r.status IN ('pending', 'snoozed')) IS TRUE)`,
  ],
  [
    `LEFT JOIN room r ON r.id = e.room AND r.business_id = e.business
    LEFT JOIN "user" u ON u.id = e.sender AND u.business_id = e.business`,
    `LEFT JOIN room r ON r.id = e.room AND r.business_id IS NOT DISTINCT FROM e.business
    LEFT JOIN "user" u ON u.id = e.sender AND u.business_id IS NOT DISTINCT FROM e.business`,
  ],
];

/**
 * Rooms and people are looked up by their ids, one at a time, whatever PostgreSQL knows of the tables. What else is asked of them
 * says `IS NOT DISTINCT FROM` or `IS TRUE`, which no index answers, and `OFFSET 0` keeps lanes from being joined in another order. On a
 * server that was new, or whose tables had just grown, each message was compared with every open room of its business.
 */
export class LookUpRoomsById1764600000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await rewriteFunction(runner, 'append_messages', MESSAGES);
    await rewriteFunction(runner, 'append_entries', ENTRIES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await rewriteFunction(runner, 'append_entries', ENTRIES, true);
    await rewriteFunction(runner, 'append_messages', MESSAGES, true);
  }
}
