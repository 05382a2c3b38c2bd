import type { MigrationInterface, QueryRunner } from 'typeorm';
import { rewriteFunction, type Replacement } from './rewrite-function.js';

/** As in `src/search/mark-hits.ts`. */
const HYPHEN = '(?<=[[:alnum:]])-(?=[0-9])';

const TEXT: Replacement[] = [
  [
    `THEN translate(body, '<>&', '   ')`,
    `THEN CASE WHEN position('-' IN body) = 0 THEN translate(body, '<>&', '   ')
      ELSE regexp_replace(translate(body, '<>&', '   '), '${HYPHEN}', ' ', 'g') END`,
  ],
  [`ELSE regexp_replace(body, '`, `ELSE regexp_replace(regexp_replace(body, '`],
  [`]', ' ', 'g') END`, `]', ' ', 'g'), '${HYPHEN}', ' ', 'g') END`],
];

/** What `follow_streams` indexes of a message, for those that are indexed already and hold such a number. */
const INDEX_AGAIN = `
UPDATE search_message s SET words = array_to_tsvector(ARRAY(
    SELECT bucket || word FROM unnest(tsvector_to_array(search_words(configuration, body))) AS w (word) WHERE length(word) < 200
  ) || (bucket || CASE stream WHEN 'public' THEN 'P' ELSE 'I' END || right(room_id::text, 8)))
  FROM (SELECT m.id, m.room_id, m.stream, m.body, lpad(to_hex(i.bucket_id), 6, '0') AS bucket, search_configuration(b.locale) AS configuration
    FROM search_message i JOIN message m ON m.id = i.message_id JOIN room r ON r.id = m.room_id JOIN business b ON b.id = r.business_id
    WHERE m.body ~ '${HYPHEN}' AND m.deleted_at IS NULL) said
  WHERE s.message_id = said.id`;

/**
 * The number in "A-12345" is a word of its own: PostgreSQL took it for a negative one, which nobody searches for who has read the
 * number of an order aloud.
 */
export class CutWordsBeforeNumbers1764700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await rewriteFunction(runner, 'search_text', TEXT);
    await runner.query(INDEX_AGAIN);
  }

  async down(runner: QueryRunner): Promise<void> {
    await rewriteFunction(runner, 'search_text', TEXT, true);
    await runner.query(INDEX_AGAIN);
  }
}
