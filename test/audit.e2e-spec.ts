import pg from 'pg';
import type { AuditEntry } from '../src/contract/audit.js';
import { startApp, type TestApp } from './support/app.js';
import {
  buildAgent,
  buildBusiness,
  buildCustomer,
  buildGuest,
  buildRoom,
  newKey,
  PASSWORD,
  type Person,
  type Tenant,
} from './support/factories.js';
import { rest, type Answer } from './support/rest.js';
import { closeSockets, connect } from './support/socket.js';

const IP = '127.0.0.1';

describe('the audit log', () => {
  let app: TestApp;
  let shop: Tenant;
  let agent: Person;

  const as = ({ token }: Person, method: string, path: string, body?: unknown): Promise<Answer> =>
    rest(app.url, method, `/api/${path}`, { token, body });
  const list = (query = '', { admin }: Tenant = shop): Promise<Answer> => as(admin, 'GET', `audit${query}`);
  /** What was noted of one target, the newest first. */
  const notedOf = async (targetId: string, tenant = shop): Promise<Partial<AuditEntry>[]> =>
    (await list(`?targetId=${targetId}`, tenant)).body.items.map(({ action, details }: AuditEntry) => ({ action, details }));
  const login = (email: string | undefined, password = PASSWORD): Promise<Answer> =>
    rest(app.url, 'POST', '/api/auth/login', { body: { email, password, business: shop.slug } });

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
    agent = await buildAgent(app.url, shop);
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  it('tells who did what to what, when and from where', async () => {
    const { id } = await buildGuest(app.url, shop);
    const before = Date.now();
    await as(agent, 'PATCH', `customers/${id}`, { name: 'Gus', attributes: { plan: 'gold' } });
    const { status, body } = await list(`?targetId=${id}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      items: [
        {
          id: expect.any(String),
          at: expect.any(String),
          action: 'customer.updated',
          actor: { id: agent.id, role: 'agent', name: 'Alex', avatarUrl: null },
          targetType: 'user',
          targetId: id,
          ip: IP,
          details: { fields: ['name', 'attributes'], attributes: ['plan'] },
        },
      ],
      nextCursor: null,
    });
    expect(Math.abs(Date.parse(body.items[0].at) - before)).toBeLessThan(5_000);
    await as(agent, 'PATCH', `customers/${id}`, { name: 'Gus' });
    expect(await notedOf(id)).toHaveLength(1);
  });

  describe('notes', () => {
    it('who signs in and out, and who tries', async () => {
      const { id, email, token } = await buildCustomer(app.url, shop);
      const wrong = 'a wrong password';
      await login(email, wrong);
      await login(email);
      await as({ id, token, refreshToken: '' }, 'POST', 'auth/logout');
      const [out, signedIn, failed, registered] = (await list(`?targetId=${id}`)).body.items as AuditEntry[];
      expect(registered).toMatchObject({ action: 'auth.signed_in', actor: { id }, ip: IP, details: { method: 'password' } });
      expect(failed).toMatchObject({ action: 'auth.sign_in_failed', actor: null, targetId: id, ip: IP, details: {} });
      expect(signedIn).toMatchObject({ action: 'auth.signed_in', actor: { id, role: 'customer' } });
      expect(out).toMatchObject({ action: 'auth.signed_out', actor: { id }, details: { sessionId: expect.any(String) } });
      const nobody = `nobody-${newKey()}@mail.example`;
      await login(nobody, wrong);
      const [unknown] = (await list('?action=auth.sign_in_failed')).body.items as AuditEntry[];
      expect(unknown).toMatchObject({ actor: null, targetId: null, ip: IP });
      const rows = JSON.stringify(await app.sql('SELECT * FROM audit_entry'));
      for (const secret of [wrong, PASSWORD, nobody, email as string]) expect(rows).not.toContain(secret);
    });

    it('no guest that comes and goes', async () => {
      const guest = await buildGuest(app.url, shop);
      await as(guest, 'POST', 'auth/logout');
      expect((await list(`?actorId=${guest.id}`)).body.items).toEqual([]);
      expect(await notedOf(guest.id)).toEqual([]);
    });

    it('a changed password, and the end of a session by its owner', async () => {
      const customer = await buildCustomer(app.url, shop);
      const { body } = await login(customer.email);
      const other = { ...customer, token: body.accessToken };
      const sessions = (await as(other, 'GET', 'auth/sessions')).body.items;
      const old = sessions.find(({ current }: any) => !current).id;
      await as(other, 'DELETE', `auth/sessions/${old}`);
      await as(other, 'POST', 'auth/password', { currentPassword: PASSWORD, newPassword: 'another horse battery' });
      const [changed, ended] = await notedOf(customer.id);
      expect([changed, ended]).toEqual([
        { action: 'auth.password_changed', details: { by: 'own' } },
        { action: 'auth.signed_out', details: { sessionId: old } },
      ]);
    });

    it('A13 a refresh token that comes again, once', async () => {
      const guest = await buildGuest(app.url, shop);
      const refresh = (): Promise<Answer> => rest(app.url, 'POST', '/api/auth/refresh', { body: { refreshToken: guest.refreshToken } });
      await refresh();
      for (let n = 0; n < 3; n++) expect((await refresh()).body.code).toBe('auth.token_reused');
      const { items } = (await list(`?targetId=${guest.id}`)).body;
      expect(items).toMatchObject([{ action: 'auth.token_reused', actor: null, ip: IP, details: { sessionId: expect.any(String) } }]);
    });

    it('what becomes of agents', async () => {
      const team = (await as(shop.admin, 'POST', 'teams', { name: `Team ${newKey()}` })).body.id;
      const { id } = await buildAgent(app.url, shop);
      const change = (body: object): Promise<Answer> => as(shop.admin, 'PATCH', `agents/${id}`, body);
      await change({ name: 'Sam', email: `Sam-${newKey()}@shop.example`, capacity: 3 });
      await change({ role: 'admin', teamIds: [team], disabled: true });
      await change({ disabled: true });
      await as(shop.admin, 'DELETE', `agents/${id}`);
      await change({ disabled: false, name: 'Sam' });
      await as(shop.admin, 'DELETE', `agents/${id}`);
      expect((await notedOf(id)).reverse()).toEqual([
        { action: 'agent.created', details: { role: 'agent' } },
        { action: 'auth.signed_in', details: { method: 'password' } },
        { action: 'agent.updated', details: { fields: ['email', 'name', 'capacity'] } },
        {
          action: 'agent.updated',
          details: { fields: ['role', 'teamIds'], role: { from: 'agent', to: 'admin' }, teamIds: { from: [], to: [team] } },
        },
        { action: 'agent.disabled', details: {} },
        { action: 'agent.enabled', details: {} },
        { action: 'agent.disabled', details: {} },
      ]);
      const made = await as(shop.admin, 'POST', 'auth/register', {
        business: shop.slug,
        email: `ada-${newKey()}@shop.example`,
        password: PASSWORD,
        role: 'admin',
      });
      expect(await notedOf(made.body.user.id)).toEqual([{ action: 'agent.created', details: { role: 'admin' } }]);
    });

    it('the first admin of a business', async () => {
      const own = await buildBusiness(app.url);
      const { items } = (await list(`?targetId=${own.admin.id}`, own)).body;
      expect(items.map(({ action, actor, ip, details }: AuditEntry) => ({ action, actor: actor?.id, ip, details }))).toEqual([
        { action: 'auth.signed_in', actor: own.admin.id, ip: IP, details: { method: 'password' } },
        { action: 'agent.created', actor: own.admin.id, ip: IP, details: { role: 'admin' } },
      ]);
    });

    it('a second invitation, and none that was not sent', async () => {
      const body = { email: `ina-${newKey()}@shop.example`, name: 'Ina', role: 'agent' };
      const { id } = (await as(shop.admin, 'POST', 'agents', body)).body;
      expect((await as(shop.admin, 'POST', `agents/${id}/invite`)).status).toBe(202);
      expect((await as(shop.admin, 'POST', `agents/${agent.id}/invite`)).body.code).toBe('agent.already_active');
      const { items } = (await list(`?targetId=${id}`)).body;
      expect(items.map(({ action, actor, ip }: AuditEntry) => ({ action, actor: actor?.id, ip }))).toEqual(
        ['agent.invited', 'agent.created'].map((action) => ({ action, actor: shop.admin.id, ip: IP })),
      );
      expect((await list(`?targetId=${agent.id}&action=agent.invited`)).body.items).toEqual([]);
    });

    it('settings, the secret and teams', async () => {
      const own = await buildBusiness(app.url);
      const { id, admin } = own;
      await as(admin, 'PATCH', 'business', {
        welcomeText: 'Hi',
        theme: { color: '#1a2b3c' },
        settings: { agentScope: 'team', routing: { mode: 'auto' } },
      });
      await as(admin, 'PATCH', 'business', { welcomeText: 'Hi' });
      await as(admin, 'POST', 'business/identity-secret');
      expect((await notedOf(id, own)).reverse()).toEqual([
        {
          action: 'business.updated',
          details: {
            changed: {
              welcomeText: { from: null, to: 'Hi' },
              'theme.color': { from: null, to: '#1a2b3c' },
              'settings.agentScope': { from: 'all', to: 'team' },
              'settings.routing.mode': { from: 'pool', to: 'auto' },
            },
          },
        },
        { action: 'business.identity_secret_changed', details: {} },
      ]);
      const team = (await as(admin, 'POST', 'teams', { name: 'Returns', agentIds: [admin.id] })).body.id;
      await as(admin, 'PATCH', `teams/${team}`, { name: 'Refunds' });
      await as(admin, 'PATCH', `teams/${team}`, { name: 'Refunds', agentIds: [] });
      await as(admin, 'PATCH', `teams/${team}`, { agentIds: [] });
      await as(admin, 'DELETE', `teams/${team}`);
      expect((await notedOf(team, own)).reverse()).toEqual([
        { action: 'team.created', details: { name: 'Returns', agentIds: [admin.id] } },
        { action: 'team.updated', details: { changed: { name: { from: 'Returns', to: 'Refunds' } } } },
        { action: 'team.updated', details: { changed: { agentIds: { from: [admin.id], to: [] } } } },
        { action: 'team.deleted', details: { name: 'Refunds' } },
      ]);
    });

    it('who gets which room, over either door', async () => {
      const colleague = await buildAgent(app.url, shop);
      const { room } = await buildRoom(app.url, shop);
      const team = (await as(shop.admin, 'POST', 'teams', { name: `Team ${newKey()}` })).body.id;
      const socket = await connect(app.url, agent.token);
      await socket.call('room.claim', { roomId: room.id });
      await socket.call('room.claim', { roomId: room.id });
      await as(agent, 'POST', `rooms/${room.id}/transfer`, { agentId: colleague.id });
      await as(shop.admin, 'POST', `rooms/${room.id}/assign`, { agentId: null });
      await as(shop.admin, 'POST', `rooms/${room.id}/assign`, { agentId: agent.id });
      await as(agent, 'POST', `rooms/${room.id}/transfer`, { teamId: team });
      await as(shop.admin, 'POST', `rooms/${room.id}/assign`, { agentId: null, teamId: null });
      const holder = (assigneeId: string | null, teamId: string | null = null): object => ({ assigneeId, teamId });
      expect((await notedOf(room.id)).reverse()).toEqual([
        { action: 'room.claimed', details: { from: holder(null), to: holder(agent.id) } },
        { action: 'room.transferred', details: { from: holder(agent.id), to: holder(colleague.id) } },
        { action: 'room.unassigned', details: { from: holder(colleague.id), to: holder(null) } },
        { action: 'room.assigned', details: { from: holder(null), to: holder(agent.id) } },
        { action: 'room.transferred', details: { from: holder(agent.id), to: holder(null, team) } },
        { action: 'room.assigned', details: { from: holder(null, team), to: holder(null) } },
      ]);
      const [claimed] = (await list(`?targetId=${room.id}&action=room.claimed`)).body.items;
      expect(claimed).toMatchObject({ actor: { id: agent.id }, ip: IP, targetType: 'room' });
    });

    it('the rooms that go back because their agent or their team went', async () => {
      const gone = await buildAgent(app.url, shop);
      const team = (await as(shop.admin, 'POST', 'teams', { name: `Team ${newKey()}` })).body.id;
      const rooms = [(await buildRoom(app.url, shop)).room.id, (await buildRoom(app.url, shop)).room.id];
      for (const id of rooms) await as(shop.admin, 'POST', `rooms/${id}/assign`, { agentId: gone.id, teamId: team });
      await as(shop.admin, 'DELETE', `rooms/${rooms[1]}`);
      await as(shop.admin, 'DELETE', `agents/${gone.id}`);
      await as(shop.admin, 'POST', `rooms/${rooms[1]}/reopen`);
      await as(shop.admin, 'DELETE', `teams/${team}`);
      for (const id of rooms) {
        const { items } = (await list(`?targetId=${id}&limit=2`)).body;
        const from = { assigneeId: gone.id, teamId: team };
        expect(items.map(({ action, actor, details }: AuditEntry) => [action, actor?.id, details])).toEqual([
          ['room.assigned', shop.admin.id, { from: { assigneeId: null, teamId: team }, to: { assigneeId: null, teamId: null } }],
          ['room.unassigned', shop.admin.id, { from, to: { assigneeId: null, teamId: team } }],
        ]);
      }
    });

    it('what is done to customers', async () => {
      const guest = await buildGuest(app.url, shop);
      await as(agent, 'POST', `customers/${guest.id}/block`);
      await as(agent, 'POST', `customers/${guest.id}/block`);
      await as(agent, 'POST', `customers/${guest.id}/block`, { blocked: false });
      await as(agent, 'GET', `customers/${guest.id}/export`);
      await as(shop.admin, 'DELETE', `customers/${guest.id}`);
      const { items } = (await list(`?targetId=${guest.id}`)).body;
      expect(items.map(({ action, actor }: AuditEntry) => [action, actor?.id])).toEqual([
        ['customer.erased', shop.admin.id],
        ['customer.exported', agent.id],
        ['customer.unblocked', agent.id],
        ['customer.blocked', agent.id],
      ]);
    });
  });

  it('keeps the role that somebody had then', async () => {
    const other = await buildAgent(app.url, shop);
    const guest = await buildGuest(app.url, shop);
    await as(other, 'PATCH', `customers/${guest.id}`, { name: 'Gus' });
    await as(shop.admin, 'PATCH', `agents/${other.id}`, { role: 'admin', name: 'Olga' });
    const [entry] = (await list(`?targetId=${guest.id}`)).body.items;
    expect(entry.actor).toEqual({ id: other.id, role: 'agent', name: 'Olga', avatarUrl: null });
  });

  it('forgets what named an erased person, and not that something was done', async () => {
    const canary = `canary-${newKey()}`;
    const customer = await buildCustomer(app.url, shop);
    await as(agent, 'PATCH', `customers/${customer.id}`, { attributes: { [canary]: 1 } });
    expect(JSON.stringify(await notedOf(customer.id))).toContain(canary);
    expect((await as(customer, 'DELETE', 'auth/me')).status).toBe(204);
    const { items } = (await list(`?targetId=${customer.id}`)).body;
    expect(items.map(({ action, ip, details }: AuditEntry) => ({ action, ip, details }))).toEqual(
      ['customer.erased', 'customer.updated', 'auth.signed_in'].map((action) => ({ action, ip: null, details: {} })),
    );
    expect(items[0].actor).toEqual({ id: customer.id, role: 'customer', name: null, avatarUrl: null });
  });

  it('has no entry of what was rolled back at its end', async () => {
    const guest = await buildGuest(app.url, shop);
    const { room } = await buildRoom(app.url, shop);
    const before = await app.sql('SELECT count(*) FROM audit_entry');
    await app.sql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      RAISE EXCEPTION 'not at this commit' USING ERRCODE = '57014'; END $$`);
    for (const table of ['"user"', 'room', 'business', 'session'])
      await app.sql(`CREATE CONSTRAINT TRIGGER refuse AFTER INSERT OR UPDATE ON ${table} DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION refuse()`);
    const answers = await Promise.all([
      as(shop.admin, 'PATCH', `customers/${guest.id}`, { name: 'Olga' }),
      as(shop.admin, 'POST', `customers/${guest.id}/block`),
      as(shop.admin, 'DELETE', `customers/${guest.id}`),
      as(agent, 'POST', `rooms/${room.id}/claim`),
      as(shop.admin, 'PATCH', 'business', { name: 'Other' }),
      as(shop.admin, 'PATCH', `agents/${agent.id}`, { name: 'Sam' }),
      login(agent.email),
    ]);
    await app.sql('DROP FUNCTION refuse CASCADE');
    for (const { body } of answers) expect(body).toMatchObject({ status: 503, code: 'unavailable' });
    expect(await app.sql('SELECT count(*) FROM audit_entry')).toEqual(before);
  });

  it('lets nothing be done that cannot be noted', async () => {
    const guest = await buildGuest(app.url, shop);
    const { room } = await buildRoom(app.url, shop);
    const holder = new pg.Client({ connectionString: app.databaseUrl });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('LOCK TABLE audit_entry IN ACCESS EXCLUSIVE MODE');
    const answers = await Promise.all([
      as(shop.admin, 'PATCH', `customers/${guest.id}`, { name: 'Olga' }),
      as(agent, 'POST', `rooms/${room.id}/claim`),
      as(shop.admin, 'PATCH', 'business', { name: 'Other' }),
      login(agent.email),
    ]);
    await holder.query('ROLLBACK');
    await holder.end();
    for (const { body } of answers) expect(body).toMatchObject({ status: 503, code: 'unavailable' });
    expect((await as(shop.admin, 'GET', `customers/${guest.id}`)).body).toMatchObject({ name: 'Gwen' });
    expect((await as(shop.admin, 'GET', `rooms/${room.id}`)).body.assignee).toBeNull();
    expect((await as(shop.admin, 'GET', 'business')).body.name).not.toBe('Other');
  });

  describe('reading it', () => {
    it('is for admins of that business', async () => {
      const other = await buildBusiness(app.url);
      for (const person of [agent, await buildGuest(app.url, shop), await buildCustomer(app.url, shop)]) {
        expect((await as(person, 'GET', 'audit')).body).toMatchObject({ status: 403, code: 'access.denied' });
      }
      const { id } = await buildGuest(app.url, shop);
      await as(shop.admin, 'PATCH', `customers/${id}`, { name: 'Gus' });
      const seen = await list('', other);
      expect(seen.body.items.map(({ action }: AuditEntry) => action)).toEqual(['auth.signed_in', 'agent.created']);
      for (const query of [`targetId=${id}`, `actorId=${shop.admin.id}`, `targetId=${newKey()}`]) {
        expect((await list(`?${query}`, other)).body).toEqual({ items: [], nextCursor: null });
      }
    });

    it('goes in pages, the newest first', async () => {
      const own = await buildBusiness(app.url);
      const { id } = await buildGuest(app.url, own);
      for (const name of ['a', 'b', 'c', 'd']) await as(own.admin, 'PATCH', `customers/${id}`, { name });
      const all = (await list('', own)).body.items;
      expect(all).toHaveLength(6);
      const first = await list('?limit=3', own);
      expect(first.body.items).toEqual(all.slice(0, 3));
      expect((await list(`?limit=3&cursor=${first.body.nextCursor}`, own)).body).toEqual({ items: all.slice(3), nextCursor: null });
    });

    it('can be cut to an action, a person, a thing and a time', async () => {
      const own = await buildBusiness(app.url);
      const guest = await buildGuest(app.url, own);
      await as(own.admin, 'PATCH', `customers/${guest.id}`, { name: 'Gus' });
      await as(own.admin, 'POST', `customers/${guest.id}/block`);
      const [blocked, updated, signedIn, created] = (await list('', own)).body.items as AuditEntry[];
      const idsOf = async (query: string): Promise<string[]> => (await list(`?${query}`, own)).body.items.map(({ id }: AuditEntry) => id);
      await app.sql("UPDATE audit_entry SET at = '2026-01-02T03:04:05.678Z' WHERE id = $1", [signedIn?.id]);
      await app.sql("UPDATE audit_entry SET at = '2026-01-02T03:04:05.677Z' WHERE id = $1", [created?.id]);
      expect(await idsOf('action=customer.blocked')).toEqual([blocked?.id]);
      expect(await idsOf(`actorId=${own.admin.id}&action=customer.updated`)).toEqual([updated?.id]);
      expect(await idsOf(`targetId=${guest.id.toUpperCase()}`)).toEqual([blocked?.id, updated?.id]);
      expect(await idsOf('to=2026-01-02T03:04:05.677Z')).toEqual([]);
      expect(await idsOf('to=2026-01-02T03:04:05.678Z')).toEqual([created?.id]);
      expect(await idsOf('to=2026-01-02T03:04:05.679Z')).toEqual([signedIn?.id, created?.id]);
      expect(await idsOf('from=2026-01-02T03:04:05.678Z&to=2026-01-02T03:04:06Z')).toEqual([signedIn?.id]);
      expect(await idsOf('from=2026-01-02T03:04:05.679Z')).toEqual([blocked?.id, updated?.id]);
      expect((await list('?to=2026-02-31T00:00:00Z', own)).status).toBe(400);
    });

    it.each([
      ['action=', 'action'],
      ['action=customer', 'action'],
      ["action=customer.blocked'--", 'action'],
      ['action[]=customer.blocked', 'action[]'],
      ['actorId=', 'actorId'],
      ['actorId=me', 'actorId'],
      ['actorId=null', 'actorId'],
      ['targetId=%27%20OR%201=1', 'targetId'],
      ['targetId=a&targetId=b', 'targetId'],
      ['from=', 'from'],
      ['from=yesterday', 'from'],
      ['from=2026-11-20', 'from'],
      ['from=1e309', 'from'],
      ['from=%2B275760-09-13T00:00:00.001Z', 'from'],
      ['from=275761-01-01T00:00:00Z', 'from'],
      ['from=0000-01-01T00:00:00Z', 'from'],
      ['to=2026-13-01T00:00:00Z', 'to'],
      ['to=2026-11-20T25:00:00Z', 'to'],
      ['to=2026-11-20T10:00:00%2B01:00', 'to'],
      ["to=2026-11-20T10:00:00Z'%3B--", 'to'],
      ['limit=0', 'limit'],
      ['limit=201', 'limit'],
      ['limit=-1', 'limit'],
      ['cursor=garbage', 'cursor'],
      ['cursor=WyInIl0', 'cursor'],
      ['businessId=x', 'businessId'],
      ['q=x', 'q'],
    ])('A24 A42 A43 A48 refuses ?%s', async (query, path) => {
      const { body } = await list(`?${query}`);
      expect(body).toMatchObject({ status: 400, code: 'validation.failed' });
      expect([...new Set(body.errors.map((error: { path: string }) => error.path))]).toEqual([path]);
    });

    it('is all that can be done with it', async () => {
      const [{ id }] = (await list('?limit=1')).body.items;
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        expect((await as(shop.admin, method, 'audit', method === 'DELETE' ? undefined : {})).status).toBe(405);
        expect((await as(shop.admin, method, `audit/${id}`, method === 'DELETE' ? undefined : {})).status).toBe(404);
      }
    });
  });
});
