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
CREATE INDEX message_target ON message (room_id, stream, target_seq) WHERE target_seq IS NOT NULL;
CREATE UNIQUE INDEX message_once ON message (sender_id, client_message_id, room_id) WHERE client_message_id IS NOT NULL;

CREATE TABLE stream_epoch (
  id integer CONSTRAINT stream_epoch_pkey PRIMARY KEY CONSTRAINT stream_epoch_single CHECK (id = 1),
  epoch uuid NOT NULL
);
INSERT INTO stream_epoch VALUES (1, gen_random_uuid());
`;

export class CreateTables1763600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables = 'stream_epoch, message, stream_counter, mark, room, presence_lease, presence, refresh_token, session, "user", business';
    await runner.query(`DROP TABLE ${tables}`);
  }
}
