import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = `
CREATE TABLE business (
  id uuid CONSTRAINT business_pkey PRIMARY KEY,
  slug text NOT NULL,
  name text NOT NULL,
  theme jsonb NOT NULL,
  welcome_text text,
  locale text NOT NULL,
  pre_chat jsonb,
  settings jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX business_slug ON business (slug);

CREATE TABLE "user" (
  id uuid CONSTRAINT user_pkey PRIMARY KEY,
  business_id uuid NOT NULL CONSTRAINT user_business REFERENCES business,
  role text NOT NULL CONSTRAINT user_role CHECK (role IN ('guest', 'customer', 'agent', 'admin')),
  email text,
  username text,
  name text,
  avatar_url text,
  password_hash text,
  external_id text,
  attributes jsonb NOT NULL,
  context jsonb NOT NULL DEFAULT '{}',
  verified boolean NOT NULL DEFAULT false,
  disabled boolean NOT NULL DEFAULT false,
  capacity integer,
  load integer NOT NULL DEFAULT 0 CONSTRAINT user_load CHECK (load >= 0),
  created_at timestamptz(3) NOT NULL DEFAULT now()
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX user_account_email ON "user" (business_id, email) WHERE password_hash IS NOT NULL;
CREATE INDEX user_login_email ON "user" (email) WHERE password_hash IS NOT NULL;
CREATE INDEX user_staff ON "user" (business_id) WHERE role IN ('agent', 'admin');

CREATE TABLE session (
  id uuid CONSTRAINT session_pkey PRIMARY KEY,
  user_id uuid NOT NULL CONSTRAINT session_of_user REFERENCES "user",
  ip text,
  user_agent text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  last_used_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3),
  end_reason text
);
CREATE INDEX session_user_id ON session (user_id);
CREATE INDEX session_ended_at ON session (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE refresh_token (
  hash text CONSTRAINT refresh_token_pkey PRIMARY KEY,
  session_id uuid NOT NULL CONSTRAINT refresh_token_session REFERENCES session ON DELETE CASCADE,
  used_at timestamptz(3)
);
CREATE INDEX refresh_token_session_id ON refresh_token (session_id);

CREATE TABLE presence (
  user_id uuid CONSTRAINT presence_pkey PRIMARY KEY,
  business_id uuid NOT NULL,
  status text NOT NULL CONSTRAINT presence_status CHECK (status IN ('online', 'away', 'busy', 'offline')),
  last_seen_at timestamptz(3)
) WITH (fillfactor = 70);

CREATE TABLE presence_lease (
  user_id uuid NOT NULL,
  node_id uuid NOT NULL,
  business_id uuid NOT NULL,
  is_staff boolean NOT NULL,
  is_connected boolean NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  CONSTRAINT presence_lease_pkey PRIMARY KEY (user_id, node_id)
) WITH (fillfactor = 70);
CREATE INDEX presence_lease_business ON presence_lease (business_id);

CREATE TABLE room (
  id uuid CONSTRAINT room_pkey PRIMARY KEY,
  business_id uuid NOT NULL CONSTRAINT room_business REFERENCES business,
  customer_id uuid NOT NULL CONSTRAINT room_customer REFERENCES "user",
  assignee_id uuid CONSTRAINT room_assignee REFERENCES "user",
  status text NOT NULL CONSTRAINT room_status CHECK (status IN ('open', 'pending', 'snoozed', 'closed')),
  subject text,
  context jsonb NOT NULL,
  priority text NOT NULL CONSTRAINT room_priority CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
  is_exclusive boolean NOT NULL,
  waiting_since timestamptz(3) NOT NULL DEFAULT now(),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  closed_at timestamptz(3)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX room_one_unclosed ON room (customer_id) WHERE is_exclusive AND status <> 'closed';
CREATE INDEX room_business_id ON room (business_id, id);
CREATE INDEX room_customer_id ON room (customer_id);
CREATE INDEX room_held ON room (assignee_id) WHERE status <> 'closed';
CREATE INDEX room_queue ON room (business_id, waiting_since, id) WHERE status = 'open' AND assignee_id IS NULL;

CREATE TABLE mark (
  room_id uuid NOT NULL CONSTRAINT mark_room REFERENCES room ON DELETE CASCADE,
  user_id uuid NOT NULL,
  public_delivered integer NOT NULL DEFAULT 0,
  public_read integer NOT NULL DEFAULT 0,
  internal_delivered integer NOT NULL DEFAULT 0,
  internal_read integer NOT NULL DEFAULT 0,
  was_assignee boolean NOT NULL DEFAULT false,
  CONSTRAINT mark_pkey PRIMARY KEY (room_id, user_id)
) WITH (fillfactor = 50);

CREATE TABLE stream_counter (
  room_id uuid CONSTRAINT stream_counter_pkey PRIMARY KEY,
  public_seq integer NOT NULL DEFAULT 0,
  internal_seq integer NOT NULL DEFAULT 0,
  active_at timestamptz(3) NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

-- No foreign keys: append_entries looks at the room and the sender itself, under the lock, and this is the hot path.
CREATE TABLE message (
  room_id uuid NOT NULL,
  stream text NOT NULL CONSTRAINT message_stream CHECK (stream IN ('public', 'internal')),
  seq integer NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL CONSTRAINT message_kind CHECK (kind IN ('text', 'image', 'file', 'activity', 'edit', 'deletion')),
  sender_id uuid,
  client_message_id uuid,
  fingerprint text,
  body text,
  reply_to uuid,
  mentions uuid[] NOT NULL DEFAULT '{}',
  activity text,
  assignee_id uuid,
  change jsonb,
  target_seq integer,
  ai boolean NOT NULL DEFAULT false,
  created_at timestamptz(3) NOT NULL,
  edited_at timestamptz(3),
  deleted_at timestamptz(3),
  CONSTRAINT message_pkey PRIMARY KEY (room_id, stream, seq)
);
CREATE UNIQUE INDEX message_id ON message (id);
CREATE UNIQUE INDEX message_once ON message (sender_id, client_message_id, room_id) WHERE client_message_id IS NOT NULL;

CREATE TABLE stream_epoch (
  id integer CONSTRAINT stream_epoch_pkey PRIMARY KEY CONSTRAINT stream_epoch_single CHECK (id = 1),
  epoch uuid NOT NULL
);
INSERT INTO stream_epoch VALUES (1, gen_random_uuid());
`;

