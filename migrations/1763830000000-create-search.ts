import type { MigrationInterface, QueryRunner } from 'typeorm';
import { requireExtension } from './require-extension.js';

const TABLES = `
CREATE TABLE search_bucket (
  id integer GENERATED ALWAYS AS IDENTITY CONSTRAINT search_bucket_pkey PRIMARY KEY,
  business_id uuid NOT NULL,
  messages integer NOT NULL DEFAULT 0
);
CREATE INDEX search_bucket_newest ON search_bucket (business_id, id);

CREATE TABLE search_message (
  message_id uuid CONSTRAINT search_message_pkey PRIMARY KEY,
  bucket_id integer NOT NULL,
  words tsvector NOT NULL
);

CREATE TABLE search_position (
  room_id uuid CONSTRAINT search_position_pkey PRIMARY KEY,
  public_seq integer NOT NULL DEFAULT 0,
  internal_seq integer NOT NULL DEFAULT 0
) WITH (fillfactor = 70);
`;

const LANGUAGES = {
  ar: 'arabic',
  da: 'danish',
  nl: 'dutch',
  en: 'english',
  fi: 'finnish',
  fr: 'french',
  de: 'german',
  el: 'greek',
  hu: 'hungarian',
  id: 'indonesian',
  it: 'italian',
  no: 'norwegian',
  nb: 'norwegian',
  nn: 'norwegian',
  pt: 'portuguese',
  ro: 'romanian',
  ru: 'russian',
  es: 'spanish',
  sv: 'swedish',
  tr: 'turkish',
};

const CONFIGURATION = `
CREATE FUNCTION search_configuration(locale text) RETURNS regconfig LANGUAGE sql IMMUTABLE AS $function$
  SELECT CASE split_part(lower(locale), '-', 1)
    ${Object.entries(LANGUAGES)
      .map(([tag, name]) => `WHEN '${tag}' THEN 'pg_catalog.${name}'::regconfig`)
      .join('\n    ')}
    ELSE 'pg_catalog.simple'::regconfig END
$function$`;

/**
 * Text without the signs that are in no word. Of those that are not ASCII PostgreSQL takes all for letters where its locale is C,
 * as in the embedded one. `src/message/mark-hits.ts` has the same signs.
 */
const TEXT = `
CREATE FUNCTION search_text(body text) RETURNS text LANGUAGE sql IMMUTABLE AS $function$
  SELECT CASE WHEN octet_length(body) = length(body) THEN translate(body, '<>&', '   ')
    ELSE regexp_replace(body, '[<>&\\u00a1-\\u00bf\\u2000-\\u206f\\u20a0-\\u20cf\\u2190-\\u2bff\\u3000-\\u303f\\uff00-\\uff0f\\uff1a-\\uff20\\ufe0f\\U0001F000-\\U0001FAFF]', ' ', 'g') END
$function$`;

/**
 * The words of a body, as they are written and as the language reduces them: what was indexed in another language, and the
 * beginning of a word that somebody is still typing, are found by the first. A gap between the two keeps phrases from going over it. Markup is text like any other.
 */
const WORDS = `
CREATE FUNCTION search_words(configuration regconfig, body text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $function$
  SELECT CASE WHEN configuration = 'pg_catalog.simple'::regconfig THEN to_tsvector(configuration, search_text(body))
    ELSE ts_delete(to_tsvector('pg_catalog.simple'::regconfig, search_text(body)) || '<gap>:2'::tsvector
      || to_tsvector(configuration, search_text(body)), '<gap>') END
$function$`;

/**
 * What is indexed of a message: each word, and the room with its stream, behind the number of its bucket. A word of one
 * bucket is thereby a key of its own, and those of the newest buckets lie together. Words of 200 characters are none.
 */
export const KEYS = `
CREATE FUNCTION search_keys(bucket integer, room uuid, stream text, configuration regconfig, body text)
RETURNS tsvector LANGUAGE sql IMMUTABLE AS $function$
  SELECT array_to_tsvector(ARRAY(
    SELECT lpad(to_hex(bucket), 6, '0') || word FROM unnest(tsvector_to_array(search_words(configuration, body))) AS w (word)
      WHERE length(word) < 200
  ) || (lpad(to_hex(bucket), 6, '0') || CASE stream WHEN 'public' THEN 'P' ELSE 'I' END || right(room::text, 8)))
$function$`;

