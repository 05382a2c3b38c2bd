import { WRITTEN_KINDS } from '../contract/message.js';
import { NO_AGENT } from './message-tally.entity.js';

const WRITTEN = WRITTEN_KINDS.map((kind) => `'${kind}'`).join(', ');

/**
 * What the counting reads it finds by key, however small the tables seem. It does not wait for the disk: what a crash takes away
 * is counted anew. For one transaction.
 */
export const SETTINGS = `
SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL jit = off;
SET LOCAL synchronous_commit = off`;

/** Rooms that were never counted begin, at -1: their opening is yet to be told. */
export const BEGIN = `
INSERT INTO room_progress (room_id, business_id, opened_at)
  SELECT r.id, r.business_id, r.created_at FROM room r WHERE r.id = ANY ($1::uuid[]) ORDER BY r.id
  ON CONFLICT (room_id) DO NOTHING`;

/** Holds rooms, in order, and says how far each is counted and how far it is to be counted now, $2 entries at most. */
export const HOLD = `
SELECT p.room_id AS id, p.business_id AS business, p.seq, least(c.public_seq, greatest(p.seq, 0) + $2::integer) AS upto,
    p.opened_at AS "openedAt", p.asked_at AS "askedAt", p.is_answered AS "isAnswered", p.is_taken AS "isTaken",
    p.holder_id AS "holderId", c.public_seq > greatest(p.seq, 0) + $2::integer AS "hasMore"
  FROM room_progress p JOIN stream_counter c ON c.room_id = p.room_id
  WHERE p.room_id = ANY ($1::uuid[]) AND p.seq < c.public_seq
  ORDER BY p.room_id FOR UPDATE OF p`;

/** The rooms, the last entries counted, and the entries to count up to. */
const STEPS = 'unnest($1::uuid[], $2::integer[], $3::integer[])';

/**
 * The entries that the fold looks at: activities, and of messages only those that may be a first question or a first
 * response, which they are neither before an opening ($4 tells where it was answered already) nor after.
 */
export const LINES = `
SELECT m.room_id AS room, m.seq, m.created_at AS at, m.activity, m.assignee_id AS "assigneeId", m.sender_id AS "senderId",
    CASE WHEN m.ai THEN 'other' WHEN m.sender_id = r.customer_id THEN 'customer'
      WHEN u.role IN ('agent', 'admin') THEN 'staff' ELSE 'other' END AS by
  FROM ROWS FROM (${STEPS}, unnest($4::boolean[])) AS s (room_id, seq, upto, is_answered)
  JOIN room r ON r.id = s.room_id
  CROSS JOIN LATERAL (SELECT min(n.seq) AS seq FROM message n
    WHERE n.room_id = s.room_id AND n.stream = 'public' AND n.seq > s.seq AND n.seq <= s.upto AND n.activity = 'reopened') again
  CROSS JOIN LATERAL (SELECT * FROM message n
    WHERE n.room_id = s.room_id AND n.stream = 'public' AND n.seq > s.seq AND n.seq <= s.upto
      AND (n.activity IS NOT NULL OR n.kind IN (${WRITTEN}) AND (NOT s.is_answered OR n.seq > again.seq))) m
  LEFT JOIN "user" u ON u.id = m.sender_id
  ORDER BY m.room_id, m.seq`;

/** Counted where they are: nothing of them leaves the database. */
export const TALLY = `
INSERT INTO message_tally AS t (business_id, quarter, user_id, messages)
  SELECT r.business_id, date_bin('15 minutes', m.created_at, '2000-01-01T00:00Z'),
      CASE WHEN u.role IN ('agent', 'admin') AND NOT m.ai THEN u.id ELSE '${NO_AGENT}' END, count(*)
    FROM ROWS FROM (${STEPS}) AS s (room_id, seq, upto)
    JOIN room r ON r.id = s.room_id
    CROSS JOIN LATERAL (SELECT * FROM message n
      WHERE n.room_id = s.room_id AND n.stream = 'public' AND n.seq > s.seq AND n.seq <= s.upto AND n.kind IN (${WRITTEN})) m
    LEFT JOIN "user" u ON u.id = m.sender_id
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT (business_id, quarter, user_id) DO UPDATE SET messages = t.messages + excluded.messages`;

export const TELL = `
INSERT INTO milestone (business_id, at, room_id, seq, kind, agent_id, ms)
  SELECT * FROM json_to_recordset($1) AS m (business uuid, at timestamptz, room uuid, seq integer, kind text, agent uuid, ms bigint)
  ON CONFLICT DO NOTHING`;

export const ADVANCE = `
UPDATE room_progress p SET seq = n.seq, opened_at = n."openedAt", asked_at = n."askedAt", is_answered = n."isAnswered",
    is_taken = n."isTaken", holder_id = n."holderId"
  FROM json_to_recordset($1) AS n (room uuid, seq integer, "openedAt" timestamptz, "askedAt" timestamptz,
    "isAnswered" boolean, "isTaken" boolean, "holderId" uuid)
  WHERE p.room_id = n.room`;

/** Of the next rooms after $1 that something came into since $2 those that are behind, and where to go on. */
export const BEHIND = `
SELECT array_agg(c.room_id) FILTER (WHERE p.seq IS NULL OR p.seq < c.public_seq) AS rooms,
    (array_agg(c.room_id ORDER BY c.room_id DESC))[1] AS last
  FROM (SELECT room_id, public_seq FROM stream_counter WHERE room_id > $1 AND active_at > $2 ORDER BY room_id LIMIT 5000) c
  LEFT JOIN room_progress p ON p.room_id = c.room_id`;
