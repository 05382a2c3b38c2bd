import { NO_AGENT } from './message-tally.entity.js';

/** Days are numbered from 1, by the instants in $4 at which they begin. */
const DAY = (at: string): string => `width_bucket(${at}, $4::timestamptz[])`;
/** By the clocks, from 0: from the instants in $5 on they are ahead of UTC by the seconds in $6. */
const HOUR = (at: string): string =>
  `extract(hour FROM (${at} + ($6::integer[])[width_bucket(${at}, $5::timestamptz[])] * interval '1 second') AT TIME ZONE 'UTC')::integer`;
const OF_RANGE = (at: string): string => `business_id = $1 AND ${at} >= $2 AND ${at} < $3`;

/** Counts by day, by hour of the day and by agent, and how long things took, over all and by the agent who responded. */
export const MILESTONE_FIGURES = `
WITH found AS MATERIALIZED (SELECT kind, at, agent_id, ms FROM milestone WHERE ${OF_RANGE('at')})
SELECT kind, ${DAY('at')} AS day, NULL::integer AS hour, NULL::uuid AS agent, count(*)::integer AS count, NULL::double precision[] AS took
  FROM found WHERE kind IN ('opened', 'closed') GROUP BY 1, 2
UNION ALL
SELECT kind, NULL, ${HOUR('at')} AS hour, NULL, count(*)::integer, NULL FROM found WHERE kind IN ('opened', 'closed') GROUP BY 1, 3
UNION ALL
SELECT kind, NULL, NULL, agent_id, count(*)::integer, NULL
  FROM found WHERE kind IN ('assigned', 'closed') AND agent_id IS NOT NULL GROUP BY 1, 4
UNION ALL
SELECT kind, NULL, NULL, agent_id, count(*)::integer, percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY ms)
  FROM found WHERE kind = 'responded' GROUP BY 1, 4
UNION ALL
SELECT 'all ' || kind, NULL, NULL, NULL, count(*)::integer, percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY ms)
  FROM found WHERE kind <> 'opened' AND ms IS NOT NULL GROUP BY 1`;

export const MESSAGE_FIGURES = `
WITH found AS MATERIALIZED (SELECT quarter, user_id, messages FROM message_tally WHERE ${OF_RANGE('quarter')})
SELECT ${DAY('quarter')} AS day, NULL::integer AS hour, NULL::uuid AS agent, sum(messages)::integer AS count FROM found GROUP BY 1
UNION ALL
SELECT NULL, ${HOUR('quarter')} AS hour, NULL, sum(messages)::integer FROM found GROUP BY 2
UNION ALL
SELECT NULL, NULL, user_id, sum(messages)::integer FROM found WHERE user_id <> '${NO_AGENT}' GROUP BY 3`;

/** Of each agent who has or had the room, and of all (`isAll`), whoever had it. */
export const RATING_FIGURES = `
SELECT grouping(assignee_id) = 1 AS "isAll", assignee_id AS agent, count(*)::integer AS count, avg(rating_score)::double precision AS mean
  FROM room WHERE ${OF_RANGE('rated_at')} AND rated_at IS NOT NULL GROUP BY ROLLUP (assignee_id)`;

export const OPEN_ROOMS = 'SELECT count(*)::integer AS open FROM room_progress WHERE business_id = $1 AND opened_at IS NOT NULL';

export const STAFF = `
SELECT id, role, name, avatar_url AS "avatarUrl", disabled FROM "user" WHERE business_id = $1 AND role IN ('agent', 'admin') ORDER BY id`;

export const TIME_ZONE = `SELECT settings -> 'hours' ->> 'timeZone' AS zone FROM business WHERE id = $1`;