/**
 * Follows the streams of these rooms by at most so many entries each, from where the index stands in them. A new message goes
 * into the newest bucket of its business, an edited one stays in its own, a deleted one goes. Returns the rooms in which more
 * may be left, also because another server has them in hand.
 */
const FOLLOW = `
CREATE FUNCTION follow_streams(rooms uuid[], most integer) RETURNS uuid[] LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
  held uuid[];
  publics integer[];
  internals integer[];
  entries uuid[];
  targets uuid[];
  fresh record;
  bucket integer;
  businesses uuid[] := '{}';
  buckets integer[] := '{}';
  unfinished uuid[];
BEGIN
  INSERT INTO search_position (room_id) SELECT c.room_id FROM stream_counter c WHERE c.room_id = ANY (rooms) ORDER BY 1
    ON CONFLICT DO NOTHING;
  SELECT array_agg(p.room_id), array_agg(p.public_seq), array_agg(p.internal_seq) INTO held, publics, internals
    FROM (SELECT * FROM search_position WHERE room_id = ANY (rooms) ORDER BY room_id FOR UPDATE SKIP LOCKED) p;

  SELECT array_agg(e.id), array_agg(DISTINCT t.id) FILTER (WHERE t.id IS NOT NULL) INTO entries, targets
    FROM unnest(held, publics, internals) AS p (room, public, internal)
    CROSS JOIN (VALUES ('public'), ('internal')) AS s (stream)
    CROSS JOIN LATERAL (SELECT m.id, m.seq, m.kind, m.target_seq FROM message m
      WHERE m.room_id = p.room AND m.stream = s.stream AND m.seq > CASE s.stream WHEN 'public' THEN p.public ELSE p.internal END
      ORDER BY m.seq LIMIT most) e
    LEFT JOIN message t ON e.kind <> 'activity' AND t.room_id = p.room AND t.stream = s.stream AND t.seq = coalesce(e.target_seq, e.seq);

  DELETE FROM search_message s USING message m
    WHERE s.message_id = ANY (targets) AND m.id = s.message_id AND (m.deleted_at IS NOT NULL OR m.body IS NULL);

  FOR fresh IN
    SELECT r.business_id, count(*)::integer AS messages FROM message m JOIN room r ON r.id = m.room_id
      WHERE m.id = ANY (targets) AND m.body IS NOT NULL AND m.deleted_at IS NULL
        AND NOT EXISTS (SELECT FROM search_message s WHERE s.message_id = m.id)
      GROUP BY r.business_id ORDER BY r.business_id
  LOOP
    SELECT b.id INTO bucket FROM search_bucket b WHERE b.business_id = fresh.business_id ORDER BY b.id DESC LIMIT 1;
    UPDATE search_bucket SET messages = messages + fresh.messages WHERE id = bucket AND messages < 4096;
    IF NOT FOUND THEN
      INSERT INTO search_bucket (business_id, messages) VALUES (fresh.business_id, fresh.messages) RETURNING id INTO bucket;
    END IF;
    businesses := businesses || fresh.business_id;
    buckets := buckets || bucket;
  END LOOP;

  INSERT INTO search_message AS known (message_id, bucket_id, words)
    SELECT m.id, place.bucket, search_keys(place.bucket, m.room_id, m.stream, search_configuration(b.locale), m.body)
      FROM message m JOIN room r ON r.id = m.room_id JOIN business b ON b.id = r.business_id
      LEFT JOIN search_message s ON s.message_id = m.id
      CROSS JOIN LATERAL (SELECT coalesce(s.bucket_id, buckets[array_position(businesses, r.business_id)]) AS bucket) place
      WHERE m.id = ANY (targets) AND m.body IS NOT NULL AND m.deleted_at IS NULL AND place.bucket IS NOT NULL
      ORDER BY m.id
    ON CONFLICT (message_id) DO UPDATE SET words = excluded.words;

  UPDATE search_position p
    SET public_seq = greatest(p.public_seq, e.public), internal_seq = greatest(p.internal_seq, e.internal)
    FROM (SELECT m.room_id, max(m.seq) FILTER (WHERE m.stream = 'public') AS public, max(m.seq) FILTER (WHERE m.stream = 'internal') AS internal
      FROM message m WHERE m.id = ANY (entries) GROUP BY m.room_id) e
    WHERE p.room_id = e.room_id;

  SELECT array_agg(c.room_id) INTO unfinished FROM stream_counter c LEFT JOIN search_position p ON p.room_id = c.room_id AND c.room_id = ANY (held)
    WHERE c.room_id = ANY (rooms) AND (c.public_seq > coalesce(p.public_seq, -1) OR c.internal_seq > coalesce(p.internal_seq, -1));
  RETURN coalesce(unfinished, '{}');
END
$function$`;

