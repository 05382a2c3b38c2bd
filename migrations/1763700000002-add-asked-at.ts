import type { MigrationInterface, QueryRunner } from 'typeorm';
import { rewriteFunction, type Replacement } from './rewrite-function.js';

/** 0 leaves it, 1 staff spoke last, 2 the customer did, 3 the customer did after staff in the same batch. */
const MESSAGES: Replacement[] = [
  ['replies uuid[])', 'replies uuid[], asks integer[] DEFAULT NULL::integer[])'],
  [
    `active_at = stamp
    FROM unnest(rooms, publics, internals) AS n (room, publics, internals)`,
    `active_at = stamp,
      asked_at = CASE n.ask WHEN 1 THEN NULL WHEN 2 THEN coalesce(c.asked_at, stamp) WHEN 3 THEN stamp ELSE c.asked_at END
    FROM unnest(rooms, publics, internals, asks) AS n (room, publics, internals, ask)`,
  ],
];

const ENTRIES: Replacement[] = [
  [
    `active_at = stamp
      FROM (`,
    `active_at = stamp,
        asked_at = CASE WHEN n.staff_last IS NULL THEN c.asked_at WHEN n.staff_last THEN NULL
          WHEN n.staff_ever THEN stamp ELSE coalesce(c.asked_at, stamp) END
      FROM (`,
  ],
  [
    `count(*) FILTER (WHERE p.stream = 'internal') AS internals
            FROM placed p WHERE p.seq IS NOT NULL GROUP BY p.room) n`,
    `count(*) FILTER (WHERE p.stream = 'internal') AS internals,
              bool_or(p.role IN ('agent', 'admin')) FILTER (WHERE p.stream = 'public' AND p.client IS NOT NULL) AS staff_ever,
              (array_agg(p.role IN ('agent', 'admin') ORDER BY p.ord DESC)
                FILTER (WHERE p.stream = 'public' AND p.client IS NOT NULL))[1] AS staff_last
            FROM placed p WHERE p.seq IS NOT NULL GROUP BY p.room) n`,
  ],
];

/** Since when the customer of a room waits for an answer. */
export class AddAskedAt1763700000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE stream_counter ADD asked_at timestamptz(3)');
    await rewriteFunction(runner, 'append_messages', MESSAGES);
    await rewriteFunction(runner, 'append_entries', ENTRIES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await rewriteFunction(runner, 'append_entries', ENTRIES, true);
    await rewriteFunction(runner, 'append_messages', MESSAGES, true);
    await runner.query('ALTER TABLE stream_counter DROP asked_at');
  }
}
