import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { AppModule } from '../src/app.module.js';
import { readEnv } from '../src/config/env.js';
import { Chores } from '../src/database/chores.js';
import { CountService } from '../src/report/count.service.js';
import { doorsOf, type Route } from '../src/reference/doors.js';
import { OPERATIONS } from '../src/reference/operations.js';
import { rulesMetadataOf } from '../src/validation/rules.js';
import { newDatabase, startApp, type TestApp } from './support/app.js';
import {
  buildAgent,
  buildArticle,
  buildBusiness,
  buildCannedReply,
  buildLabel,
  buildRoom,
  buildRule,
  buildTeam,
  buildView,
  newKey,
  PASSWORD,
  say,
  type Person,
  type Tenant,
} from './support/factories.js';
import { picture, upload } from './support/files.js';
import { rest, type Answer } from './support/rest.js';
import { closeSockets, connect } from './support/socket.js';
import { nodesOf, type Plan } from './support/plan.js';

/** Rooms of the business that is asked, and as many of another one; the rows of the other tables go with them. */
const ROOMS = Number(process.env.PLAN_ROOMS ?? 5_000);
const ENTRIES = 6;
const A_MONTH_MS = 30 * 86_400_000;
/** From this many rows on a table is one that is not read as a whole. */
const LARGE = 1_000;
/** A statement reads no more rows of a large table than this: a tenth of the rooms have a label. */
const MOST = 1_000;
/** A search looks into the newest bucket, then into two more, each of 4,096 messages and those that came in with the last of them. */
const MOST_FOUND = 11_000;
/** Those that stay small, or that nobody asks for through a door. */
const SMALL = ['chore', 'migrations', 'stream_epoch', 'presence_lease', 'second_factor', 'recovery_code', 'search_bucket', 'team'];
/** What the server does by itself meanwhile: it looks after all rooms, some thousands at a time. */
const BY_ITSELF =
  /"isBehind"|idleCloseMinutes|'routing' ->> 'mode'|FROM chore|search_position|room_progress p|assist_room a JOIN room|autoReplies,welcome|remindMinutes|idleMinutes|mailMinutes/;

const MANY_BUSINESSES = [
  `INSERT INTO business (id, slug, name, theme, locale, settings)
    SELECT gen_random_uuid(), 'other-' || gen_random_uuid(), 'Other', '{}', 'en', '{}' FROM generate_series(1, 2000)`,
  `INSERT INTO label (id, business_id, name, folded_name)
    SELECT gen_random_uuid(), b.id, 'L' || n, 'l' || n FROM business b CROSS JOIN generate_series(1, 3) n`,
  `INSERT INTO canned_reply (id, business_id, shortcut, body)
    SELECT gen_random_uuid(), id, 'hello', 'Hello' FROM business`,
  `INSERT INTO article (id, business_id, title, body, is_public, words)
    SELECT gen_random_uuid(), id, 'Hello', 'Hello', true, to_tsvector('simple', 'hello') FROM business CROSS JOIN generate_series(1, 3)`,
  `INSERT INTO rule (id, business_id, name, is_enabled, event, conditions, actions)
    SELECT gen_random_uuid(), id, 'Rule', true, 'room.updated', '[]', '[]' FROM business`,
];