/**
 * What somebody asks for: as \`websearch_to_tsquery\` reads it, in the language or, where that leaves nothing of it, as it is
 * written. \`tail\` is the last word, which may go on.
 */
const QUERY = `
CREATE FUNCTION search_query(configuration regconfig, head text, tail text) RETURNS tsquery LANGUAGE plpgsql STABLE
SET client_min_messages = warning
AS $function$
DECLARE
  found tsquery := websearch_to_tsquery(configuration, search_text(head));
BEGIN
  IF numnode(found) = 0 THEN found := websearch_to_tsquery('pg_catalog.simple'::regconfig, search_text(head)); END IF;
  IF tail = '' THEN RETURN found; END IF;
  RETURN found && (plainto_tsquery(configuration, tail) || to_tsquery('pg_catalog.simple'::regconfig, '''' || tail || ''':*'));
END
$function$`;

/**
 * Newest first, what a reader finds behind a place. Buckets are looked into from the newest on, first one, then twice as many
 * each time, so that a common word ends it at once and a rare one takes few looks. The index says only where to look: each
 * message is asked as it is now. A reader who reaches little of what is there gets the place up to which was looked, as a
 * row without a hit, instead of waiting.
 */
const SEARCH = `
CREATE FUNCTION search_messages(
  reader uuid, configuration regconfig, question tsquery, only_room uuid, before_bucket integer, before_id uuid, most integer, patience integer)
RETURNS TABLE (bucket integer, id uuid, is_hit boolean) LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
AS $function$
#variable_conflict use_column
DECLARE
  person "user";
  is_staff boolean;
  pattern text := regexp_replace(querytree(question), '<(-|\\d+)>', '&', 'g');
  room_key text := right(only_room::text, 8);
  top integer := coalesce(before_bucket, 2147483647);
  width integer := 1;
  widest integer := greatest(1, least(512, 4000 / greatest(1, numnode(question))));
  numbers integer[];
  keys tsquery;
  hit record;
  seen integer := 0;
  seen_before integer;
  taken integer := 0;
BEGIN
  IF pattern IN ('', 'T') THEN RETURN; END IF;
  SELECT * INTO person FROM "user" u WHERE u.id = reader;
  is_staff := person.role IN ('agent', 'admin');
  IF only_room IS NOT NULL THEN
    pattern := format('(%s) & (%L%s)', pattern, 'P' || room_key, CASE WHEN is_staff THEN format(' | %L', 'I' || room_key) ELSE '' END);
  END IF;
  -- Every quoted word gets a mark that no word holds, for the number of a bucket to be put there.
  pattern := regexp_replace(pattern, '''((?:[^'']|'''')*)''', '''' || chr(1) || '\\1''', 'g');
  LOOP
    SELECT array_agg(b.id ORDER BY b.id DESC), string_agg('(' || replace(pattern, chr(1), lpad(to_hex(b.id), 6, '0')) || ')', ' | ')::tsquery
      INTO numbers, keys
      FROM (SELECT b.id FROM search_bucket b WHERE b.business_id = person.business_id AND b.id <= top ORDER BY b.id DESC LIMIT width) b;
    EXIT WHEN numbers IS NULL;
    seen_before := seen;
    FOR hit IN
      SELECT s.bucket_id, s.message_id, m.deleted_at IS NULL AND reaches_room(person, r) AND (only_room IS NULL OR r.id = only_room)
          AND (is_staff OR m.stream = 'public') AND search_words(configuration, m.body) @@ question AS is_hit
        FROM (SELECT s.bucket_id, s.message_id FROM search_message s
          WHERE s.words @@ keys AND (before_id IS NULL OR (s.bucket_id, s.message_id) < (before_bucket, before_id))
          ORDER BY s.bucket_id DESC, s.message_id DESC) s
        JOIN message m ON m.id = s.message_id
        JOIN room r ON r.id = m.room_id
    LOOP
      seen := seen + 1;
      IF hit.is_hit THEN
        taken := taken + 1;
        RETURN QUERY SELECT hit.bucket_id, hit.message_id, true;
        IF taken >= most THEN RETURN; END IF;
      ELSIF seen >= patience THEN
        RETURN QUERY SELECT hit.bucket_id, hit.message_id, false;
        RETURN;
      END IF;
    END LOOP;
    top := numbers[array_upper(numbers, 1)] - 1;
    -- Where much is found that is not for this reader, the next look is no wider.
    IF seen - seen_before < 1000 THEN width := least(width * 2, widest); END IF;
  END LOOP;
END
$function$`;

