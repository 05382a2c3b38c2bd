import { request, type IncomingMessage } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startApp, type TestApp } from './support/app.js';
import {
  buildAgent,
  buildBusiness,
  buildCustomer,
  buildGuest,
  buildRoom,
  buildTalk,
  newKey,
  PASSWORD,
  say,
  secretsIn,
  until,
  type Person,
  type Tenant,
} from './support/factories.js';
import { rest, type Answer } from './support/rest.js';
import { closeSockets, connect } from './support/socket.js';

const CUT_MS = 2_000;
const UNAVAILABLE = { status: 403, code: 'access.denied', detail: 'This chat is not available' };

describe('customers', () => {
  let app: TestApp;
  let shop: Tenant;

  const call = (method: string, path = '', body?: unknown, token = shop.admin.token): Promise<Answer> =>
    rest(app.url, method, `/api/customers${path}`, { token, body });
  const idsOf = ({ body }: Answer): string[] => body.items.map(({ id }: { id: string }) => id);
  const claim = (agent: Person, roomId: string): Promise<Answer> =>
    rest(app.url, 'POST', `/api/rooms/${roomId}/claim`, { token: agent.token });
  const setScope = (tenant: Tenant, agentScope: string): Promise<Answer> =>
    rest(app.url, 'PATCH', '/api/business', { token: tenant.admin.token, body: { settings: { agentScope } } });
  const bare = ({ status, body: { requestId: _, ...problem } }: Answer): unknown => ({ status, problem });

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  describe('the list', () => {
    it('holds guests and customers, the newest first, in pages', async () => {
      const own = await buildBusiness(app.url);
      const people: Person[] = [];
      for (const build of [buildGuest, buildCustomer, buildGuest, buildGuest]) people.unshift(await build(app.url, own));
      await buildAgent(app.url, own);
      const list = (query: string): Promise<Answer> => call('GET', query, undefined, own.admin.token);
      const all = await list('');
      expect(idsOf(all)).toEqual(people.map(({ id }) => id));
      expect(all.body.items[3]).toEqual({
        id: people[3]?.id,
        role: 'guest',
        name: 'Gwen',
        avatarUrl: null,
        email: null,
        username: null,
        externalId: null,
        attributes: {},
        verified: false,
        presence: 'offline',
        lastSeenAt: null,
        createdAt: expect.any(String),
        blocked: false,
        labels: [],
      });
      const first = await list('?limit=3');
      expect(first.body.items).toEqual(all.body.items.slice(0, 3));
      expect((await list(`?limit=3&cursor=${first.body.nextCursor}`)).body).toEqual({ items: all.body.items.slice(3), nextCursor: null });
      expect((await call('GET', `/${people[0]?.id}`, undefined, own.admin.token)).body).toEqual(all.body.items[0]);
    });

    it.each([
      ['limit=-1', 'limit'],
      ['limit=0', 'limit'],
      ['limit=201', 'limit'],
      ['limit=1e309', 'limit'],
      ['limit=', 'limit'],
      ['cursor=garbage', 'cursor'],
      ['cursor=', 'cursor'],
      ['cursor=WyIyMDI2LTExLTIwVDEwOjAwOjAwLjAwMFoiXQ', 'cursor'],
      ['cursor=WyInOyBEUk9QIFRBQkxFIHJvb207IC0tIl0', 'cursor'],
      ['q=', 'q'],
      ['q=%20%20', 'q'],
      ['q=a%00b', 'q'],
      [`q=${'x'.repeat(201)}`, 'q'],
      ['q[]=a', 'q[]'],
      ['q=a&q=b', 'q'],
      ['sort=name', 'sort'],
    ])('A43 A45 A48 refuses ?%s', async (query, path) => {
      const { body } = await call('GET', `?${query}`);
      expect(body).toMatchObject({ status: 400, code: 'validation.failed' });
      expect([...new Set(body.errors.map((error: { path: string }) => error.path))]).toEqual([path]);
    });

    it('finds by name, address, username and external id, whatever the letter case', async () => {
      const own = await buildBusiness(app.url);
      const person = await buildCustomer(app.url, own);
      await buildGuest(app.url, own, 'Somebody Else');
      const fields = { name: 'Zoë Ünal', username: 'zzunal', externalId: 'CRM-4711' };
      await call('PATCH', `/${person.id}`, fields, own.admin.token);
      for (const q of [
        'zoë ünal',
        'ZOË',
        'ünAL',
        'zzUN',
        'crm-4',
        '4711',
        person.email as string,
        (person.email as string).toUpperCase(),
      ]) {
        expect([q, idsOf(await call('GET', `?q=${encodeURIComponent(q)}`, undefined, own.admin.token))]).toEqual([q, [person.id]]);
      }
      expect(idsOf(await call('GET', '?q=nobody', undefined, own.admin.token))).toEqual([]);
    });

    it('A42 takes signs of SQL and of patterns as they are', async () => {
      const own = await buildBusiness(app.url);
      const names = ['100% wool', 'snake_case', 'back\\slash', "Bobby'); DROP TABLE room; --", 'plain'];
      const ids = new Map<string, string>();
      for (const name of names) ids.set(name, (await buildGuest(app.url, own, name)).id);
      const search = async (q: string): Promise<string[]> =>
        idsOf(await call('GET', `?q=${encodeURIComponent(q)}`, undefined, own.admin.token));
      for (const [q, name] of [
        ['%', '100% wool'],
        ['_', 'snake_case'],
        ['\\', 'back\\slash'],
        ["'); DROP TABLE room; --", "Bobby'); DROP TABLE room; --"],
        [':reachBusiness', undefined],
        ["' OR '1'='1", undefined],
        ['%%%%', undefined],
        ['$1', undefined],
      ] as const) {
        expect([q, await search(q)]).toEqual([q, name === undefined ? [] : [ids.get(name)]]);
      }
    });

    it('P15 A38 ends at the business, and customers see nobody', async () => {
      const [one, other] = [await buildBusiness(app.url), await buildBusiness(app.url)];
      const [mine, foreign] = [await buildGuest(app.url, one, 'Same Name'), await buildGuest(app.url, other, 'Same Name')];
      expect(idsOf(await call('GET', '?q=same+name', undefined, one.admin.token))).toEqual([mine.id]);
      expect(idsOf(await call('GET', '', undefined, other.admin.token))).toEqual([foreign.id]);
      for (const { token } of [mine, await buildCustomer(app.url, one)]) {
        expect((await call('GET', '', undefined, token)).body).toMatchObject({ status: 403, code: 'access.denied' });
      }
    });
  });

  describe('A26 out of reach', () => {
    const ways = [
      ['GET', '', undefined],
      ['GET', '/rooms', undefined],
      ['GET', '/export', undefined],
      ['PATCH', '', { name: 'Mine' }],
      ['POST', '/block', {}],
    ] as const;

    it('A22 A25 one of another business, of nobody’s and staff is 404, byte for byte as a random id', async () => {
      const other = await buildBusiness(app.url);
      const foreign = await buildRoom(app.url, other);
      const agent = await buildAgent(app.url, shop);
      for (const [method, path, body] of [...ways, ['DELETE', '', undefined] as const]) {
        const ids = [newKey(), foreign.guest.id, other.admin.id, agent.id, shop.admin.id];
        const answers = await Promise.all(ids.map((id) => call(method, `/${id}${path}`, body)));
        expect(bare(answers[0] as Answer)).toMatchObject({ status: 404, problem: { code: 'user.not_found' } });
        for (const one of answers) expect(bare(one)).toEqual(bare(answers[0] as Answer));
      }
      const noted = 'SELECT 1 FROM audit_entry WHERE business_id = $1 AND target_id = ANY ($2)';
      expect(await app.sql(noted, [shop.id, [foreign.guest.id, other.admin.id]])).toEqual([]);
    });

    it.each(['own', 'team'])('an agent with the scope %s has the customers of its rooms, and no others', async (scope) => {
      const own = await buildBusiness(app.url);
      const [agent, colleague] = [await buildAgent(app.url, own), await buildAgent(app.url, own)];
      const [held, teams, free] = [await buildRoom(app.url, own), await buildRoom(app.url, own), await buildRoom(app.url, own)];
      await buildGuest(app.url, own, 'Without a room');
      const team = await rest(app.url, 'POST', '/api/teams', { token: own.admin.token, body: { name: 'Returns', agentIds: [agent.id] } });
      await rest(app.url, 'POST', `/api/rooms/${teams.room.id}/transfer`, { token: own.admin.token, body: { teamId: team.body.id } });
      await claim(agent, held.room.id);
      await claim(colleague, free.room.id);
      await setScope(own, scope);
      const mine = scope === 'own' ? [held] : [teams, held];
      const others = scope === 'own' ? [teams, free] : [free];
      const as = (method: string, path: string, body?: unknown): Promise<Answer> => call(method, path, body, agent.token);
      expect(idsOf(await as('GET', ''))).toEqual(mine.map(({ guest }) => guest.id));
      expect(idsOf(await as('GET', '?q=gwen'))).toEqual(mine.map(({ guest }) => guest.id));
      for (const { guest, room } of mine) {
        expect(idsOf(await as('GET', `/${guest.id}/rooms`))).toEqual([room.id]);
        expect((await as('GET', `/${guest.id}/export`)).body.rooms).toHaveLength(1);
        expect((await as('PATCH', `/${guest.id}`, { username: 'seen' })).body).toMatchObject({ username: 'seen' });
        expect((await as('POST', `/${guest.id}/block`, {})).body).toMatchObject({ blocked: true });
      }
      for (const [method, path, body] of ways) {
        const unknown = await as(method, `/${newKey()}${path}`, body);
        for (const { guest } of others) expect(bare(await as(method, `/${guest.id}${path}`, body))).toEqual(bare(unknown));
      }
      expect((await call('GET', `/${free.guest.id}`, undefined, own.admin.token)).body).toMatchObject({ blocked: false, username: null });
    });

    it('of a customer’s rooms an agent sees and exports those that it reaches', async () => {
      const own = await buildBusiness(app.url);
      await rest(app.url, 'PATCH', '/api/business', { token: own.admin.token, body: { settings: { multipleRooms: true } } });
      const agent = await buildAgent(app.url, own);
      const guest = await buildGuest(app.url, own);
      const [mine, other] = [(await buildRoom(app.url, own, guest)).room, (await buildRoom(app.url, own, guest)).room];
      await say(app.url, guest, mine.id, 'for the agent');
      await say(app.url, guest, other.id, 'canary-of-another-room');
      await claim(agent, mine.id);
      await setScope(own, 'own');
      expect(idsOf(await call('GET', `/${guest.id}/rooms`, undefined, agent.token))).toEqual([mine.id]);
      const part = await call('GET', `/${guest.id}/export`, undefined, agent.token);
      expect(part.body.rooms.map(({ room }: any) => room.id)).toEqual([mine.id]);
      expect(JSON.stringify(part.body)).not.toContain('canary-of-another-room');
      const rooms = (query: string): Promise<Answer> => call('GET', `/${guest.id}/rooms?limit=1${query}`, undefined, own.admin.token);
      // The order may be a second late.
      const first = await until(
        () => rooms(''),
        (page) => idsOf(page)[0] === mine.id,
      );
      expect([idsOf(first), idsOf(await rooms(`&cursor=${first.body.nextCursor}`))]).toEqual([[mine.id], [other.id]]);
    });
  });

  describe('a change', () => {
    it('merges attributes key by key, and null takes one away', async () => {
      const { id } = await buildGuest(app.url, shop);
      const change = async (attributes: unknown): Promise<unknown> => (await call('PATCH', `/${id}`, { attributes })).body.attributes;
      expect(await change({ plan: 'gold', tags: ['a'], deep: { a: 1 } })).toEqual({ plan: 'gold', tags: ['a'], deep: { a: 1 } });
      expect(await change({ plan: null, deep: { b: null } })).toEqual({ tags: ['a'], deep: { b: null } });
      expect(await change({})).toEqual({ tags: ['a'], deep: { b: null } });
      await Promise.all(['x', 'y', 'z'].map((key) => change({ [key]: 1 })));
      expect((await call('GET', `/${id}`)).body.attributes).toEqual({ tags: ['a'], deep: { b: null }, x: 1, y: 1, z: 1 });
    });

    it('keeps attributes to 8 KB in all', async () => {
      const { id } = await buildGuest(app.url, shop);
      expect((await call('PATCH', `/${id}`, { attributes: { a: 'x'.repeat(5_000) } })).status).toBe(200);
      const { body } = await call('PATCH', `/${id}`, { attributes: { b: 'x'.repeat(5_000) } });
      expect(body).toMatchObject({ status: 400, code: 'validation.failed', errors: [{ path: 'attributes' }] });
      expect((await call('PATCH', `/${id}`, { attributes: { a: null, b: 'x'.repeat(5_000) } })).status).toBe(200);
    });

    it.each([
      ['name', { name: '' }],
      ['name', { name: { $ne: null } }],
      ['email', { email: 'nobody' }],
      ['username', { username: 'x'.repeat(61) }],
      ['externalId', { externalId: 'x'.repeat(201) }],
      ['externalId', { externalId: ' ' }],
      ['attributes', { attributes: null }],
      ['attributes', { attributes: [] }],
      ['attributes', { attributes: { a: 'x'.repeat(8_192) } }],
      ['attributes.constructor', { attributes: { constructor: { prototype: { polluted: 1 } } } }],
      ['attributes.a', { attributes: { a: 'a\u0000b' } }],
      ['name', { name: 'a\ud800b' }],
      ['role', { role: 'admin' }],
      ['blocked', { blocked: false }],
      ['verified', { verified: true }],
      ['businessId', { businessId: newKey() }],
      ['passwordHash', { passwordHash: 'x' }],
    ])('A2 A43 A44 A45 refuses a wrong %s in %j', async (path, body) => {
      const { id } = await buildGuest(app.url, shop);
      const before = (await call('GET', `/${id}`)).body;
      const answer = await call('PATCH', `/${id}`, { username: 'changed', ...body });
      expect(answer.body).toMatchObject({ status: 400, code: 'validation.failed', errors: [{ path }] });
      expect((await call('GET', `/${id}`)).body).toEqual(before);
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    });

    it('is told to those who show the person: staff all of it, the customer its own name', async () => {
      const { roomId, guest, guestSocket, agentSocket } = await buildTalk(app.url, shop);
      await call('PATCH', `/${guest.id}`, { attributes: { plan: 'gold' }, email: 'Gwen@Mail.example' });
      await agentSocket.waitFor(
        'room.updated',
        ({ id, customer }) => id === roomId && customer.attributes.plan === 'gold' && customer.email === 'gwen@mail.example',
      );
      await call('PATCH', `/${guest.id}`, { name: 'Gwendolyn' });
      await guestSocket.waitFor('room.updated', ({ customer }) => customer.name === 'Gwendolyn');
      // Of what only staff see, the customer did not even hear that it changed.
      expect(guestSocket.all('room.updated')).toHaveLength(1);
      await guestSocket.call('message.send', { roomId, clientMessageId: newKey(), body: 'Hello' });
      expect(await agentSocket.waitFor('message.created', ({ body }) => body === 'Hello')).toMatchObject({ sender: { name: 'Gwendolyn' } });
    });

    it('leaves the login of an account to its owner', async () => {
      const account = await buildCustomer(app.url, shop);
      const denied = { status: 403, code: 'access.denied' };
      expect((await call('PATCH', `/${account.id}`, { email: 'mine@mail.example' })).body).toMatchObject(denied);
      expect((await call('PATCH', `/${account.id}`, { email: null })).body).toMatchObject(denied);
      expect((await call('PATCH', `/${account.id}`, { email: account.email, name: 'Cleo C.' })).body).toMatchObject({ name: 'Cleo C.' });
      const login = { email: account.email, password: PASSWORD, business: shop.slug };
      expect((await rest(app.url, 'POST', '/api/auth/login', { body: login })).status).toBe(200);
      // The address of an account is anybody's to write to.
      const guest = await buildGuest(app.url, shop);
      expect((await call('PATCH', `/${guest.id}`, { email: account.email })).body).toMatchObject({ email: account.email });
    });

    it.each(['other@mail.example', null])('of the address to %s takes its verification back, and no other change does', async (email) => {
      const { id } = await buildGuest(app.url, shop);
      const { token } = await buildAgent(app.url, shop);
      const known = 'gwen@mail.example';
      await app.sql('UPDATE "user" SET verified = true, email = $2 WHERE id = $1', [id, known]);
      const same = await call('PATCH', `/${id}`, { email: ' Gwen@MAIL.example', name: 'Gus' }, token);
      expect(same.body).toMatchObject({ email: known, name: 'Gus', verified: true });
      expect((await call('PATCH', `/${id}`, { email }, token)).body).toMatchObject({ email, verified: false });
    });

    it('of the external id is for admins, and each is one customer’s', async () => {
      const [one, other] = [await buildGuest(app.url, shop), await buildGuest(app.url, shop)];
      const agent = await buildAgent(app.url, shop);
      const externalId = newKey();
      expect((await call('PATCH', `/${one.id}`, { externalId }, agent.token)).body).toMatchObject({ status: 403, code: 'access.denied' });
      expect((await call('PATCH', `/${one.id}`, { externalId })).body).toMatchObject({ externalId });
      expect((await call('PATCH', `/${one.id}`, { externalId, name: 'Same' }, agent.token)).body).toMatchObject({ name: 'Same' });
      const taken = await call('PATCH', `/${other.id}`, { externalId });
      expect(taken.body).toMatchObject({ status: 409, code: 'customer.external_id_taken' });
      const foreign = await buildBusiness(app.url);
      const there = await buildGuest(app.url, foreign);
      expect((await call('PATCH', `/${there.id}`, { externalId }, foreign.admin.token)).body).toMatchObject({ externalId });
      await call('PATCH', `/${one.id}`, { externalId: null });
      expect((await call('PATCH', `/${other.id}`, { externalId })).body).toMatchObject({ externalId });
    });
  });

  describe('erasing', () => {
    it('does what the customer itself would do, once', async () => {
      const { roomId, guest, guestSocket, agent } = await buildTalk(app.url, shop);
      const canary = `canary-${newKey()}`;
      await say(app.url, guest, roomId, canary);
      await call('PATCH', `/${guest.id}`, { name: canary, externalId: canary, attributes: { [canary]: canary } });
      expect((await call('DELETE', `/${guest.id}`, undefined, agent.token)).body).toMatchObject({ status: 403, code: 'access.denied' });
      expect((await call('DELETE', `/${guest.id}`)).status).toBe(204);
      expect(await guestSocket.waitFor('session.ended', undefined, CUT_MS)).toEqual({ reason: 'revoked' });
      expect((await call('DELETE', `/${guest.id}`)).body).toMatchObject({ status: 404, code: 'user.not_found' });
      for (const path of ['', '/rooms', '/export']) expect((await call('GET', `/${guest.id}${path}`)).status).toBe(404);
      expect(idsOf(await call('GET', '?limit=200'))).not.toContain(guest.id);
      const history = await rest(app.url, 'GET', `/api/rooms/${roomId}/messages`, { token: agent.token });
      expect(JSON.stringify(history.body)).not.toContain(canary);
      const rows = await app.sql('SELECT * FROM "user" u LEFT JOIN audit_entry e ON e.target_id = u.id WHERE u.id = $1', [guest.id]);
      expect(JSON.stringify(rows)).not.toContain(canary);
    });

    it('of two who erase the same one is told that it was there', async () => {
      const guest = await buildGuest(app.url, shop);
      const answers = await Promise.all([call('DELETE', `/${guest.id}`), call('DELETE', `/${guest.id}`)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 404]);
    });
  });

  describe('a blocked one', () => {
    /** As a site would sign it in again. */
    const blockedCustomer = async (): Promise<Person & { roomId: string; messageId: string }> => {
      const customer = await buildCustomer(app.url, shop);
      const { room } = await buildRoom(app.url, shop, customer);
      const { id: messageId } = await say(app.url, customer, room.id, 'Before');
      expect((await call('POST', `/${customer.id}/block`)).body).toMatchObject({ id: customer.id, blocked: true });
      const body = { email: customer.email, password: PASSWORD, business: shop.slug };
      const again = await rest(app.url, 'POST', '/api/auth/login', { body });
      expect(again.status).toBe(200);
      return { ...customer, token: again.body.accessToken, roomId: room.id, messageId };
    };

    it('P10 A15 with a password is cut off at once, on every node', async () => {
      const node = await startApp({}, app.databaseUrl);
      try {
        const guest = await buildCustomer(app.url, shop);
        const sockets = await Promise.all([connect(app.url, guest.token), connect(node.url, guest.token)]);
        const since = Date.now();
        expect((await call('POST', `/${guest.id}/block`, {})).status).toBe(200);
        for (const socket of sockets) {
          expect(await socket.waitFor('session.ended', undefined, CUT_MS)).toEqual({ reason: 'revoked' });
          await socket.disconnected;
        }
        expect(Date.now() - since).toBeLessThan(CUT_MS);
        expect((await rest(app.url, 'GET', '/api/auth/me', { token: guest.token })).body.code).toBe('auth.session_ended');
      } finally {
        await node.close();
      }
    });

    it('N49 without a password is cut off and stays who it is: it comes back, reads, and writes nothing until it is let', async () => {
      const node = await startApp({}, app.databaseUrl);
      try {
        const guest = await buildGuest(app.url, shop);
        const { id, refreshToken } = guest;
        const { room } = await buildRoom(app.url, shop, guest);
        await say(app.url, guest, room.id, 'Before');
        const [here, there] = await Promise.all([connect(app.url, guest.token), connect(node.url, guest.token)]);
        expect((await call('POST', `/${id}/block`, {})).status).toBe(200);
        const write = { roomId: room.id, clientMessageId: newKey(), body: 'x' };
        expect(await here.waitFor('session.ended', undefined, CUT_MS)).toEqual({ reason: 'expired' });
        await here.disconnected;
        // Without Redis the other node has not heard of it.
        for (const socket of [await connect(app.url, guest.token), there]) {
          expect(await socket.refused('message.send', write)).toMatchObject({ code: UNAVAILABLE.code, message: UNAVAILABLE.detail });
          expect((await socket.call('room.join', { roomId: room.id })).entries).toHaveLength(1);
          expect(socket.all('session.ended')).toEqual([]);
        }
        const back = await rest(app.url, 'POST', '/api/auth/refresh', { body: { refreshToken } });
        expect((await rest(app.url, 'GET', '/api/auth/me', { token: back.body.accessToken })).body.id).toBe(id);
        await rest(app.url, 'DELETE', `/api/rooms/${room.id}`, { token: shop.admin.token });
        expect((await rest(app.url, 'POST', '/api/rooms', { token: back.body.accessToken, body: {} })).body).toMatchObject(UNAVAILABLE);
        await call('POST', `/${id}/block`, { blocked: false });
        expect((await rest(app.url, 'POST', '/api/rooms', { token: back.body.accessToken, body: {} })).status).toBe(201);
      } finally {
        await node.close();
      }
    });

    it('reads its rooms and changes nothing, at either door', async () => {
      const { token, roomId, messageId } = await blockedCustomer();
      const stranger = await buildRoom(app.url, shop);
      const socket = await connect(app.url, token);
      const joined = await socket.call('room.join', { roomId });
      expect(joined.entries.map(({ body }: any) => body)).toEqual(['Before']);
      expect((await rest(app.url, 'GET', `/api/rooms/${roomId}/messages`, { token })).body.items).toHaveLength(1);
      expect((await rest(app.url, 'POST', `/api/rooms/${roomId}/marks`, { token, body: { read: 1 } })).status).toBe(200);
      const rows = (): Promise<unknown> => app.sql('SELECT (SELECT count(*) FROM message) m, (SELECT count(*) FROM room) r');
      const before = await rows();
      const key = newKey();
      for (const [method, path, body] of [
        ['POST', '/api/rooms', {}],
        ['POST', `/api/rooms/${roomId}/messages`, { clientMessageId: key, body: 'x' }],
        ['POST', `/api/rooms/${roomId}/messages`, { clientMessageId: key, body: 'x', replyTo: messageId }],
        ['PATCH', `/api/rooms/${roomId}/messages/${messageId}`, { body: 'x' }],
        ['DELETE', `/api/rooms/${roomId}/messages/${messageId}`, undefined],
        ['POST', `/api/rooms/${roomId}/end`, {}],
        ['PATCH', '/api/auth/me', { name: 'Rude' }],
        ['DELETE', '/api/auth/me', undefined],
      ] as const) {
        expect([path, (await rest(app.url, method, path, { token, body })).body]).toMatchObject([path, UNAVAILABLE]);
      }
      for (const [command, payload] of [
        ['room.open', {}],
        ['message.send', { roomId, clientMessageId: key, body: 'x' }],
        ['message.send', { clientMessageId: key, body: 'x' }],
        ['message.edit', { roomId, messageId, body: 'x' }],
        ['message.delete', { roomId, messageId }],
        ['typing.start', { roomId }],
        ['typing.stop', { roomId }],
        ['room.end', { roomId }],
      ] as const) {
        expect([command, await socket.refused(command, payload)]).toMatchObject([
          command,
          { code: UNAVAILABLE.code, message: UNAVAILABLE.detail },
        ]);
      }
      // A room of somebody else is not there, and a refusal must not say otherwise.
      for (const strangeId of [stranger.room.id, newKey()]) {
        const sent = await socket.refused('message.send', { roomId: strangeId, clientMessageId: newKey(), body: 'x' });
        expect(sent.code).toBe('room.not_found');
        expect((await socket.refused('room.end', { roomId: strangeId })).code).toBe('room.not_found');
        expect((await socket.refused('typing.start', { roomId: strangeId })).code).toBe('room.not_found');
      }
      expect(await rows()).toEqual(before);
    });

    it('wakes no room that sleeps', async () => {
      const { token, roomId } = await blockedCustomer();
      const body = { snoozedUntil: new Date(Date.now() + 3_600_000).toISOString() };
      expect((await rest(app.url, 'PATCH', `/api/rooms/${roomId}`, { token: shop.admin.token, body })).status).toBe(200);
      const state = (): Promise<object[]> =>
        app.sql('SELECT r.*, c.* FROM room r JOIN stream_counter c ON c.room_id = r.id WHERE r.id = $1', [roomId]);
      const before = await state();
      const message = { clientMessageId: newKey(), body: 'x' };
      expect((await rest(app.url, 'POST', `/api/rooms/${roomId}/messages`, { token, body: message })).body).toMatchObject(UNAVAILABLE);
      expect(await state()).toEqual(before);
    });

    it('opens no room by a message without one, either', async () => {
      const { token, roomId } = await blockedCustomer();
      await rest(app.url, 'DELETE', `/api/rooms/${roomId}`, { token: shop.admin.token });
      const rooms = await app.sql('SELECT count(*) FROM room');
      const socket = await connect(app.url, token);
      const { code, message } = await socket.refused('message.send', { clientMessageId: newKey(), body: 'x' });
      expect({ code, message }).toEqual({ code: UNAVAILABLE.code, message: UNAVAILABLE.detail });
      expect(await app.sql('SELECT count(*) FROM room')).toEqual(rooms);
    });

    it('gets its own answer again for what it sent before', async () => {
      const { token, roomId, messageId } = await blockedCustomer();
      const [{ key } = { key: '' }] = await app.sql<{ key: string }>('SELECT client_message_id AS key FROM message WHERE id = $1', [
        messageId,
      ]);
      const again = await rest(app.url, 'POST', `/api/rooms/${roomId}/messages`, { token, body: { clientMessageId: key, body: 'Before' } });
      expect([again.status, again.body.id]).toEqual([200, messageId]);
    });

    it('writes again once it is let, over the socket that it has', async () => {
      const { id, token, roomId } = await blockedCustomer();
      const socket = await connect(app.url, token);
      const staff = await connect(app.url, shop.admin.token);
      await socket.refused('message.send', { roomId, clientMessageId: newKey(), body: 'x' });
      expect((await call('POST', `/${id}/block`, { blocked: false })).body).toMatchObject({ blocked: false });
      expect(await socket.call('message.send', { roomId, clientMessageId: newKey(), body: 'Thanks' })).toMatchObject({ body: 'Thanks' });
      await socket.call('typing.start', { roomId });
      await staff.waitFor('room.updated', ({ id: told, customer }) => told === roomId && !customer.blocked);
      // Twice is once.
      await call('POST', `/${id}/block`, { blocked: false });
      expect(await app.sql("SELECT 1 FROM audit_entry WHERE action = 'customer.unblocked' AND target_id = $1", [id])).toHaveLength(1);
    });

    it('is not cut a second time by a second blocking, and staff may still open a room for it', async () => {
      const { id, token } = await blockedCustomer();
      const socket = await connect(app.url, token);
      expect((await call('POST', `/${id}/block`, { blocked: true })).status).toBe(200);
      await socket.call('presence.heartbeat');
      expect(socket.all('session.ended')).toEqual([]);
      const opened = await rest(app.url, 'POST', '/api/rooms', { token: shop.admin.token, body: { customerId: id } });
      expect(opened.body).toMatchObject({ customer: { id, blocked: true } });
      for (const blocked of ['true', 1, null]) expect((await call('POST', `/${id}/block`, { blocked })).status).toBe(400);
    });

    it('A31 does not see that it is', async () => {
      const { token, roomId } = await blockedCustomer();
      const socket = await connect(app.url, token);
      const seen = [
        await socket.call('room.join', { roomId }),
        (await rest(app.url, 'GET', '/api/auth/me', { token })).body,
        (await rest(app.url, 'GET', '/api/rooms', { token })).body,
      ];
      expect(JSON.stringify(seen)).not.toContain('blocked');
    });
  });

  describe('the export', () => {
    it('T16 A31 holds what the customer wrote and was told, and nothing of the staff’s', async () => {
      const own = await buildBusiness(app.url);
      const { admin } = own;
      const agent = await buildAgent(app.url, own);
      const customer = await buildCustomer(app.url, own);
      const { room } = await buildRoom(app.url, own, customer);
      const canary = `canary-${newKey()}`;
      const staff = (method: string, path: string, body: unknown): Promise<Answer> =>
        rest(app.url, method, path, { token: admin.token, body });
      const team = await staff('POST', '/api/teams', { name: `${canary} team` });
      await staff('PATCH', `/api/agents/${agent.id}`, { email: `${canary}@shop.example` });
      await rest(app.url, 'PATCH', '/api/auth/me', { token: agent.token, body: { username: `${canary} username` } });
      await staff('PATCH', `/api/customers/${customer.id}`, { externalId: `${canary} id`, attributes: { note: `${canary} attribute` } });
      const login = { email: customer.email, password: PASSWORD, business: own.slug };
      customer.token = (await rest(app.url, 'POST', '/api/auth/login', { body: login })).body.accessToken;
      await staff('POST', `/api/rooms/${room.id}/transfer`, { teamId: team.body.id, note: `${canary} note` });
      await claim(agent, room.id);
      await staff('PATCH', `/api/rooms/${room.id}`, { priority: 'high', overrides: { routingMode: 'auto', pinnedAgentId: agent.id } });
      await app.sql('UPDATE room SET context = $2 WHERE id = $1', [room.id, { page: `${canary} context` }]);
      await app.sql('UPDATE session SET user_agent = $2, ip = $2 WHERE user_id = $1', [customer.id, `${canary} agent`]);
      await say(app.url, agent, room.id, `${canary} internal`, 'internal');
      await say(app.url, customer, room.id, 'My question');
      const answer = await say(app.url, agent, room.id, 'An anser');
      await rest(app.url, 'PATCH', `/api/rooms/${room.id}/messages/${answer.id}`, { token: agent.token, body: { body: 'An answer' } });

      const response = await fetch(`${app.url}/api/customers/${customer.id}/export`, {
        headers: { Authorization: `Bearer ${agent.token}` },
      });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(response.headers.get('content-disposition')).toBe(`attachment; filename="customer-${customer.id}.json"`);
      expect(response.headers.get('cache-control')).toBe('no-store');
      const text = await response.text();
      expect(text).not.toContain(canary);
      const { customer: person, rooms } = JSON.parse(text);
      expect(person).toEqual({
        id: customer.id,
        role: 'customer',
        name: 'Cleo',
        avatarUrl: null,
        email: customer.email,
        username: null,
        createdAt: expect.any(String),
      });
      const seen = await rest(app.url, 'GET', `/api/rooms/${room.id}`, { token: customer.token });
      const { unread: _, queuePosition: __, ...view } = seen.body;
      const history = await rest(app.url, 'GET', `/api/rooms/${room.id}/messages`, { token: customer.token });
      expect(rooms).toEqual([{ room: view, entries: history.body.items }]);
      expect(history.body.items.map(({ kind, body }: any) => body ?? kind)).toEqual([
        'activity',
        'activity',
        'My question',
        'An answer',
        'An answer',
      ]);
    });

    it('is whole for one without rooms, and for one whose rooms are empty', async () => {
      const guest = await buildGuest(app.url, shop);
      expect((await call('GET', `/${guest.id}/export`)).body.rooms).toEqual([]);
      await buildRoom(app.url, shop, guest);
      expect((await call('GET', `/${guest.id}/export`)).body.rooms).toMatchObject([{ entries: [] }]);
    });

    describe('of 20,000 entries', () => {
      const ENTRIES = 20_000;
      const BODY = 'x'.repeat(3_000);
      let guest: Person;

      const open = (): Promise<IncomingMessage> =>
        new Promise((done, fail) => {
          const headers = { Authorization: `Bearer ${shop.admin.token}` };
          request(`${app.url}/api/customers/${guest.id}/export`, { headers, agent: false }, done).on('error', fail).end();
        });

      beforeAll(async () => {
        const built = await buildRoom(app.url, shop);
        guest = built.guest;
        await app.sql(
          `INSERT INTO message (room_id, stream, seq, id, kind, sender_id, client_message_id, body, created_at)
             SELECT $1, 'public', seq, gen_random_uuid(), 'text', $2, gen_random_uuid(), seq || ' ' || $3, now()
               FROM generate_series(1, $4::integer) AS seq`,
          [built.room.id, guest.id, BODY, ENTRIES],
        );
        await app.sql('UPDATE stream_counter SET public_seq = $2 WHERE room_id = $1', [built.room.id, ENTRIES]);
      });

      it('takes no more memory than its reader takes from it', async () => {
        setFlagsFromString('--expose-gc');
        const collect = runInNewContext('gc') as () => void;
        const used = (): number => {
          collect();
          const { heapUsed, external } = process.memoryUsage();
          return heapUsed + external;
        };
        const before = used();
        const response = await open();
        // Nobody reads on: what the server has read by now, it keeps.
        response.pause();
        await until(
          () => Promise.resolve(used()),
          () => false,
          1_500,
        );
        const kept = used() - before;
        let size = 0;
        let entries = 0;
        let tail = '';
        for await (const chunk of response as AsyncIterable<Buffer>) {
          size += chunk.length;
          const text = tail + chunk.toString('latin1');
          entries += text.split('"seq":').length - 1;
          tail = /"(?:s(?:e(?:q(?:")?)?)?)?$/.exec(text)?.[0] ?? '';
        }
        expect(size).toBeGreaterThan(ENTRIES * BODY.length);
        // One of them is the last message of the room.
        expect(entries).toBe(ENTRIES + 1);
        expect(kept).toBeLessThan(size / 4);
      });

      it('is broken off, not cut short, when the database fails in the middle', async () => {
        const response = await open();
        response.pause();
        // Before the table is gone: the end may come while that is waited for.
        const end = new Promise((done) => response.on('end', () => done('whole')).on('error', () => done('broken')));
        await app.sql('ALTER TABLE message RENAME TO message_away');
        try {
          response.resume();
          expect(await end).toBe('broken');
        } finally {
          await app.sql('ALTER TABLE message_away RENAME TO message');
        }
      });
    });
  });

  it('A56 the log of all this holds no token and no password', () => {
    expect(app.log.length).toBeGreaterThan(50);
    expect(secretsIn(app.log, 'canary-')).toEqual([]);
  });
});