/** What a large business has, most of it by `person`, one of its staff. */
const fill = (business: string, person: string): string[] => [
  `INSERT INTO "user" (id, business_id, role, name, email, external_id, attributes)
    SELECT gen_random_uuid(), '${business}', 'guest', initcap(translate(left(md5(n::text), 8), '0123456789', 'ghijklmnop')), md5(n::text) || '@mail.example',
      'crm-' || n, '{}' FROM generate_series(1, ${ROOMS}) n`,
  `INSERT INTO session (id, user_id, expires_at) SELECT gen_random_uuid(), id, now() + interval '1 day' FROM "user"
    WHERE business_id = '${business}' AND external_id IS NOT NULL`,
  `INSERT INTO refresh_token (hash, session_id) SELECT s.id::text, s.id FROM session s JOIN "user" u ON u.id = s.user_id
    WHERE u.business_id = '${business}' AND u.external_id IS NOT NULL`,
  `INSERT INTO presence (user_id, business_id, status) SELECT id, business_id, 'offline' FROM "user"
    WHERE business_id = '${business}' ON CONFLICT DO NOTHING`,
  `INSERT INTO saved_view (id, business_id, owner_id, name, filter, sort)
    SELECT gen_random_uuid(), '${business}', id, 'Mine', '{}', 'newest' FROM "user" WHERE business_id = '${business}' AND external_id IS NOT NULL`,
  `INSERT INTO room (id, business_id, customer_id, assignee_id, status, subject, context, priority, is_exclusive, label_ids, created_at,
      active_at, rating_score, rated_at)
    SELECT gen_random_uuid(), '${business}', id, CASE WHEN random() < 0.3 THEN '${person}'::uuid END, CASE WHEN random() < 0.02 THEN 'open' ELSE 'closed' END,
      'About ' || name, '{}', 'normal', false, ARRAY(SELECT l.id FROM label l WHERE l.business_id = '${business}' AND external_id LIKE '%7' LIMIT 1),
      now() - random() * interval '360 days', now(), CASE WHEN random() < 0.5 THEN 4 END, now()
      FROM "user" WHERE business_id = '${business}' AND external_id IS NOT NULL`,
  `UPDATE room SET active_at = created_at + interval '5 minutes', rated_at = created_at + interval '2 hours' WHERE business_id = '${business}'`,
  `INSERT INTO stream_counter (room_id, public_seq, active_at) SELECT id, ${ENTRIES}, active_at FROM room WHERE business_id = '${business}' ON CONFLICT DO NOTHING`,
  `INSERT INTO mark (room_id, user_id, public_read) SELECT id, customer_id, 3 FROM room WHERE business_id = '${business}' ON CONFLICT DO NOTHING`,
  `INSERT INTO message (room_id, stream, seq, id, kind, sender_id, client_message_id, body, activity, created_at)
    SELECT r.id, 'public', n, gen_random_uuid(), CASE WHEN is_end THEN 'activity' ELSE 'text' END, r.customer_id,
        CASE WHEN NOT is_end THEN gen_random_uuid() END, CASE WHEN NOT is_end THEN 'something said ' || n END, CASE WHEN is_end THEN 'ended' END,
        r.created_at + n * interval '1 minute'
      FROM room r CROSS JOIN generate_series(1, ${ENTRIES}) n CROSS JOIN LATERAL (SELECT n = ${ENTRIES} AND r.status = 'closed' AS is_end) e
      WHERE r.business_id = '${business}' ON CONFLICT DO NOTHING`,
  `INSERT INTO mention (user_id, message_id, room_id, created_at) SELECT '${person}', m.id, m.room_id, m.created_at FROM message m JOIN room r ON r.id = m.room_id
    WHERE r.business_id = '${business}' AND m.seq = 1`,
  `INSERT INTO upload (id, business_id, room_id, uploader_id, name, mime, size, has_thumbnail, message_id, place)
    SELECT gen_random_uuid(), '${business}', r.id, r.customer_id, 'a.txt', 'text/plain', 4, false, m.id, 0
      FROM room r JOIN message m ON m.room_id = r.id AND m.seq = 2 WHERE r.business_id = '${business}'`,
  `INSERT INTO upload_day (user_id, day, bytes) SELECT customer_id, current_date, 4 FROM room WHERE business_id = '${business}'`,
  `INSERT INTO draft (room_id, user_id, stream, body, updated_at)
    SELECT r.id, u.id, 'public', 'begun', now() FROM (SELECT id FROM room WHERE business_id = '${business}' AND status = 'open' LIMIT 20) r
      CROSS JOIN (SELECT id FROM "user" WHERE business_id = '${business}' LIMIT 200) u`,
  `INSERT INTO audit_entry (id, business_id, action, target_type, target_id, details)
    SELECT gen_random_uuid(), '${business}', 'room.claimed', 'room', id, '{}' FROM room WHERE business_id = '${business}'`,
  `INSERT INTO queue_departure (id, business_id, at, gap_ms, agents)
    SELECT gen_random_uuid(), '${business}', now(), 1000, 1 FROM room WHERE business_id = '${business}'`,
  `INSERT INTO routing_decision (id, business_id, room_id, agent_id, facts)
    SELECT gen_random_uuid(), '${business}', id, '${person}', '{}' FROM room WHERE business_id = '${business}' AND subject LIKE 'About %'`,
  `INSERT INTO article (id, business_id, title, body, is_public, words)
    SELECT gen_random_uuid(), '${business}', 'About ' || n, 'something', true, to_tsvector('simple', 'about' || n) FROM generate_series(1, 300) n`,
  `INSERT INTO assist_room (room_id, turn) SELECT id, 1 FROM room WHERE business_id = '${business}' ON CONFLICT DO NOTHING`,
  `INSERT INTO assist_day (business_id, day) SELECT '${business}', current_date - n FROM generate_series(1, 999) n`,
  `INSERT INTO rule (id, business_id, name, is_enabled, event, conditions, actions)
    SELECT gen_random_uuid(), '${business}', 'Rule ' || n, true, 'message.created', '[]', '[{"type":"priority","value":"high"}]' FROM generate_series(1, 40) n`,
  `INSERT INTO rule_firing (id, business_id, rule_id, rule_name, room_id, occasion_id, event, is_stopped, is_done, actions)
    SELECT gen_random_uuid(), '${business}', gen_random_uuid(), 'Rule', id, id, 'room.created', false, true, '[]' FROM room WHERE business_id = '${business}'`,
  `INSERT INTO automation_room (room_id) SELECT id FROM room WHERE business_id = '${business}' ON CONFLICT DO NOTHING`,
  `INSERT INTO mail (id, user_id, recipient, subject, until, sent_at)
    SELECT gen_random_uuid(), id, email, 'Welcome', now(), now() FROM "user" WHERE business_id = '${business}' AND external_id IS NOT NULL`,
  `INSERT INTO password_link (hash, user_id, purpose, email, expires_at)
    SELECT md5(id::text), id, 'reset', email, now() FROM "user" WHERE business_id = '${business}' AND external_id IS NOT NULL`,
  `INSERT INTO resume_link (hash, user_id, purpose, expires_at)
    SELECT md5(id::text), id, 'mail', now() FROM "user" WHERE business_id = '${business}' AND external_id IS NOT NULL`,
];

