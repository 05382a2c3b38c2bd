import type { MigrationInterface, QueryRunner } from 'typeorm';
import { rewriteFunction, type Replacement } from './rewrite-function.js';

/** The counters are locked here, so of two messages of one room with one file the second sees it used. */
const RULES: Replacement[] = [
  ['batch json)', `batch json, files uuid[] DEFAULT '{}'::uuid[])`],
  [`woken jsonb := '{}';`, `woken jsonb := '{}';\n  unfit jsonb := '{}';`],
  [
    `stamp := date_trunc('milliseconds', clock_timestamp());`,
    `stamp := date_trunc('milliseconds', clock_timestamp());

  IF cardinality(files) > 0 THEN
    PERFORM 1 FROM upload f WHERE f.id = ANY (files) ORDER BY f.id FOR UPDATE;
    SELECT coalesce(jsonb_object_agg(u.id, u.verdict), '{}') INTO unfit FROM (
      SELECT e.id, CASE WHEN bool_or(f.id IS NULL) THEN 'unknown_file' ELSE 'used_file' END AS verdict
        FROM json_to_recordset(batch) AS e (id uuid, room uuid, sender uuid, files uuid[])
        CROSS JOIN LATERAL unnest(e.files) AS wanted (file)
        LEFT JOIN upload f ON f.id = wanted.file AND f.room_id = e.room AND f.uploader_id = e.sender
        GROUP BY e.id
        HAVING bool_or(f.id IS NULL OR f.message_id IS NOT NULL)) u;
  END IF;`,
  ],
  [
    `WHEN r.status = 'closed' THEN 'closed'
        ELSE 'stored'`,
    `WHEN r.status = 'closed' THEN 'closed'
        ELSE coalesce(unfit ->> e.id::text, 'stored')`,
  ],
  [
    `FROM placed p
    ORDER BY p.ord;`,
    `FROM placed p
    ORDER BY p.ord;

  IF cardinality(files) > 0 THEN
    UPDATE upload f SET message_id = m.id, place = wanted.ord, is_internal = m.stream = 'internal'
      FROM json_to_recordset(batch) AS e (id uuid, files uuid[])
      JOIN message m ON m.id = e.id
      CROSS JOIN LATERAL unnest(e.files) WITH ORDINALITY AS wanted (file, ord)
      WHERE f.id = wanted.file;
  END IF;`,
  ],
];

/** Files, the messages they are attached to, and how much each visitor has sent on a day. */
export class CreateUpload1763840000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE upload (
        id uuid CONSTRAINT upload_pkey PRIMARY KEY,
        business_id uuid NOT NULL CONSTRAINT upload_business REFERENCES business,
        room_id uuid NOT NULL CONSTRAINT upload_room REFERENCES room,
        uploader_id uuid NOT NULL CONSTRAINT upload_uploader REFERENCES "user",
        name text NOT NULL,
        mime text NOT NULL,
        size integer NOT NULL,
        width integer,
        height integer,
        has_thumbnail boolean NOT NULL,
        message_id uuid,
        place smallint,
        is_internal boolean NOT NULL DEFAULT false,
        created_at timestamptz(3) NOT NULL DEFAULT now())`);
    await runner.query('CREATE INDEX upload_message_id ON upload (message_id) WHERE message_id IS NOT NULL');
    await runner.query('CREATE INDEX upload_unattached ON upload (created_at) WHERE message_id IS NULL');
    await runner.query('CREATE INDEX upload_uploader_id ON upload (uploader_id)');
    await runner.query(`
      CREATE TABLE upload_day (
        user_id uuid NOT NULL,
        day date NOT NULL,
        bytes integer NOT NULL,
        CONSTRAINT upload_day_pkey PRIMARY KEY (user_id, day))`);
    await rewriteFunction(runner, 'append_entries', RULES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await rewriteFunction(runner, 'append_entries', RULES, true);
    await runner.query('DROP TABLE upload_day');
    await runner.query('DROP TABLE upload');
  }
}