/** What was said before there was an index, in the order in which it was said. */
const INDEX_ALL = `
CREATE TEMPORARY TABLE said ON COMMIT DROP AS
  SELECT m.id, m.room_id, m.stream, m.seq, r.business_id, m.kind IN ('text', 'image', 'file') AND m.body IS NOT NULL AND m.deleted_at IS NULL AS is_text
    FROM message m JOIN room r ON r.id = m.room_id;
CREATE TEMPORARY TABLE placed ON COMMIT DROP AS
  SELECT id, business_id, (row_number() OVER (PARTITION BY business_id ORDER BY id) - 1) / 4096 AS part FROM said WHERE is_text;
CREATE TEMPORARY TABLE part ON COMMIT DROP AS
  SELECT business_id, part, count(*)::integer AS messages, row_number() OVER (ORDER BY business_id, part)::integer AS id
    FROM placed GROUP BY business_id, part;
INSERT INTO search_bucket (id, business_id, messages) OVERRIDING SYSTEM VALUE SELECT id, business_id, messages FROM part;
SELECT setval(pg_get_serial_sequence('search_bucket', 'id'), greatest(1, (SELECT max(id) FROM search_bucket)), EXISTS (SELECT FROM search_bucket));
INSERT INTO search_message (message_id, bucket_id, words)
  SELECT m.id, b.id, search_keys(b.id, m.room_id, m.stream, search_configuration(o.locale), m.body)
    FROM placed p JOIN part b USING (business_id, part) JOIN business o ON o.id = p.business_id JOIN message m ON m.id = p.id
    WHERE m.body IS NOT NULL ORDER BY b.id, m.id;
INSERT INTO search_position (room_id, public_seq, internal_seq)
  SELECT room_id, coalesce(max(seq) FILTER (WHERE stream = 'public'), 0), coalesce(max(seq) FILTER (WHERE stream = 'internal'), 0)
    FROM said GROUP BY room_id;
CREATE INDEX search_message_words ON search_message USING gin (words);
`;

/** Full text over what is said, in tables beside the streams, and what makes names findable that are not spelt right. */
export class CreateSearch1763830000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await requireExtension(runner, 'pg_trgm');
    await requireExtension(runner, 'btree_gin');
    for (const statement of [TABLES, CONFIGURATION, TEXT, WORDS, KEYS, FOLLOW, QUERY, SEARCH, INDEX_ALL]) await runner.query(statement);
  }

  /** The extensions stay: others may use them. */
  async down(runner: QueryRunner): Promise<void> {
    for (const name of [
      'search_messages',
      'search_query',
      'follow_streams',
      'search_keys',
      'search_words',
      'search_text',
      'search_configuration',
    ])
      await runner.query(`DROP FUNCTION ${name}`);
    await runner.query('DROP TABLE search_position, search_message, search_bucket');
  }
}