interface Ran {
  'Query Text': string;
  Plan: Plan;
}

/** What a node read of a table, over all its loops; of what an index alone finds, the table's own node tells. */
const readBy = (node: Plan): number =>
  (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)) * node['Actual Loops'];

/** As if the file went with the message. */
const FILES_ARE_SENT = 'UPDATE upload SET message_id = $1, place = 0 WHERE message_id IS NULL';

describe('G10 G11 G12 plans', () => {
  let app: TestApp;
  let shop: Tenant;
  let agent: Person;
  let visitor: Person;
  let logFile: string;
  let values: Record<string, string>;
  /** By what the path begins with. */
  let ids: Record<string, string>;
  const { routes } = doorsOf(AppModule.with(readEnv({ DOCS: 'on' }), 'postgres://nowhere'));
  const asked = routes.filter(({ method, path }) => method === 'GET' && path.startsWith('/api/'));

  beforeAll(async () => {
    const database = await newDatabase();
    const client = new pg.Client({ connectionString: database });
    await client.connect();
    // Every statement of this database writes its plan into the log of the cluster.
    const settings = [
      "session_preload_libraries = 'auto_explain'",
      'auto_explain.log_min_duration = 0',
      'auto_explain.log_nested_statements = on',
      'auto_explain.log_format = json',
      'auto_explain.log_analyze = on',
      'auto_explain.log_timing = off',
    ];
    for (const setting of settings) await client.query(`ALTER DATABASE ${new URL(database).pathname.slice(1)} SET ${setting}`);
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    logFile = join(dirname(rows[0]?.data_directory ?? ''), 'postgres.log');
    await client.end();
    app = await startApp({}, database);
    shop = await buildBusiness(app.url);
    agent = await buildAgent(app.url, shop);
    const teamId = await buildTeam(app.url, shop, [agent]);
    const { room, guest } = await buildRoom(app.url, shop);
    visitor = guest;
    const message = await say(app.url, guest, room.id, 'something said here');
    const another = await buildBusiness(app.url);
    const statements = [...MANY_BUSINESSES, ...fill(shop.id, agent.id), ...fill(another.id, another.admin.id)];
    for (const statement of statements) await app.sql(statement);
    await app.app.get(CountService).recount();
    await app.app.get(Chores).run('search.catch_up');
    await reach('team');
    await app.sql('VACUUM ANALYZE');
    const [session] = await app.sql<{ id: string }>('SELECT id FROM session WHERE user_id = $1', [shop.admin.id]);
    const [someone] = await app.sql<{ name: string }>('SELECT name FROM "user" WHERE external_id = \'crm-12\' LIMIT 1');
    const file = await upload(app.url, guest, room.id, await picture());
    await app.sql(FILES_ARE_SENT, [message.id]);
    ids = {
      agents: agent.id,
      teams: teamId,
      auth: session?.id ?? '',
      labels: await buildLabel(app.url, shop, 'Mine'),
      views: await buildView(app.url, shop.admin, { name: 'Mine', filter: { status: 'open' } }),
      'canned-replies': await buildCannedReply(app.url, shop),
      uploads: file.id,
      articles: await buildArticle(app.url, shop),
      rules: await buildRule(app.url, shop),
    };
    const rooms = await app.sql<{ id: string }>('SELECT id FROM room WHERE business_id = $1 ORDER BY waiting_since LIMIT 100', [shop.id]);
    values = {
      roomId: room.id,
      roomIds: rooms.map(({ id }) => id).join(),
      messageId: message.id,
      customerId: guest.id,
      teamId,
      agentId: agent.id,
      sessionId: session?.id ?? '',
      id: guest.id,
      slug: shop.slug,
      q: someone?.name ?? '',
      label: 'L1',
      limit: '50',
      assignee: agent.id,
      actorId: agent.id,
      targetId: room.id,
      from: new Date(Date.now() - A_MONTH_MS).toISOString(),
      to: new Date().toISOString(),
      before: '5',
      after: '2',
      online: 'true',
      role: 'guest',
      stream: 'public',
      in: 'customers',
    };
  }, 900_000);
  afterAll(() => app.close());

  /** How far the agent reaches, who holds a third of the rooms. */
  const reach = (how: string): Promise<unknown> => app.sql('UPDATE "user" SET reach = $2 WHERE id = $1', [agent.id, how]);

  /** What ran since and read a large table as a whole, or much of it. */
  const largeReads = (from: number, large: Set<string>): string[] => {
    const log = openSync(logFile, 'r');
    const written = Buffer.alloc(fstatSync(log).size - from);
    readSync(log, written, 0, written.length, from);
    closeSync(log);
    const ran = [...written.toString().matchAll(/ms {2}plan:\n(\t\{\n.*?\n\t\})\n/gs)].map(([, json = '']) => JSON.parse(json) as Ran);
    return ran
      .filter((one) => !BY_ITSELF.test(one['Query Text']))
      .flatMap((one) =>
        nodesOf(one.Plan)
          .filter((node) => large.has(node['Relation Name'] ?? ''))
          .filter(
            (node) => node['Node Type'] === 'Seq Scan' || readBy(node) > (node['Relation Name'] === 'search_message' ? MOST_FOUND : MOST),
          )
          .map((node) => `${node['Node Type']} of ${readBy(node)} ${node['Relation Name']}: ${one['Query Text'].slice(0, 1_500)}`),
      );
  };

  const valueFor = (route: Route, filter: string): string | undefined => {
    const example = OPERATIONS[route.command].request?.[filter];
    // A report of days takes days.
    if (route.command === 'report.ai') return values[filter]?.slice(0, 10);
    return values[filter] ?? (typeof example === 'string' || typeof example === 'number' ? String(example) : undefined);
  };

  const largeTables = async (): Promise<Set<string>> => {
    const rows = await app.sql<{ name: string }>("SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND reltuples >= $1", [LARGE]);
    return new Set(rows.map(({ name }) => name));
  };
  /** Others than the admin may be refused. */
  const get = async ({ token }: Person, where: string): Promise<Answer['body']> => {
    const isAdmin = token === shop.admin.token;
    const before = statSync(logFile).size;
    const response = await fetch(app.url + where, { headers: { Authorization: `Bearer ${token}` } });
    const body = await response.text();
    expect([where, response.status, true]).toEqual([where, response.status, (isAdmin ? [200] : [200, 403, 404]).includes(response.status)]);
    expect([where, largeReads(before, await largeTables())]).toEqual([where, []]);
    return response.headers.get('content-type')?.includes('json') ? JSON.parse(body) : undefined;
  };

  it('every table that grows is large', async () => {
    const tables = await app.sql<{ name: string }>(
      "SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname = 'public'",
    );
    const large = await largeTables();
    expect(tables.map(({ name }) => name).filter((name) => !large.has(name) && !SMALL.includes(name))).toEqual([]);
  });

  it.each(asked.map((route): [string, Route] => [`${route.method} ${route.path}`, route]))(
    '%s reads little of a large table',
    async (_, route) => {
      const id = ids[route.path.split('/')[2] ?? ''] ?? values.id;
      const path = route.path.replace(/\{(\w+)\}/g, (_whole, name: string) => (name === 'id' ? id : values[name]) ?? '');
      const filters = route.query ? [...new Set(rulesMetadataOf(route.query).map(({ propertyName }) => propertyName))] : [];
      const needed: Record<string, string> = {
        ...(route.path.endsWith('search') && { q: 'said' }),
        ...(route.command === 'room.attendance' && { roomIds: values.roomIds ?? '' }),
      };
      const queries: Record<string, string>[] = [
        { ...needed },
        ...filters.flatMap((filter) => {
          const value = valueFor(route, filter);
          return value === undefined || filter === 'cursor' ? [] : [{ ...needed, [filter]: value }];
        }),
      ];
      for (const person of [shop.admin, agent, visitor]) {
        for (const query of queries) {
          const where = `${path}?${new URLSearchParams(query).toString()}`;
          const page = await get(person, where);
          if (typeof page?.nextCursor === 'string') await get(person, `${where}&cursor=${page.nextCursor}`);
        }
      }
    },
  );

  it('what people do in a room reads little of a large table', async () => {
    await reach('all');
    const large = await largeTables();
    const before = statSync(logFile).size;
    const as = async ({ token }: Person, method: string, path: string, body?: object): Promise<Answer['body']> => {
      const answer = await rest(app.url, method, `/api/${path}`, { token, body });
      expect([path, answer.status < 300]).toEqual([path, true]);
      return answer.body;
    };
    const login = { email: agent.email, password: PASSWORD, business: shop.slug };
    expect((await rest(app.url, 'POST', '/api/auth/login', { body: login })).status).toBe(200);
    const { room, guest } = await buildRoom(app.url, shop);
    const { id } = await say(app.url, guest, room.id, 'something');
    await as(guest, 'PATCH', `rooms/${room.id}/messages/${id}`, { body: 'something else' });
    await as(agent, 'POST', `rooms/${room.id}/claim`);
    await as(agent, 'POST', `rooms/${room.id}/marks`, { read: 2 });
    await say(app.url, agent, room.id, 'a note', 'internal');
    await say(app.url, agent, room.id, 'an answer');
    await as(agent, 'PATCH', `rooms/${room.id}`, { labels: ['L1'], priority: 'high' });
    await as(shop.admin, 'POST', `rooms/${room.id}/transfer`, { agentId: shop.admin.id });
    await as(guest, 'DELETE', `rooms/${room.id}/messages/${id}`);
    await as(agent, 'DELETE', `rooms/${room.id}`);
    await as(guest, 'POST', `rooms/${room.id}/rating`, { score: 5 });
    await as(agent, 'POST', `rooms/${room.id}/reopen`);
    const socket = await connect(app.url, guest.token);
    await socket.call('room.join', { roomId: room.id });
    await socket.call('message.send', { roomId: room.id, clientMessageId: newKey(), body: 'over the socket' });
    await socket.call('room.sync', { roomId: room.id, after: { public: 1 } });
    await socket.call('typing.start', { roomId: room.id });
    closeSockets();
    expect(largeReads(before, large)).toEqual([]);
  });
});