/**
 * The one write path of the streams. Takes the entries of one batch, in order, as a JSON array and returns a verdict for
 * each, in the same order. Repeats inside one batch are the caller's to hold back.
 *
 * Locks come first: rooms that a customer's message will wake, then the counters, each in id order. What is read after
 * the lock is what was committed before it, so that a close, a removal or a repeat that won the race is seen. With both
 * statements in one function a batch stays one round trip. The planner settings keep the plan on the indexes while the
 * tables are still small and their statistics old.
 */
const APPEND_ENTRIES = `
CREATE FUNCTION append_entries(batch json)
RETURNS TABLE (verdict text, seq integer, created_ms double precision, sender_role text, sender_name text, sender_avatar_url text, woke_seq integer)
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
  rooms uuid[];
  waking uuid[];
  woken jsonb := '{}';
  stamp timestamptz;
  dormant record;
  woke_at integer;
BEGIN
  SELECT array_agg(DISTINCT e.room), array_agg(DISTINCT e.room) FILTER (WHERE e.wakes)
    INTO rooms, waking
    FROM json_to_recordset(batch) AS e (room uuid, wakes boolean);

  IF waking IS NOT NULL THEN
    PERFORM 1 FROM room r
      WHERE r.id = ANY (waking) AND r.status IN ('pending', 'snoozed')
      ORDER BY r.id FOR NO KEY UPDATE;
  END IF;
  PERFORM 1 FROM stream_counter c WHERE c.room_id = ANY (rooms) ORDER BY c.room_id FOR UPDATE;
  stamp := date_trunc('milliseconds', clock_timestamp());

  IF waking IS NOT NULL THEN
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
    SELECT e.*, u.role, u.name, u.avatar_url,
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
    LEFT JOIN message m ON m.sender_id = e.sender AND m.client_message_id = e.client AND m.room_id = e.room
  ), placed AS MATERIALIZED (
    SELECT j.*,
      (CASE j.stream WHEN 'public' THEN c.public_seq ELSE c.internal_seq END
        + row_number() OVER (PARTITION BY j.room, j.stream ORDER BY j.ord))::integer AS seq
    FROM judged j JOIN stream_counter c ON c.room_id = j.room
    WHERE j.verdict = 'stored'
  ), inserted AS (
    INSERT INTO message (room_id, stream, seq, id, kind, sender_id, client_message_id, fingerprint, body, reply_to,
      mentions, activity, assignee_id, change, target_seq, created_at)
    SELECT p.room, p.stream, p.seq, p.id, p.kind, p.sender, p.client, p.fingerprint, p.body, p.reply_to,
      coalesce(p.mentions, '{}'), p.activity, p.assignee, p.change, p.target, stamp
    FROM placed p
  ), counted AS (
    UPDATE stream_counter c
      SET public_seq = c.public_seq + n.publics, internal_seq = c.internal_seq + n.internals, active_at = stamp
      FROM (SELECT p.room, count(*) FILTER (WHERE p.stream = 'public') AS publics,
              count(*) FILTER (WHERE p.stream = 'internal') AS internals
            FROM placed p GROUP BY p.room) n
      WHERE c.room_id = n.room
  ), marked AS (
    INSERT INTO mark AS k (room_id, user_id, public_delivered, public_read, internal_delivered, internal_read)
    SELECT p.room, p.sender, p.publics, p.publics, p.internals, p.internals
      FROM (SELECT p.room, p.sender, coalesce(max(p.seq) FILTER (WHERE p.stream = 'public'), 0) AS publics,
              coalesce(max(p.seq) FILTER (WHERE p.stream = 'internal'), 0) AS internals
            FROM placed p WHERE p.client IS NOT NULL GROUP BY p.room, p.sender) p
      ORDER BY p.room, p.sender
    ON CONFLICT (room_id, user_id) DO UPDATE SET
      public_delivered = greatest(k.public_delivered, excluded.public_delivered),
      public_read = greatest(k.public_read, excluded.public_read),
      internal_delivered = greatest(k.internal_delivered, excluded.internal_delivered),
      internal_read = greatest(k.internal_read, excluded.internal_read)
  )
  SELECT j.verdict, p.seq, (extract(epoch FROM stamp) * 1000)::double precision, j.role, j.name, j.avatar_url,
      (woken ->> j.room::text)::integer
    FROM judged j LEFT JOIN placed p ON p.ord = j.ord
    ORDER BY j.ord;
END
$function$`;

