import type { PresenceStatus } from '../contract/presence.js';

export const LEASE_SECONDS = 30;
export const GRACE_SECONDS = 15;
/** Who does nothing for so long, on any connection, is away. */
export const IDLE_SECONDS = 600;

/**
 * The lease that a person holds now, one that is not idle before others; looked up one by one, for else all leases there are
 * would be read.
 */
const leaseOf = (userId: string): string =>
  `LEFT JOIN LATERAL (SELECT user_id, is_idle FROM presence_lease WHERE user_id = ${userId} AND expires_at > now()
    ORDER BY is_idle LIMIT 1) l ON true`;

/** What a person is shown as, by its lease `l` and its choice `c`. */
const SHOWN = `CASE WHEN l.user_id IS NULL THEN 'offline' WHEN l.is_idle AND coalesce(c.status, 'online') = 'online' THEN 'away'
    ELSE coalesce(c.status, 'online') END`;

/** When somebody last did something: now, if it just did; else what was stored, or a signing in since. A connection comes back by itself. */
const ACTIVE_AT = `CASE WHEN p.is_idle IS FALSE OR c.active_at IS NULL THEN now()
    WHEN c.active_at >= now() - interval '${IDLE_SECONDS} seconds' THEN c.active_at
    ELSE greatest(c.active_at, (SELECT max(s.created_at) FROM session s WHERE s.user_id = p.id)) END`;

/**
 * Takes or renews the leases of people on this node, and says what they were shown as before. Null for `is_idle` is not known: of staff
 * it is when they last did something that tells.
 */
export const HOLD = {
  name: 'hold presence',
  text: `
WITH known AS (
  SELECT p.id, p.business_id, p.is_staff, p.is_idle, date_trunc('milliseconds', ${ACTIVE_AT}) AS active_at, ${SHOWN} AS was
    FROM unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::boolean[]) AS p (id, business_id, is_staff, is_idle)
    LEFT JOIN presence c ON c.user_id = p.id ${leaseOf('p.id')}
), person AS (
  SELECT id, business_id, is_staff, active_at, was,
      coalesce(is_idle, is_staff AND active_at < now() - interval '${IDLE_SECONDS} seconds') AS is_idle
    FROM known
), lease AS (
  INSERT INTO presence_lease (user_id, node_id, business_id, is_staff, is_connected, is_idle, expires_at)
    SELECT id, $5, business_id, is_staff, true, is_idle, date_trunc('milliseconds', now() + interval '${LEASE_SECONDS} seconds')
      FROM person ORDER BY id
    ON CONFLICT (user_id, node_id) DO UPDATE SET
      is_staff = excluded.is_staff, is_connected = true, is_idle = excluded.is_idle, expires_at = excluded.expires_at
), choice AS (
  INSERT INTO presence (user_id, business_id, status, last_seen_at, active_at)
    SELECT id, business_id, 'online', date_trunc('milliseconds', now()), active_at FROM person ORDER BY id
    ON CONFLICT (user_id) DO UPDATE SET last_seen_at = excluded.last_seen_at, active_at = excluded.active_at
    RETURNING user_id, status, last_seen_at
)
SELECT c.user_id, c.status, c.last_seen_at, p.business_id, p.is_staff, p.is_idle, p.was,
    extract(epoch FROM now() - p.active_at)::float8 AS quiet_seconds
  FROM choice c JOIN person p ON p.id = c.user_id`,
};

/** Notes how many milliseconds ago these people last did something. */
export const NOTE_ACTIVE = {
  name: 'note active',
  text: `
UPDATE presence p SET active_at = greatest(p.active_at, date_trunc('milliseconds', now() - t.ago * interval '1 millisecond'))
  FROM unnest($1::uuid[], $2::float8[]) AS t (id, ago) WHERE p.user_id = t.id`,
};

/** Lets people of this node go, not at once but after the grace. */
export const RELEASE = {
  name: 'release presence',
  text: `
WITH lease AS (
  UPDATE presence_lease SET is_connected = false, expires_at = date_trunc('milliseconds', now() + interval '${GRACE_SECONDS} seconds')
    WHERE user_id = ANY ($1::uuid[]) AND node_id = $2
)
UPDATE presence SET last_seen_at = date_trunc('milliseconds', now()) WHERE user_id = ANY ($1::uuid[])`,
};

export const READ = {
  name: 'read presence',
  text: `
SELECT u.id, c.last_seen_at, ${SHOWN} AS status
  FROM unnest($1::uuid[]) AS u (id) LEFT JOIN presence c ON c.user_id = u.id ${leaseOf('u.id')}`,
};

/** Those of some people who have no connection, and for how long. */
export const ABSENT = `
SELECT u.id, extract(epoch FROM now() - c.last_seen_at)::float8 * 1000 AS gone_ms
  FROM unnest($1::uuid[]) AS u (id) LEFT JOIN presence c ON c.user_id = u.id ${leaseOf('u.id')}
  WHERE l.user_id IS NULL`;

/** Takes away the leases that ran out; who was connected until then was last seen when the lease was last renewed. */
export const EXPIRE = {
  name: 'presence',
  text: `
WITH gone AS (
  DELETE FROM presence_lease WHERE expires_at <= now() RETURNING user_id, business_id, is_staff, is_connected, expires_at
), seen AS (
  UPDATE presence p SET last_seen_at = greatest(p.last_seen_at, g.expires_at - interval '${LEASE_SECONDS} seconds')
    FROM (SELECT user_id, max(expires_at) AS expires_at FROM gone WHERE is_connected GROUP BY user_id) g
    WHERE p.user_id = g.user_id
)
SELECT user_id, business_id, is_staff FROM gone`,
};

export interface Held {
  user_id: string;
  business_id: string;
  is_staff: boolean;
  status: PresenceStatus;
  last_seen_at: Date;
  is_idle: boolean;
  quiet_seconds: number;
  was: PresenceStatus;
}

export type Expired = Pick<Held, 'user_id' | 'business_id' | 'is_staff'>;

export interface Read {
  id: string;
  status: PresenceStatus;
  last_seen_at: Date | null;
}
