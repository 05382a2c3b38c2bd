import type { Statement } from '../database/prepared.js';
import type { NewEntry } from './new-entry.js';

/**
 * What `append_messages` does, for one message and in one statement: a quiet server's message costs two thirds as much.
 * Returns no row, and writes nothing, when the message is not so simple.
 *
 * All of it sees the database as it was when the statement began. Whoever closes a room or takes part in it writes an entry
 * as well, so a counter that is not as it was seen says that the rest may not be either. `IS NOT DISTINCT FROM` leaves no index
 * but that of the ids: on a server that knows little of its tables yet, others seemed as cheap, and held every open room.
 */
const APPEND_MESSAGE = {
  name: 'append_message',
  text: `
WITH counted AS (
  UPDATE stream_counter c SET
      public_seq = seen.public_seq + (NOT $4::boolean)::integer,
      internal_seq = seen.internal_seq + $4::boolean::integer,
      active_at = date_trunc('milliseconds', clock_timestamp()),
      asked_at = CASE WHEN $4::boolean THEN seen.asked_at WHEN u.role IN ('agent', 'admin') THEN NULL
        ELSE coalesce(seen.asked_at, date_trunc('milliseconds', clock_timestamp())) END,
      customer_seq = CASE WHEN u.role IN ('agent', 'admin') THEN seen.customer_seq ELSE seen.public_seq + 1 END
    FROM stream_counter seen, room r, "user" u
    WHERE c.room_id = $1 AND seen.room_id = $1 AND c.public_seq = seen.public_seq AND c.internal_seq = seen.internal_seq
      AND r.id = $1 AND r.business_id IS NOT DISTINCT FROM $3 AND r.status IS NOT DISTINCT FROM 'open'
      AND u.id = $2 AND u.business_id IS NOT DISTINCT FROM $3 AND may_write(u, r, $4::boolean)
      AND NOT EXISTS (SELECT FROM message m WHERE m.sender_id = $2 AND m.client_message_id = $6 AND m.room_id = $1)
    RETURNING seen.public_seq, seen.internal_seq, c.public_seq AS publics, c.internal_seq AS internals, c.active_at AS stamp,
      u.role AS sender_role, u.name AS sender_name, u.avatar_url AS sender_avatar_url
), stored AS (
  INSERT INTO message (room_id, stream, seq, id, kind, sender_id, client_message_id, fingerprint, body, reply_to, created_at)
    SELECT $1, CASE WHEN $4::boolean THEN 'internal' ELSE 'public' END, CASE WHEN $4::boolean THEN internals ELSE publics END,
        $5, 'text', $2, $6, $7, $8, $9, stamp
      FROM counted
), marked AS (
  INSERT INTO mark AS k (room_id, user_id, public_delivered, public_read, internal_delivered, internal_read)
    SELECT $1, $2, own.publics, own.publics, own.internals, own.internals
      FROM (SELECT CASE WHEN $4::boolean THEN 0 ELSE publics END AS publics, CASE WHEN $4::boolean THEN internals ELSE 0 END AS internals
              FROM counted WHERE sender_role IN ('agent', 'admin')) own
    ON CONFLICT (room_id, user_id) DO UPDATE SET
      public_delivered = greatest(k.public_delivered, excluded.public_delivered),
      public_read = greatest(k.public_read, excluded.public_read),
      internal_delivered = greatest(k.internal_delivered, excluded.internal_delivered),
      internal_read = greatest(k.internal_read, excluded.internal_read)
)
SELECT public_seq, internal_seq, (extract(epoch FROM stamp) * 1000)::double precision AS created_ms,
    sender_role, sender_name, sender_avatar_url
  FROM counted`,
};

export const appendMessage = (entry: NewEntry): Statement => {
  const { roomId, senderId, businessId, stream, id, clientMessageId, fingerprint, body, replyTo } = entry;
  const values = [roomId, senderId, businessId, stream === 'internal', id, clientMessageId, fingerprint, body, replyTo ?? null];
  return { ...APPEND_MESSAGE, values };
};
