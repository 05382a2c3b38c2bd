import type { Statement } from '../database/prepared.js';
import type { NewEntry } from './new-entry.js';

/** In which the two ways to write differ, as SQL: by a customer, and by staff. */
interface Way {
  isInternal: string;
  counts: string;
  isWriter: string;
  marks: string;
}

/**
 * What `append_messages` does, for one message and in one statement: a quiet server's message costs two thirds as much.
 * Returns no row, and writes nothing, when the message is not so simple.
 *
 * All of it sees the database as it was when the statement began. Whoever closes a room or takes part in it writes an entry
 * as well, so a counter that is not as it was seen says that the rest may not be either. `IS NOT DISTINCT FROM` leaves no index
 * but that of the ids: on a server that knows little of its tables yet, others seemed as cheap, and held every open room.
 */
const textOf = ({ isInternal, counts, isWriter, marks }: Way): string => `
WITH counted AS (
  UPDATE stream_counter c SET active_at = date_trunc('milliseconds', clock_timestamp()), ${counts}
    FROM stream_counter seen, room r, "user" u
    WHERE c.room_id = $1 AND seen.room_id = $1 AND c.public_seq = seen.public_seq AND c.internal_seq = seen.internal_seq
      AND r.id = $1 AND r.business_id IS NOT DISTINCT FROM $3 AND r.status IS NOT DISTINCT FROM 'open'
      AND u.id = $2 AND u.business_id IS NOT DISTINCT FROM $3 AND ${isWriter} AND may_write(u, r, ${isInternal})
      AND NOT EXISTS (SELECT FROM message m WHERE m.sender_id = $2 AND m.client_message_id = $5 AND m.room_id = $1)
    RETURNING seen.public_seq, seen.internal_seq, c.public_seq AS publics, c.internal_seq AS internals, c.active_at AS stamp,
      u.role AS sender_role, u.name AS sender_name, u.avatar_url AS sender_avatar_url
), stored AS (
  INSERT INTO message (room_id, stream, seq, id, kind, sender_id, client_message_id, fingerprint, body, reply_to, created_at)
    SELECT $1, CASE WHEN ${isInternal} THEN 'internal' ELSE 'public' END, CASE WHEN ${isInternal} THEN internals ELSE publics END,
        $4, 'text', $2, $5, $6, $7, $8, stamp
      FROM counted
)${marks}
SELECT public_seq, internal_seq, (extract(epoch FROM stamp) * 1000)::double precision AS created_ms,
    sender_role, sender_name, sender_avatar_url
  FROM counted`;

const IS_STAFF = "u.role IN ('agent', 'admin')";

/** How far a customer has read by answering is a number beside the counters. What is planned and never done costs as well. */
const BY_CUSTOMER = {
  name: 'append_customer_message',
  text: textOf({
    isInternal: 'false',
    counts: `public_seq = seen.public_seq + 1, customer_seq = seen.public_seq + 1,
      asked_at = coalesce(seen.asked_at, date_trunc('milliseconds', clock_timestamp()))`,
    isWriter: `(${IS_STAFF}) IS NOT TRUE`,
    marks: '',
  }),
};

const BY_STAFF = {
  name: 'append_staff_message',
  text: textOf({
    isInternal: '$9::boolean',
    counts: `public_seq = seen.public_seq + (NOT $9::boolean)::integer, internal_seq = seen.internal_seq + $9::boolean::integer,
      asked_at = CASE WHEN $9::boolean THEN seen.asked_at END`,
    isWriter: `(${IS_STAFF}) IS TRUE`,
    marks: `, marked AS (
  INSERT INTO mark AS k (room_id, user_id, public_delivered, public_read, internal_delivered, internal_read)
    SELECT $1, $2, own.publics, own.publics, own.internals, own.internals
      FROM (SELECT CASE WHEN $9::boolean THEN 0 ELSE publics END AS publics, CASE WHEN $9::boolean THEN internals ELSE 0 END AS internals
              FROM counted) own
    ON CONFLICT (room_id, user_id) DO UPDATE SET
      public_delivered = greatest(k.public_delivered, excluded.public_delivered),
      public_read = greatest(k.public_read, excluded.public_read),
      internal_delivered = greatest(k.internal_delivered, excluded.internal_delivered),
      internal_read = greatest(k.internal_read, excluded.internal_read),
      public_unread_from = CASE WHEN excluded.public_read > 0 THEN NULL ELSE k.public_unread_from END,
      internal_unread_from = CASE WHEN excluded.internal_read > 0 THEN NULL ELSE k.internal_unread_from END
)`,
  }),
};

export const appendMessage = (entry: NewEntry): Statement => {
  const { roomId, senderId, businessId, stream, id, clientMessageId, fingerprint, body, replyTo, wakes } = entry;
  const values = [roomId, senderId, businessId, id, clientMessageId, fingerprint, body, replyTo ?? null];
  return wakes && stream === 'public' ? { ...BY_CUSTOMER, values } : { ...BY_STAFF, values: [...values, stream === 'internal'] };
};
