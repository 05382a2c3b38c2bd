import pg from 'pg';
import { startApp, type TestApp } from './support/app.js';
import {
  buildAgent,
  buildBusiness,
  buildCustomer,
  buildGuest,
  buildRoom,
  newKey,
  PASSWORD,
  secretsIn,
  until,
  type Tenant,
} from './support/factories.js';
import { rest, type Answer } from './support/rest.js';
import { closeSockets, connect } from './support/socket.js';

describe('agents', () => {
  let app: TestApp;
  let shop: Tenant;

  const call = (method: string, path = '', body?: unknown, token = shop.admin.token): Promise<Answer> =>
    rest(app.url, method, `/api/agents${path}`, { token, body });
  const newAgent = (overrides: object = {}): object => ({
    email: `alex-${newKey()}@shop.example`,
    name: 'Alex',
    role: 'agent',
    password: PASSWORD,
    ...overrides,
  });
  const idsOf = ({ body }: Answer): string[] => body.items.map(({ id }: { id: string }) => id);

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  it('an admin makes one, who can log in', async () => {
    const dto = newAgent({ capacity: 3 }) as { email: string };
    const { status, body } = await call('POST', '', dto);
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      role: 'agent',
      name: 'Alex',
      avatarUrl: null,
      email: dto.email,
      username: null,
      externalId: null,
      attributes: {},
      verified: false,
      presence: 'offline',
      lastSeenAt: null,
      createdAt: expect.any(String),
      capacity: 3,
      load: 0,
      teamIds: [],
      disabled: false,
    });
    expect((await call('POST', '', dto)).body).toMatchObject({ status: 409, code: 'auth.email_taken' });
    const login = await rest(app.url, 'POST', '/api/auth/login', { body: { email: dto.email, password: PASSWORD } });
    expect(login.body.user).toEqual(body);
  });

  it.each([
    ['role', { role: 'customer' }],
    ['role', { role: 'ADMIN' }],
    ['capacity', { capacity: -1 }],
    ['capacity', { capacity: '3' }],
    ['capacity', { capacity: 1.5 }],
    ['load', { load: 0 }],
    ['businessId', { businessId: newKey() }],
    ['name', { name: '' }],
    ['email', { email: 'alex' }],
  ])('A1 a wrong %s is refused in %j', async (path, overrides) => {
    const before = await app.sql('SELECT count(*) FROM "user"');
    const { body } = await call('POST', '', newAgent(overrides));
    expect(body).toMatchObject({ status: 400, code: 'validation.failed' });
    expect(new Set(body.errors.map((error: { path: string }) => error.path))).toEqual(new Set([path]));
    expect(await app.sql('SELECT count(*) FROM "user"')).toEqual(before);
  });

  it('staff see all of the business, in pages; customers see nobody', async () => {
    const own = await buildBusiness(app.url);
    const agents = [own.admin, await buildAgent(app.url, own), await buildAgent(app.url, own), await buildAgent(app.url, own)];
    await buildCustomer(app.url, own);
    const list = (query: string): Promise<Answer> => call('GET', query, undefined, agents[1]?.token);
    const all = await list('');
    expect(idsOf(all).sort()).toEqual(agents.map(({ id }) => id).sort());
    expect(all.body.nextCursor).toBeNull();
    const first = await list('?limit=3');
    expect(first.body.items).toEqual(all.body.items.slice(0, 3));
    const second = await list(`?limit=3&cursor=${first.body.nextCursor}`);
    expect(second.body).toEqual({ items: all.body.items.slice(3), nextCursor: null });
    for (const cursor of ['garbage', '%00', 'W10', 'WyJ4Il0', 'WzFd', `${first.body.nextCursor}x`, '']) {
      expect((await list(`?cursor=${cursor}`)).body).toMatchObject({
        status: 400,
        code: 'validation.failed',
        errors: [{ path: 'cursor' }],
      });
    }
    for (const { token } of [await buildGuest(app.url, own), await buildCustomer(app.url, own)]) {
      expect((await call('GET', '', undefined, token)).body).toMatchObject({ status: 403, code: 'access.denied' });
    }
  });

  it('the list can be cut to those who are online, or are not', async () => {
    const own = await buildBusiness(app.url);
    const agent = await buildAgent(app.url, own);
    const list = async (query: string): Promise<string[]> => idsOf(await call('GET', query, undefined, own.admin.token));
    expect(await list('?online=true')).toEqual([]);
    const socket = await connect(app.url, agent.token);
    expect(
      await until(
        () => list('?online=true'),
        (ids) => ids.length > 0,
      ),
    ).toEqual([agent.id]);
    expect(await list('?online=false')).toEqual([own.admin.id]);
    await socket.call('presence.set', { status: 'offline' });
    expect(await list('?online=true')).toEqual([]);
    expect((await list('?online=false')).length).toBe(2);
    for (const online of ['1', 'TRUE', '', 'true&online=false']) expect((await call('GET', `?online=${online}`)).status).toBe(400);
  });

  it('an admin changes one', async () => {
    const { id } = await buildAgent(app.url, shop);
    const email = `Sam-${newKey()}@shop.example`;
    const changed = await call('PATCH', `/${id}`, { name: 'Sam', email, capacity: 2 });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ id, name: 'Sam', email: email.toLowerCase(), capacity: 2, role: 'agent' });
    expect((await call('PATCH', `/${id.toUpperCase()}`, { capacity: null })).body).toMatchObject({ id, name: 'Sam', capacity: null });
    expect((await call('PATCH', `/${id}`, {})).body).toMatchObject({ id, name: 'Sam', capacity: null });
    expect((await call('PATCH', `/${id}`, { email: shop.admin.email })).body).toMatchObject({ status: 409, code: 'auth.email_taken' });
    for (const field of ['load', 'id', 'passwordHash', 'businessId', 'password']) {
      expect((await call('PATCH', `/${id}`, { [field]: 1 })).body).toMatchObject({ status: 400, errors: [{ path: field }] });
    }
  });

  it('another address is not verified', async () => {
    const { id, email } = await buildAgent(app.url, shop);
    await app.sql('UPDATE "user" SET verified = true WHERE id = $1', [id]);
    expect((await call('PATCH', `/${id}`, { email: email?.toUpperCase(), name: 'Sam' })).body).toMatchObject({ email, verified: true });
    const other = `sam-${newKey()}@shop.example`;
    expect((await call('PATCH', `/${id}`, { email: other })).body).toMatchObject({ email: other, verified: false });
  });

  it('A2 an agent changes nobody, not even itself', async () => {
    const agent = await buildAgent(app.url, shop);
    const denied = { status: 403, code: 'access.denied' };
    expect((await call('PATCH', `/${agent.id}`, { role: 'admin' }, agent.token)).body).toMatchObject(denied);
    expect((await call('DELETE', `/${agent.id}`, undefined, agent.token)).body).toMatchObject(denied);
    expect((await call('POST', '', newAgent(), agent.token)).body).toMatchObject(denied);
  });

  it.each(['rest', 'socket'])('P4 one that is disabled while it claims by %s gets nothing', async (door) => {
    const agent = await buildAgent(app.url, shop);
    const { room } = await buildRoom(app.url, shop);
    const socket = await connect(app.url, agent.token);
    const holder = new pg.Client({ connectionString: app.databaseUrl });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('UPDATE "user" SET disabled = true WHERE id = $1', [agent.id]);
    const claimed =
      door === 'rest'
        ? rest(app.url, 'POST', `/api/rooms/${room.id}/claim`, { token: agent.token }).then(({ body }) => body.code)
        : socket.ask('room.claim', { roomId: room.id }).then((answer) => !answer.ok && answer.error.code);
    await until(
      () => app.sql("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"),
      (waiting) => waiting.length > 0,
    );
    await holder.query('COMMIT');
    await holder.end();
    expect(await claimed).toBe('agent.unavailable');
    expect((await rest(app.url, 'GET', `/api/rooms/${room.id}`, { token: shop.admin.token })).body.assignee).toBeNull();
  });

  it('a disabled one is out, and can be let in again', async () => {
    const { id, email, token } = await buildAgent(app.url, shop);
    const { status, body } = await call('DELETE', `/${id}`);
    expect([status, body]).toEqual([204, null]);
    expect((await rest(app.url, 'GET', '/api/auth/me', { token })).body).toMatchObject({ status: 401, code: 'auth.session_ended' });
    const login = (): Promise<Answer> => rest(app.url, 'POST', '/api/auth/login', { body: { email, password: PASSWORD } });
    expect((await login()).status).toBe(401);
    expect((await call('GET')).body.items.find((agent: { id: string }) => agent.id === id)).toMatchObject({ disabled: true });
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
    expect((await call('PATCH', `/${id}`, { disabled: false })).body).toMatchObject({ disabled: false });
    expect((await login()).status).toBe(200);
  });

  it('A22 one of another business is 404, byte for byte as a random id', async () => {
    const other = await buildBusiness(app.url);
    const foreign = await buildAgent(app.url, other);
    const guest = await buildGuest(app.url, shop);
    for (const [method, body] of [
      ['PATCH', { name: 'Mine' }],
      ['DELETE', undefined],
    ] as const) {
      const answers = await Promise.all([newKey(), foreign.id, other.admin.id, guest.id].map((id) => call(method, `/${id}`, body)));
      const bare = answers.map(({ status, body: { requestId: _, ...problem } }) => ({ status, problem }));
      expect(bare[0]).toMatchObject({ status: 404, problem: { code: 'user.not_found' } });
      for (const one of bare) expect(one).toEqual(bare[0]);
      expect((await call(method, '/not-an-id', body)).body).toMatchObject({
        status: 400,
        errors: [{ path: 'id', message: 'must be a UUID' }],
      });
    }
    expect((await rest(app.url, 'GET', '/api/auth/me', { token: foreign.token })).body.name).toBe('Alex');
  });

  it('A36 the last admin stays', async () => {
    const own = await buildBusiness(app.url);
    const last = { status: 409, code: 'agent.last_admin' };
    const change = (method: string, id: string, body?: unknown): Promise<Answer> => call(method, `/${id}`, body, own.admin.token);
    expect((await change('DELETE', own.admin.id)).body).toMatchObject(last);
    expect((await change('PATCH', own.admin.id, { role: 'agent' })).body).toMatchObject(last);
    expect((await change('PATCH', own.admin.id, { disabled: true })).body).toMatchObject(last);
    // A disabled admin is none.
    const second = await buildAgent(app.url, own, { role: 'admin' });
    expect((await change('DELETE', second.id)).status).toBe(204);
    expect((await change('PATCH', own.admin.id, { role: 'agent' })).body).toMatchObject(last);
    await change('PATCH', second.id, { disabled: false });
    expect((await change('PATCH', own.admin.id, { role: 'agent' })).body).toMatchObject({ role: 'agent' });
  });

  it.each([
    ['demote', 'PATCH', { role: 'agent' }],
    ['disable', 'DELETE', undefined],
  ] as const)('A36 of two admins who %s each other at the same time one stays', async (_, method, body) => {
    for (let round = 0; round < 5; round++) {
      const own = await buildBusiness(app.url);
      const second = await buildAgent(app.url, own, { role: 'admin' });
      const answers = await Promise.all([
        call(method, `/${second.id}`, body, own.admin.token),
        call(method, `/${own.admin.id}`, body, second.token),
      ]);
      const refused = answers.filter(({ status }) => status >= 400);
      expect(refused).toHaveLength(1);
      // The loser found itself the last one, or no admin any more.
      expect(['agent.last_admin', 'auth.session_ended', 'access.denied']).toContain(refused[0]?.body.code);
      const left = await app.sql('SELECT id FROM "user" WHERE business_id = $1 AND role = $2 AND NOT disabled', [own.id, 'admin']);
      expect(left).toHaveLength(1);
    }
  });

  it('A56 the log of all this holds no token and no password', () => {
    expect(app.log.length).toBeGreaterThan(50);
    expect(secretsIn(app.log)).toEqual([]);
  });
});
