import { Chores } from '../src/database/chores.js';
import { startApp, type TestApp } from './support/app.js';
import { buildBusiness, buildGuest, buildRoom, say, type Tenant } from './support/factories.js';
import { rest } from './support/rest.js';

describe('J8 what is forgotten by itself', () => {
  let app: TestApp;
  let shop: Tenant;

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
  });
  afterAll(() => app.close());

  const run = (name: string): Promise<void> => app.app.get(Chores).run(name);
  const ids = async (text: string): Promise<string[]> => (await app.sql<{ id: string }>(text)).map(({ id }) => id).sort();

  it('sessions that ended or ran out 30 days ago, with their refresh tokens', async () => {
    const guests = await Promise.all(['ended', 'expired', 'ended lately', 'open'].map((name) => buildGuest(app.url, shop, name)));
    const turned = [
      "ended_at = now() - interval '31 days'",
      "expires_at = now() - interval '31 days'",
      "ended_at = now() - interval '29 days', expires_at = now() - interval '29 days'",
      "created_at = now() - interval '31 days'",
    ];
    for (const [index, change] of turned.entries()) await app.sql(`UPDATE session SET ${change} WHERE user_id = $1`, [guests[index]?.id]);
    await app.sql(
      `INSERT INTO refresh_token SELECT 'old ' || n, (SELECT id FROM session WHERE user_id = $1), now() FROM generate_series(1, 2000) n`,
      [guests[0]?.id],
    );
    await run('old-sessions');
    const left = (await app.sql<{ user_id: string }>('SELECT user_id FROM session')).map((row) => row.user_id);
    expect(guests.map(({ id }) => left.includes(id))).toEqual([false, false, true, true]);
    expect(await app.sql("SELECT FROM refresh_token WHERE hash LIKE 'old %' OR session_id NOT IN (SELECT id FROM session)")).toEqual([]);
    expect((await rest(app.url, 'GET', '/api/auth/me', { token: guests[3]?.token })).status).toBe(200);
    expect((await rest(app.url, 'GET', '/api/auth/me', { token: guests[0]?.token })).body.code).toBe('auth.invalid_credentials');
  });

  it('links, mails, audit entries and decisions, and none that is younger', async () => {
    const { room } = await buildRoom(app.url, shop);
    await app.sql(`
      INSERT INTO password_link SELECT 'link ' || n, '${shop.admin.id}', 'reset', 'a@b.example', now() - n * interval '1 day' FROM generate_series(20, 1200) n;
      INSERT INTO resume_link SELECT 'link ' || n, '${shop.admin.id}', 'mail', now() - n * interval '1 hour' FROM generate_series(20, 30) n;
      INSERT INTO mail (id, user_id, recipient, subject, until, created_at, sent_at, given_up_at)
        SELECT gen_random_uuid(), gen_random_uuid(), 'a@b.example', state || n, now(), now() - n * interval '1 day',
            CASE state WHEN 'sent' THEN now() END, CASE state WHEN 'given up' THEN now() END
          FROM generate_series(28, 33, 5) n, unnest(ARRAY['sent', 'given up']) state;
      INSERT INTO mail (id, user_id, recipient, subject, until, due_at, created_at)
        VALUES (gen_random_uuid(), gen_random_uuid(), 'a@b.example', 'waits', now() + interval '1 day', now() + interval '1 hour', now() - interval '40 days');
      INSERT INTO audit_entry (id, business_id, at, action, target_type, details)
        SELECT gen_random_uuid(), '${shop.id}', now() - n * interval '1 day', 'old', 'user', '{}' FROM generate_series(395, 405, 10) n;
      INSERT INTO routing_decision (id, business_id, room_id, agent_id, facts, at)
        SELECT gen_random_uuid(), '${shop.id}', '${room.id}', gen_random_uuid(), '{}', now() - n * interval '1 day' FROM generate_series(85, 95, 10) n`);
    for (const name of ['old-links', 'old-resume-links', 'old-mails', 'old-audit', 'old-decisions']) await run(name);
    const [left] = await app.sql(`SELECT
      (SELECT count(*) FROM password_link WHERE hash LIKE 'link %')::integer AS links,
      (SELECT count(*) FROM resume_link WHERE hash LIKE 'link %')::integer AS "resumeLinks",
      (SELECT array_agg(subject ORDER BY subject) FROM mail WHERE recipient = 'a@b.example') AS mails,
      (SELECT count(*) FROM audit_entry WHERE action = 'old')::integer AS deeds,
      (SELECT count(*) FROM routing_decision WHERE facts = '{}')::integer AS decisions`);
    expect(left).toEqual({ links: 10, resumeLinks: 4, mails: ['given up28', 'sent28', 'waits'], deeds: 1, decisions: 1 });
  });

  it('guests who said nothing and cannot come back, and no other', async () => {
    const silent = await buildGuest(app.url, shop, 'silent');
    const young = await buildGuest(app.url, shop, 'young');
    const here = await buildGuest(app.url, shop, 'here');
    const { guest: talker, room } = await buildRoom(app.url, shop);
    await say(app.url, talker, room.id, 'Hello');
    const blocked = await buildGuest(app.url, shop, 'blocked');
    const all = [silent, young, here, talker, blocked].map(({ id }) => id);
    await app.sql('UPDATE "user" SET created_at = now() - interval \'91 days\' WHERE id = ANY ($1) AND id <> $2', [all, young.id]);
    await app.sql('UPDATE "user" SET blocked = true WHERE id = $1', [blocked.id]);
    await app.sql('DELETE FROM session WHERE user_id = ANY ($1) AND user_id <> $2', [all, here.id]);
    await app.sql("INSERT INTO presence VALUES ($1, $2, 'online', now())", [silent.id, shop.id]);
    await run('silent-guests');
    expect(await ids(`SELECT id FROM "user" WHERE id = ANY ('{${all.join()}}')`)).toEqual(all.slice(1).sort());
    expect(await app.sql('SELECT FROM presence WHERE user_id = $1', [silent.id])).toEqual([]);
  });

  it('leases of servers that died', async () => {
    await app.sql("INSERT INTO presence_lease VALUES (gen_random_uuid(), gen_random_uuid(), $1, true, true, now() - interval '1 second')", [
      shop.id,
    ]);
    const deadline = Date.now() + 10_000;
    const isLeft = async (): Promise<boolean> => (await app.sql('SELECT FROM presence_lease WHERE expires_at < now()')).length > 0;
    while (await isLeft()) expect(Date.now()).toBeLessThan(deadline);
  });

  it.each([
    ['session', "ended_at < now() - interval '30 days'"],
    ['session', "expires_at < now() - interval '30 days'"],
    ['password_link', "expires_at < now() - interval '30 days'"],
    ['resume_link', "expires_at < now() - interval '1 day'"],
    ['mail', "(sent_at IS NOT NULL OR given_up_at IS NOT NULL) AND created_at < now() - interval '30 days'"],
    ['audit_entry', "at < now() - interval '400 days'"],
    ['routing_decision', "at < now() - interval '90 days'"],
    ['"user"', "role = 'guest' AND created_at < now() - interval '90 days'"],
  ])('finds the old rows of %s by an index (%s)', async (table, where) => {
    const [plan] = await app
      .sql<Record<string, unknown>>(`SELECT set_config('enable_seqscan', 'off', false)`)
      .then(() => app.sql<Record<string, unknown>>(`EXPLAIN (FORMAT JSON) SELECT FROM ${table} WHERE ${where} LIMIT 20`));
    expect(JSON.stringify(plan)).toMatch(/"Index (Only )?Scan|Bitmap Index Scan/);
    expect(JSON.stringify(plan)).toMatch(/Index Cond/);
  });
});
