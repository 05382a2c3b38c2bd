import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Blank first, so that the beginning of the first word is like that of any other. */
export const TEXT = (u: string): string =>
  `(' ' || coalesce(${u}name, '') || ' ' || coalesce(${u}email, '') || ' ' || coalesce(${u}username, '') || ' ' || coalesce(${u}external_id, ''))`;

const INDEXES = `
CREATE INDEX user_text ON "user" USING gin (business_id, ${TEXT('')} gin_trgm_ops)
  WHERE role IN ('guest', 'customer') AND NOT disabled;
CREATE INDEX room_subject ON room USING gin (business_id, (' ' || subject) gin_trgm_ops) WHERE subject IS NOT NULL;
`;

/** Literally what was asked for, of one or two letters or digits at the beginning of a word, or a word much like it. */
const MATCHES = (text: string): string => `${text} ILIKE pattern OR (length(q) > 2 AND ${text} %> q)`;

const SETTINGS = `SET pg_trgm.word_similarity_threshold = 0.5 SET enable_seqscan = off SET jit = off`;

const PATTERN = `
  pattern text := CASE WHEN length(q) > 2 OR q !~ '[[:alnum:]]' THEN '%' ELSE '% ' END || regexp_replace(q, '([\\\\%_])', '\\\\\\1', 'g') || '%';`;

const FIND_CUSTOMERS = `
CREATE FUNCTION find_customers(business uuid, q text) RETURNS SETOF uuid LANGUAGE plpgsql STABLE ROWS 100 ${SETTINGS} AS $function$
DECLARE${PATTERN}
BEGIN
  RETURN QUERY SELECT u.id FROM "user" u
    WHERE u.business_id = business AND u.role IN ('guest', 'customer') AND NOT u.disabled AND (${MATCHES(TEXT('u.'))});
END
$function$`;

const FIND_ROOMS = `
CREATE FUNCTION find_rooms(business uuid, q text) RETURNS SETOF uuid LANGUAGE plpgsql STABLE ROWS 100 ${SETTINGS} AS $function$
DECLARE${PATTERN}
BEGIN
  RETURN QUERY SELECT r.id FROM room r WHERE r.business_id = business AND r.subject IS NOT NULL AND (${MATCHES("(' ' || r.subject)")})
    UNION SELECT r.id FROM find_customers(business, q) AS c (id) JOIN room r ON r.customer_id = c.id;
END
$function$`;

/** Customers by what names them, and rooms by their subject and their customer, also where somebody spells it otherwise. */
export class SearchPeople1763830000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Loads the library whose setting the functions name.
    await runner.query("SELECT show_trgm('')");
    for (const statement of [INDEXES, FIND_CUSTOMERS, FIND_ROOMS]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION find_rooms');
    await runner.query('DROP FUNCTION find_customers');
    await runner.query('DROP INDEX room_subject, user_text');
  }
}
