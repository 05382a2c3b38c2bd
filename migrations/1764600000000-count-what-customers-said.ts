import type { MigrationInterface, QueryRunner } from 'typeorm';
import { rewriteFunction, type Replacement } from './rewrite-function.js';

/** `spoken` are places like those of `lane_publics`: of the last message of a room's customer, who has no marks in its lane then. */
const MESSAGES: Replacement[] = [
  ['asks integer[] DEFAULT NULL::integer[])', 'asks integer[] DEFAULT NULL::integer[], spoken integer[] DEFAULT NULL::integer[])'],
  [
    `WHEN 3 THEN stamp ELSE c.asked_at END
    FROM unnest(rooms, publics, internals, asks) AS n (room, publics, internals, ask)`,
    `WHEN 3 THEN stamp ELSE c.asked_at END,
      customer_seq = CASE WHEN n.spoken > 0 THEN c.public_seq + n.spoken ELSE c.customer_seq END
    FROM unnest(rooms, publics, internals, asks, spoken) AS n (room, publics, internals, ask, spoken)`,
  ],
  [
    `lane_internals) AS n (room, sender, publics, internals)) l
`,
    `lane_internals) AS n (room, sender, publics, internals)
            WHERE n.publics > 0 OR n.internals > 0) l
`,
  ],
];

const ENTRIES: Replacement[] = [
  [
    `WHEN n.staff_ever THEN stamp ELSE coalesce(c.asked_at, stamp) END
      FROM (`,
    `WHEN n.staff_ever THEN stamp ELSE coalesce(c.asked_at, stamp) END,
        customer_seq = greatest(c.customer_seq, n.spoken)
      FROM (`,
  ],
  [
    `[1] AS staff_last
            FROM placed p`,
    `[1] AS staff_last,
              max(p.seq) FILTER (WHERE p.stream = 'public' AND p.client IS NOT NULL AND p.role NOT IN ('agent', 'admin', 'bot')) AS spoken
            FROM placed p`,
  ],
  [
    'WHERE p.seq IS NOT NULL AND p.client IS NOT NULL GROUP BY p.room, p.sender) p',
    `WHERE p.seq IS NOT NULL AND p.client IS NOT NULL AND p.role IN ('agent', 'admin', 'bot') GROUP BY p.room, p.sender) p`,
  ],
];

const MARK: Replacement[] = [
  [
    `  old_read integer;
`,
    `  old_read integer;
  spoken integer;
`,
  ],
  [
    `SELECT CASE of_stream WHEN 'public' THEN c.public_seq ELSE c.internal_seq END INTO last_seq
    FROM stream_counter c WHERE c.room_id = of_room;`,
    `SELECT CASE of_stream WHEN 'public' THEN c.public_seq ELSE c.internal_seq END,
      CASE WHEN of_stream = 'public' AND r.customer_id = of_user THEN c.customer_seq ELSE 0 END INTO last_seq, spoken
    FROM stream_counter c JOIN room r ON r.id = c.room_id WHERE c.room_id = of_room;`,
  ],
  [
    `old_delivered := CASE of_stream WHEN 'public' THEN k.public_delivered ELSE k.internal_delivered END;
  old_read := CASE of_stream WHEN 'public' THEN k.public_read ELSE k.internal_read END;`,
    `old_delivered := greatest(spoken, CASE of_stream WHEN 'public' THEN k.public_delivered ELSE k.internal_delivered END);
  old_read := greatest(spoken, CASE of_stream WHEN 'public' THEN k.public_read ELSE k.internal_read END);`,
  ],
];

const CHANGES: [name: string, replacements: Replacement[]][] = [
  ['append_messages', MESSAGES],
  ['append_entries', ENTRIES],
  ['advance_mark', MARK],
];

/**
 * Up to which entry a customer has read by answering it. It stands beside the numbers that a message moves anyway: a row of its own,
 * moved with each of them, was a tenth of what a busy room's message cost the database. The marks of staff stay rows.
 */
export class CountWhatCustomersSaid1764600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE stream_counter ADD customer_seq integer NOT NULL DEFAULT 0');
    for (const [name, replacements] of CHANGES) await rewriteFunction(runner, name, replacements);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [name, replacements] of CHANGES) await rewriteFunction(runner, name, replacements, true);
    await runner.query(`
INSERT INTO mark AS k (room_id, user_id, public_delivered, public_read)
  SELECT r.id, r.customer_id, c.customer_seq, c.customer_seq FROM stream_counter c JOIN room r ON r.id = c.room_id WHERE c.customer_seq > 0
  ON CONFLICT (room_id, user_id) DO UPDATE SET
    public_delivered = greatest(k.public_delivered, excluded.public_delivered), public_read = greatest(k.public_read, excluded.public_read)`);
    await runner.query('ALTER TABLE stream_counter DROP customer_seq');
  }
}
