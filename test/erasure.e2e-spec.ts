import pg from 'pg';
import type { Message } from '../src/contract/message.js';
import { startApp, type TestApp } from './support/app.js';
import { buildAgent, buildBusiness, buildCustomer, buildRoom, newKey, say, until, type Tenant } from './support/factories.js';
import { rest, type Answer } from './support/rest.js';
import { closeSockets, connect } from './support/socket.js';

describe('a customer that erases itself', () => {
  let app: TestApp;
  let shop: Tenant;

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  it('is gone with all it wrote and told, and its sockets with it', async () => {
    const customer = await buildCustomer(app.url, shop);
    const agent = await buildAgent(app.url, shop, { capacity: 1 });
    const canary = `canary-${newKey()}`;
    await rest(app.url, 'PATCH', '/api/auth/me', { token: customer.token, body: { name: canary, username: canary } });
    const { room } = await buildRoom(app.url, shop, customer);
    await rest(app.url, 'POST', `/api/rooms/${room.id}/claim`, { token: agent.token });
    await rest(app.url, 'PATCH', `/api/rooms/${room.id}`, { token: agent.token, body: { subject: canary } });
    const first = await say(app.url, customer, room.id, canary);
    await rest(app.url, 'PATCH', `/api/rooms/${room.id}/messages/${first.id}`, {
      token: customer.token,
      body: { body: `${canary} again` },
    });
    await say(app.url, agent, room.id, 'Hello');
    const [own, staff] = await Promise.all([connect(app.url, customer.token), connect(app.url, agent.token)]);
    await own.call('room.join', { roomId: room.id });
    await staff.call('room.join', { roomId: room.id });

    expect((await rest(app.url, 'DELETE', '/api/auth/me', { token: customer.token })).status).toBe(204);
    expect(await own.waitFor('session.ended', undefined, 2_000)).toEqual({ reason: 'revoked' });
    await own.disconnected;
    expect((await rest(app.url, 'GET', '/api/auth/me', { token: customer.token })).body.code).toBe('auth.session_ended');
    const login = { email: customer.email, password: 'correct horse battery', business: shop.slug };
    expect((await rest(app.url, 'POST', '/api/auth/login', { body: login })).body.code).toBe('auth.invalid_credentials');

    const { body: view } = await rest(app.url, 'GET', `/api/rooms/${room.id}`, { token: agent.token });
    expect(view).toMatchObject({ status: 'closed', subject: null, customer: { id: customer.id, name: null, email: null } });
    const { body: history } = await rest(app.url, 'GET', `/api/rooms/${room.id}/messages`, { token: agent.token });
    // Internal lines keep what staff wrote; of the public stream nothing of the customer's is left.
    expect(JSON.stringify([view, history])).not.toContain(canary);
    expect(history.items.map(({ seq, kind, body, activity }: Message) => [seq, kind, body, activity?.type])).toEqual([
      [1, 'activity', null, 'assigned'],
      [2, 'text', null, undefined],
      [3, 'edit', null, undefined],
      [4, 'text', 'Hello', undefined],
      [5, 'activity', null, 'ended'],
      [6, 'deletion', null, undefined],
    ]);
    expect(await staff.waitFor('message.updated', ({ id, deletedAt }) => id === first.id && deletedAt !== null)).toMatchObject({
      body: null,
    });
    expect((await rest(app.url, 'POST', `/api/rooms/${room.id}/reopen`, { token: agent.token })).body.code).toBe('room.closed');
    expect((await staff.refused('room.reopen', { roomId: room.id })).code).toBe('room.closed');
    const stored = await app.sql('SELECT * FROM "user" WHERE id = $1', [customer.id]);
    expect(JSON.stringify(stored)).not.toContain(canary);
    // The agent is free again, and the address too.
    const { room: next } = await buildRoom(app.url, shop);
    expect((await rest(app.url, 'POST', `/api/rooms/${next.id}/claim`, { token: agent.token })).status).toBe(200);
    const again = { business: shop.slug, email: customer.email, password: 'correct horse battery' };
    expect((await rest(app.url, 'POST', '/api/auth/register', { body: again })).status).toBe(201);
  });

  it.each([
    ['by itself', 'before'],
    ['by itself', 'after'],
    ['by an admin', 'before'],
    ['by an admin', 'after'],
  ])('%s leaves nothing of a profile that was changed at the same moment, %s it', async (by, order) => {
    const { id, token } = await buildCustomer(app.url, shop);
    const canary = `canary-${newKey()}`;
    const erase = (): Promise<Answer> =>
      by === 'by itself'
        ? rest(app.url, 'DELETE', '/api/auth/me', { token })
        : rest(app.url, 'DELETE', `/api/customers/${id}`, { token: shop.admin.token });
    const change = (): Promise<Answer> => rest(app.url, 'PATCH', '/api/auth/me', { token, body: { name: canary, username: canary } });
    const holder = new pg.Client({ connectionString: app.databaseUrl });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM "user" WHERE id = $1 FOR UPDATE', [id]);
    const waiting = (count: number): Promise<unknown> =>
      until(
        () => app.sql("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"),
        (found) => found.length >= count,
      );
    const [first, second] = order === 'before' ? [change, erase] : [erase, change];
    const one = first();
    await waiting(1);
    const other = second();
    await waiting(2);
    await holder.query('COMMIT');
    await holder.end();
    const [changed, erased] = order === 'before' ? [await one, await other] : [await other, await one];
    expect(erased.status).toBe(204);
    if (order === 'after') expect(changed.body).toMatchObject({ status: 401, code: 'auth.session_ended' });
    const rows = await app.sql('SELECT * FROM "user" WHERE id = $1', [id]);
    expect(rows).toMatchObject([{ name: null, username: null, disabled: true }]);
    expect(JSON.stringify(rows)).not.toContain(canary);
  });

  it('may only be a customer or guest', async () => {
    const { status, body } = await rest(app.url, 'DELETE', '/api/auth/me', { token: shop.admin.token });
    expect([status, body.code]).toEqual([403, 'access.denied']);
  });
});
