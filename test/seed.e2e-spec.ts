import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReportOverview } from '../src/contract/report.js';
import { startApp, type TestApp } from './support/app.js';
import { cli, passwordIn, type Told } from './support/cli.js';
import { rest, type Answer } from './support/rest.js';

const DAY = 86_400_000;

describe('N42 J10 npm run seed', () => {
  let app: TestApp;
  let settings: Record<string, string>;
  let told: Told;
  let token: string;

  const seed = (slug: string, more: Record<string, string> = {}, ...args: string[]): Promise<Told> =>
    cli({ ...settings, ...more }, 'seed', '--slug', slug, ...args);
  const login = async (email: string, password: string, business: string): Promise<string> => {
    const { status, body } = await rest(app.url, 'POST', '/api/auth/login', { body: { email, password, business } });
    expect(status).toBe(200);
    return body.accessToken;
  };
  const get = async (path: string, as = token): Promise<Answer['body']> => {
    const { status, body } = await rest(app.url, 'GET', path, { token: as });
    expect([path, status]).toEqual([path, 200]);
    return body;
  };
  const countOf = async (query: string): Promise<number> => (await get(`/api/rooms?limit=200&${query}`)).items.length;
  const entriesOf = (slug: string): Promise<unknown[]> =>
    app.sql(
      `SELECT r.subject, r.status, r.priority, r.rating_score, r.rating_comment, m.stream, m.seq, m.kind, m.body, m.activity, s.name,
          cardinality(m.mentions) AS mentions, m.deleted_at IS NOT NULL AS deleted,
          CASE WHEN r.status = 'closed' THEN date_trunc('milliseconds', m.created_at) END AS at,
          (SELECT array_agg(l.name ORDER BY l.name) FROM label l WHERE l.id = ANY (r.label_ids)) AS labels
        FROM message m JOIN room r ON r.id = m.room_id JOIN business b ON b.id = r.business_id LEFT JOIN "user" s ON s.id = m.sender_id
        WHERE b.slug = $1 ORDER BY r.created_at, m.stream, m.seq`,
      [slug],
    );

  beforeAll(async () => {
    app = await startApp();
    const folder = mkdtempSync(join(tmpdir(), 'parley-seed-'));
    settings = { DATABASE_URL: app.databaseUrl, JWT_ACCESS_SECRET: 'b9c1f2d3a4e5968778695a4b3c2d1e0f', DATA_DIR: folder };
    told = await seed('meadow');
    token = await login('ada@meadow.example', passwordIn(told.out, 'ada@meadow.example'), 'meadow');
  });
  afterAll(async () => {
    rmSync(settings.DATA_DIR as string, { recursive: true });
    await app.close();
  });

  it('fills a business beside a running server, and says how to sign in', async () => {
    expect(told).toMatchObject({ code: 0, err: '' });
    expect(told.out).toContain('40 rooms of 30 days');
    for (const name of ['ben', 'cleo', 'dan']) {
      const address = `${name}@meadow.example`;
      expect(await login(address, passwordIn(told.out, address), 'meadow')).toEqual(expect.any(String));
    }
    expect((await get('/api/agents')).items).toHaveLength(4);
  });

  it('has rooms in all states, with labels, priorities and ratings', async () => {
    const statuses = await Promise.all(['open', 'pending', 'snoozed', 'closed'].map((status) => countOf(`status=${status}`)));
    expect(statuses).toEqual([7, 2, 2, 29]);
    expect(await countOf('status=open&assignee=none')).toBe(3);
    for (const label of ['Delivery', 'Repair', 'Advice', 'Refund', 'Warranty', 'Billing', 'VIP']) {
      expect([label, await countOf(`label=${label}`)]).toEqual([label, expect.any(Number)]);
      expect(await countOf(`label=${label}`)).toBeGreaterThan(0);
    }
    for (const priority of ['low', 'normal', 'high', 'urgent']) expect(await countOf(`priority=${priority}`)).toBeGreaterThan(0);
    expect((await get('/api/views')).items).toHaveLength(2);
    expect((await get('/api/canned-replies')).items).toHaveLength(3);
    const cleo = await login('cleo@meadow.example', passwordIn(told.out, 'cleo@meadow.example'), 'meadow');
    expect((await get('/api/mentions', cleo)).items.length).toBeGreaterThan(0);
    const [{ files, thumbnails } = { files: 0, thumbnails: 0 }] = await app.sql<{ files: number; thumbnails: number }>(
      'SELECT count(*)::integer AS files, count(*) FILTER (WHERE has_thumbnail)::integer AS thumbnails FROM upload WHERE message_id IS NOT NULL',
    );
    expect([files, thumbnails]).toEqual([4, 4]);
  });

  it('has a month in which every figure of the report has something, equal to what the entries come to', async () => {
    const report = (await get('/api/reports/overview')) as ReportOverview;
    const figures = [report.rooms.opened, report.rooms.closed, report.rooms.open, report.messages, report.rating.count];
    const durations = [report.firstResponseMs, report.resolutionMs, report.waitMs].flatMap(({ median, p90 }) => [median, p90]);
    for (const figure of [...figures, ...durations, report.rating.mean]) expect(figure).toBeGreaterThan(0);
    const [entries] = await app.sql<Record<string, number>>(
      `SELECT count(*) FILTER (WHERE m.activity = 'closed')::integer AS closed, count(*) FILTER (WHERE m.activity = 'ended')::integer AS ended,
          count(*) FILTER (WHERE m.kind IN ('text', 'image', 'file'))::integer AS messages FROM message m
        JOIN room r ON r.id = m.room_id JOIN business b ON b.id = r.business_id WHERE b.slug = 'meadow' AND m.stream = 'public'`,
    );
    expect([report.messages, report.rooms.closed]).toEqual([entries?.messages, (entries?.closed ?? 0) + (entries?.ended ?? 0)]);
    expect(report.rooms.open).toBe(11);
    // The first day of thirty is there, and so is each but perhaps today, when it has only begun.
    expect(report.perDay).toHaveLength(30);
    for (const { date, opened, messages } of report.perDay.slice(0, -1))
      expect([date, opened > 0, messages > 0]).toEqual([date, true, true]);
    for (const { agent, assigned, closed, messages, rating } of report.perAgent.filter((one) => one.agent.role === 'agent')) {
      expect([agent.name, assigned > 0, closed > 0, messages > 0, rating.count > 0]).toEqual([agent.name, true, true, true, true]);
    }
  });

  it('P3 is a history like any other: without gaps, in the order of time, nothing of it in the future', async () => {
    const faults = await app.sql(
      `SELECT * FROM (SELECT m.room_id, m.stream, m.seq, m.created_at,
            row_number() OVER w AS place, lag(m.created_at) OVER w AS before FROM message m
          WINDOW w AS (PARTITION BY m.room_id, m.stream ORDER BY m.seq)) e
        WHERE e.seq <> e.place OR e.created_at < e.before OR e.created_at > now()`,
    );
    expect(faults).toEqual([]);
    const rooms = await app.sql(
      `SELECT r.id FROM room r JOIN stream_counter c ON c.room_id = r.id
        WHERE r.created_at > c.active_at OR r.assigned_at < r.created_at OR r.closed_at < r.assigned_at OR r.rated_at < r.closed_at
          OR r.active_at < c.active_at OR greatest(r.assigned_at, r.closed_at, r.rated_at, r.active_at, c.asked_at) > now() - interval '1 minute'
          OR c.public_seq <> (SELECT count(*) FROM message m WHERE m.room_id = r.id AND m.stream = 'public')`,
    );
    expect(rooms).toEqual([]);
    const [{ first } = { first: new Date() }] = await app.sql<{ first: Date }>('SELECT min(created_at) AS first FROM room');
    expect(Math.ceil((Date.now() - first.getTime()) / DAY)).toBeGreaterThanOrEqual(29);
  });

  it('is the same each time', async () => {
    expect(await seed('lea')).toMatchObject({ code: 0 });
    const [one, other] = [await entriesOf('meadow'), await entriesOf('lea')];
    expect(one.length).toBeGreaterThan(300);
    expect(other).toEqual(one);
  });

  it('leaves alone what there is', async () => {
    const before = await entriesOf('meadow');
    const again = await seed('meadow');
    expect([again.code, again.err]).toEqual([
      1,
      'parley: There is a business meadow already, and nothing was changed. Name another with --slug\n',
    ]);
    expect(await entriesOf('meadow')).toEqual(before);
    expect(await seed('no slug')).toMatchObject({ code: 1, err: expect.stringContaining('slug') });
  });

  it('does so in production only when told to', async () => {
    const production = { NODE_ENV: 'production', PUBLIC_URL: 'https://chat.example', BCRYPT_COST: '10' };
    expect(await seed('made-up', production)).toMatchObject({ code: 1, err: expect.stringContaining('--force') });
    expect(await app.sql("SELECT id FROM business WHERE slug = 'made-up'")).toEqual([]);
    expect(await seed('made-up', production, '--force')).toMatchObject({ code: 0 });
  });
});