/**
 * Moves a reader's marks in one stream forward, never back and never past the last entry, and returns where they stand.
 * \`moved\` tells whether anything changed.
 */
const ADVANCE_MARK = `
CREATE FUNCTION advance_mark(of_room uuid, of_user uuid, of_stream text, new_delivered integer, new_read integer)
RETURNS TABLE (delivered integer, read integer, was_assignee boolean, moved boolean)
LANGUAGE plpgsql
AS $function$
DECLARE
  last_seq integer;
  k mark%ROWTYPE;
  old_delivered integer;
  old_read integer;
BEGIN
  SELECT CASE of_stream WHEN 'public' THEN c.public_seq ELSE c.internal_seq END INTO last_seq
    FROM stream_counter c WHERE c.room_id = of_room;
  SELECT * INTO k FROM mark m WHERE m.room_id = of_room AND m.user_id = of_user FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO mark (room_id, user_id) VALUES (of_room, of_user) ON CONFLICT DO NOTHING;
    SELECT * INTO k FROM mark m WHERE m.room_id = of_room AND m.user_id = of_user FOR UPDATE;
  END IF;
  old_delivered := CASE of_stream WHEN 'public' THEN k.public_delivered ELSE k.internal_delivered END;
  old_read := CASE of_stream WHEN 'public' THEN k.public_read ELSE k.internal_read END;
  read := greatest(old_read, least(new_read, last_seq));
  delivered := greatest(old_delivered, least(new_delivered, last_seq), read);
  was_assignee := k.was_assignee;
  moved := delivered > old_delivered OR read > old_read;
  IF moved AND of_stream = 'public' THEN
    UPDATE mark m SET public_delivered = delivered, public_read = read WHERE m.room_id = of_room AND m.user_id = of_user;
  ELSIF moved THEN
    UPDATE mark m SET internal_delivered = delivered, internal_read = read WHERE m.room_id = of_room AND m.user_id = of_user;
  END IF;
  RETURN NEXT;
END
$function$`;

export class InitialSchema1763600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [TABLES, APPEND_ENTRIES, ADVANCE_MARK]) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION advance_mark; DROP FUNCTION append_entries');
    const tables = 'stream_epoch, message, stream_counter, mark, room, presence_lease, presence, refresh_token, session, "user", business';
    await runner.query(`DROP TABLE ${tables}`);
  }
}
