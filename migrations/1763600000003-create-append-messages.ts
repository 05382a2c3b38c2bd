import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The short way of `append_entries` for what nearly always comes: texts of people, new, into open rooms. It costs half as
 * much for each of them. Whatever is not so simple makes it write nothing and return another number of rows than there are
 * lanes; the caller then takes the long way with the same batch.
 *
 * A lane is one sender in one room. `rooms` are in id order, which is the order of the locks, and all places count from 1:
 * `lane_rooms` are places in `rooms`, `lanes` places among the lanes, and `places` those of a message among the new ones of
 * its stream. `publics` and `internals` count the new entries of a room, `lane_publics` and `lane_internals` are the last
 * places of a lane, 0 where it has none. Returns for each lane the numbers its room stood at, the time, and the sender.
 */
const APPEND_MESSAGES = `
CREATE FUNCTION append_messages(
  rooms uuid[], publics integer[], internals integer[],
  lane_rooms integer[], senders uuid[], businesses uuid[], lane_publics integer[], lane_internals integer[],
  lanes integer[], places integer[], are_internal boolean[], ids uuid[], clients uuid[], fingerprints text[], bodies text[], replies uuid[])
RETURNS TABLE (public_seq integer, internal_seq integer, created_ms double precision, sender_role text, sender_name text, sender_avatar_url text)
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
  stamp timestamptz;
  public_bases integer[];
  internal_bases integer[];
  good_lanes integer;
BEGIN
  SELECT array_agg(c.public_seq), array_agg(c.internal_seq) INTO public_bases, internal_bases
    FROM (SELECT s.public_seq, s.internal_seq FROM stream_counter s WHERE s.room_id = ANY (rooms) ORDER BY s.room_id FOR UPDATE) c;
  IF cardinality(public_bases) IS DISTINCT FROM cardinality(rooms) THEN
    RETURN;
  END IF;
  stamp := date_trunc('milliseconds', clock_timestamp());

  RETURN QUERY
  SELECT public_bases[l.room], internal_bases[l.room], (extract(epoch FROM stamp) * 1000)::double precision, u.role, u.name, u.avatar_url
    FROM ROWS FROM (unnest(lane_rooms), unnest(senders), unnest(businesses), unnest(lane_internals)) WITH ORDINALITY
      AS l (room, sender, business, internals, ord)
    JOIN room r ON r.id = rooms[l.room] AND r.business_id = l.business AND r.status = 'open'
    JOIN "user" u ON u.id = l.sender AND u.business_id = l.business AND NOT u.disabled
      AND (u.role IN ('agent', 'admin') OR r.customer_id = u.id AND l.internals = 0)
    ORDER BY l.ord;
  GET DIAGNOSTICS good_lanes = ROW_COUNT;
  IF good_lanes < cardinality(lane_rooms) THEN
    RETURN;
  END IF;

  BEGIN
    INSERT INTO message (room_id, stream, seq, id, kind, sender_id, client_message_id, fingerprint, body, reply_to, created_at)
      SELECT rooms[lane_rooms[m.lane]], CASE WHEN m.is_internal THEN 'internal' ELSE 'public' END,
        CASE WHEN m.is_internal THEN internal_bases[lane_rooms[m.lane]] ELSE public_bases[lane_rooms[m.lane]] END + m.place,
        m.id, 'text', senders[m.lane], m.client, m.fingerprint, m.body, m.reply, stamp
      FROM unnest(lanes, places, are_internal, ids, clients, fingerprints, bodies, replies)
        AS m (lane, place, is_internal, id, client, fingerprint, body, reply);
  EXCEPTION WHEN unique_violation THEN
    -- One of them was stored before. One row too many says so: those of the lanes are on their way already.
    RETURN QUERY SELECT 0, 0, 0::double precision, NULL::text, NULL::text, NULL::text;
    RETURN;
  END;

  UPDATE stream_counter c
    SET public_seq = c.public_seq + n.publics, internal_seq = c.internal_seq + n.internals, active_at = stamp
    FROM unnest(rooms, publics, internals) AS n (room, publics, internals)
    WHERE c.room_id = n.room;

  INSERT INTO mark AS k (room_id, user_id, public_delivered, public_read, internal_delivered, internal_read)
    SELECT rooms[l.room], l.sender, l.publics, l.publics, l.internals, l.internals
      FROM (SELECT n.room, n.sender,
              CASE WHEN n.publics > 0 THEN public_bases[n.room] + n.publics ELSE 0 END AS publics,
              CASE WHEN n.internals > 0 THEN internal_bases[n.room] + n.internals ELSE 0 END AS internals
            FROM unnest(lane_rooms, senders, lane_publics, lane_internals) AS n (room, sender, publics, internals)) l
    ON CONFLICT (room_id, user_id) DO UPDATE SET
      public_delivered = greatest(k.public_delivered, excluded.public_delivered),
      public_read = greatest(k.public_read, excluded.public_read),
      internal_delivered = greatest(k.internal_delivered, excluded.internal_delivered),
      internal_read = greatest(k.internal_read, excluded.internal_read);
END
$function$`;

export class CreateAppendMessages1763600000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(APPEND_MESSAGES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION append_messages');
  }
}
