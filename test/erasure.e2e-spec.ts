import type { Message } from '../src/contract/message.js';
import { startApp, type TestApp } from './support/app.js';
import { buildAgent, buildBusiness, buildCustomer, buildRoom, newKey, say, type Tenant } from './support/factories.js';
import { rest } from './support/rest.js';
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
    const stored = await app.sql('SELECT * FROM "user" WHERE id = $1', [customer.id]);
    expect(JSON.stringify(stored)).not.toContain(canary);
    // The agent is free again, and the address too.
    const { room: next } = await buildRoom(app.url, shop);
    expect((await rest(app.url, 'POST', `/api/rooms/${next.id}/claim`, { token: agent.token })).status).toBe(200);
    const again = { business: shop.slug, email: customer.email, password: 'correct horse battery' };
    expect((await rest(app.url, 'POST', '/api/auth/register', { body: again })).status).toBe(201);
  });

  it('may only be a customer or guest', async () => {
    const { status, body } = await rest(app.url, 'DELETE', '/api/auth/me', { token: shop.admin.token });
    expect([status, body.code]).toEqual([403, 'access.denied']);
  });
});
