import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The one write path of the streams. Takes the entries of one batch, in order, as a JSON array, the rooms they are for, and
 * those of them that a customer's message may wake; returns a verdict for each entry, in the same order. Repeats inside one
 * batch are the caller's to hold back.
 *
 * Locks come first: rooms that a customer's message will wake, then the counters, each in id order. What is read after
 * the lock is what was committed before it, so that a close, a removal or a repeat that won the race is seen. With both
 * statements in one function a batch stays one round trip. The planner settings keep the plan on the indexes while the
 * tables are still small and their statistics old.
 */
const APPEND_ENTRIES = `
CREATE FUNCTION append_entries(rooms uuid[], waking uuid[], batch json)
RETURNS TABLE (verdict text, seq integer, created_ms double precision, sender_role text, sender_name text, sender_avatar_url text, woke_seq integer)
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
  woken jsonb := '{}';
  stamp timestamptz;
  dormant record;
  woke_at integer;
BEGIN
  IF cardinality(waking) > 0 THEN
    PERFORM 1 FROM room r
      WHERE r.id = ANY (waking) AND r.status IN ('pending', 'snoozed')
      ORDER BY r.id FOR NO KEY UPDATE;
  END IF;
  PERFORM 1 FROM stream_counter c WHERE c.room_id = ANY (rooms) ORDER BY c.room_id FOR UPDATE;
  stamp := date_trunc('milliseconds', clock_timestamp());

  IF EXISTS (SELECT 1 FROM room r WHERE r.id = ANY (waking) AND r.status IN ('pending', 'snoozed')) THEN
    FOR dormant IN
      SELECT DISTINCT ON (r.id) r.id, r.status, e.sender
        FROM json_to_recordset(batch) AS e (room uuid, sender uuid, client uuid, wakes boolean)
        JOIN room r ON r.id = e.room AND r.customer_id = e.sender
        WHERE e.wakes AND r.status IN ('pending', 'snoozed')
          AND NOT EXISTS (SELECT 1 FROM message m
            WHERE m.sender_id = e.sender AND m.client_message_id = e.client AND m.room_id = e.room)
    LOOP
      UPDATE room SET status = 'open', updated_at = stamp, waiting_since = stamp WHERE id = dormant.id;
      UPDATE stream_counter c SET internal_seq = c.internal_seq + 1 WHERE c.room_id = dormant.id
        RETURNING c.internal_seq INTO woke_at;
      -- A version 7 id; PostgreSQL 15 to 17 cannot make one.
      INSERT INTO message (room_id, stream, seq, id, kind, sender_id, activity, change, created_at)
        SELECT dormant.id, 'internal', woke_at,
          encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
            PLACING substring(int8send((extract(epoch FROM stamp) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid,
          'activity', dormant.sender, 'status_changed', jsonb_build_object('from', dormant.status, 'to', 'open'), stamp;
      woken := woken || jsonb_build_object(dormant.id::text, woke_at);
    END LOOP;
  END IF;

  RETURN QUERY
  WITH entry AS MATERIALIZED (
    SELECT * FROM ROWS FROM (json_to_recordset(batch) AS (
      id uuid, room uuid, business uuid, stream text, kind text, sender uuid, client uuid, fingerprint text, body text,
      reply_to uuid, mentions uuid[], activity text, assignee uuid, change jsonb, target integer)) WITH ORDINALITY AS e (
      id, room, business, stream, kind, sender, client, fingerprint, body,
      reply_to, mentions, activity, assignee, change, target, ord)
  ), judged AS MATERIALIZED (
    SELECT e.*, u.role, u.name, u.avatar_url, CASE e.stream WHEN 'public' THEN c.public_seq ELSE c.internal_seq END AS last_seq,
      CASE
        WHEN m.id IS NOT NULL THEN CASE WHEN m.fingerprint = e.fingerprint THEN 'repeated' ELSE 'mismatch' END
        WHEN r.id IS NULL THEN 'missing'
        WHEN e.client IS NULL THEN 'stored'
        WHEN u.id IS NULL OR u.disabled THEN 'denied'
        WHEN u.role NOT IN ('agent', 'admin') AND r.customer_id <> u.id THEN 'missing'
        WHEN u.role NOT IN ('agent', 'admin') AND e.stream = 'internal' THEN 'denied'
        WHEN r.status = 'closed' THEN 'closed'
        ELSE 'stored'
      END AS verdict
    FROM entry e
    LEFT JOIN room r ON r.id = e.room AND r.business_id = e.business
    LEFT JOIN "user" u ON u.id = e.sender AND u.business_id = e.business
    LEFT JOIN stream_counter c ON c.room_id = r.id
    LEFT JOIN message m ON m.sender_id = e.sender AND m.client_message_id = e.client AND m.room_id = e.room
  ), placed AS MATERIALIZED (
    SELECT j.*, CASE WHEN j.verdict = 'stored' THEN
      (j.last_seq + count(*) FILTER (WHERE j.verdict = 'stored') OVER (PARTITION BY j.room, j.stream ORDER BY j.ord))::integer END AS seq
    FROM judged j
  ), inserted AS (
    INSERT INTO message (room_id, stream, seq, id, kind, sender_id, client_message_id, fingerprint, body, reply_to,
      mentions, activity, assignee_id, change, target_seq, created_at)
    SELECT p.room, p.stream, p.seq, p.id, p.kind, p.sender, p.client, p.fingerprint, p.body, p.reply_to,
      coalesce(p.mentions, '{}'), p.activity, p.assignee, p.change, p.target, stamp
    FROM placed p WHERE p.seq IS NOT NULL
  ), counted AS (
    UPDATE stream_counter c
      SET public_seq = c.public_seq + n.publics, internal_seq = c.internal_seq + n.internals, active_at = stamp
      FROM (SELECT p.room, count(*) FILTER (WHERE p.stream = 'public') AS publics,
              count(*) FILTER (WHERE p.stream = 'internal') AS internals
            FROM placed p WHERE p.seq IS NOT NULL GROUP BY p.room) n
      WHERE c.room_id = n.room
  ), marked AS (
    INSERT INTO mark AS k (room_id, user_id, public_delivered, public_read, internal_delivered, internal_read)
    SELECT p.room, p.sender, p.publics, p.publics, p.internals, p.internals
      FROM (SELECT p.room, p.sender, coalesce(max(p.seq) FILTER (WHERE p.stream = 'public'), 0) AS publics,
              coalesce(max(p.seq) FILTER (WHERE p.stream = 'internal'), 0) AS internals
            FROM placed p WHERE p.seq IS NOT NULL AND p.client IS NOT NULL GROUP BY p.room, p.sender) p
      ORDER BY p.room, p.sender
    ON CONFLICT (room_id, user_id) DO UPDATE SET
      public_delivered = greatest(k.public_delivered, excluded.public_delivered),
      public_read = greatest(k.public_read, excluded.public_read),
      internal_delivered = greatest(k.internal_delivered, excluded.internal_delivered),
      internal_read = greatest(k.internal_read, excluded.internal_read)
  )
  SELECT p.verdict, p.seq, (extract(epoch FROM stamp) * 1000)::double precision, p.role, p.name, p.avatar_url,
      (woken ->> p.room::text)::integer
    FROM placed p
    ORDER BY p.ord;
END
$function$`;

export class CreateAppendEntries1763600000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(APPEND_ENTRIES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION append_entries');
  }
}
