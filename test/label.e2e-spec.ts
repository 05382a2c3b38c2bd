import { Chores } from '../src/database/chores.js';
import { startApp, type TestApp } from './support/app.js';
import { buildAgent, buildBusiness, buildLabel, buildRoom, buildTalk, newKey, type Person, type Tenant } from './support/factories.js';
import { rest, type Answer } from './support/rest.js';
import { closeSockets, connect } from './support/socket.js';

describe('N3 labels', () => {
  let app: TestApp;
  let shop: Tenant;
  let agent: Person;

  const call = (method: string, path = '', body?: unknown, { token }: Person = shop.admin): Promise<Answer> =>
    rest(app.url, method, `/api/labels${path}`, { token, body });
  const wear = (roomId: string, labels: unknown, { token } = agent): Promise<Answer> =>
    rest(app.url, 'PATCH', `/api/rooms/${roomId}`, { token, body: { labels } });
  const labelsOf = async (roomId: string): Promise<string[]> =>
    (await rest(app.url, 'GET', `/api/rooms/${roomId}`, { token: agent.token })).body.labels;

  beforeAll(async () => {
    app = await startApp();
  });
  beforeEach(async () => {
    shop = await buildBusiness(app.url);
    agent = await buildAgent(app.url, shop);
  });
  afterEach(() => closeSockets());
  afterAll(() => app.close());

  it('are made, changed and deleted by an admin, and shown to staff', async () => {
    const made = await call('POST', '', { name: 'VIP', color: '#D4AF37' });
    expect([made.status, made.body]).toEqual([
      201,
      { id: expect.any(String), name: 'VIP', color: '#D4AF37', createdAt: expect.any(String) },
    ]);
    const path = `/${made.body.id}`;
    expect((await call('GET', path, undefined, agent)).body).toEqual(made.body);
    expect((await call('PATCH', path, { color: null })).body).toEqual({ ...made.body, color: null });
    expect((await call('PATCH', path, { name: 'vip' })).body).toMatchObject({ name: 'vip', color: null });
    expect((await call('PATCH', path, {})).body).toMatchObject({ name: 'vip' });
    const other = await call('POST', '', { name: 'Bug' });
    expect(other.body.color).toBeNull();
    for (const name of ['VIP', ' vip ', 'ＶＩＰ']) expect((await call('POST', '', { name })).body.code).toBe('label.name_taken');
    expect((await call('PATCH', `/${other.body.id}`, { name: 'ViP' })).body.code).toBe('label.name_taken');
    expect((await call('DELETE', path)).status).toBe(204);
    for (const method of ['GET', 'PATCH', 'DELETE'])
      expect((await call(method, path, method === 'PATCH' ? { name: 'x' } : undefined)).body.code).toBe('label.not_found');
    expect((await call('POST', '', { name: 'VIP' })).status).toBe(201);
  });

  it('A43 A46 are listed in pages, at most 1,000 in a business, and none of another', async () => {
    await buildLabel(app.url, await buildBusiness(app.url));
    const ids = [await buildLabel(app.url, shop), await buildLabel(app.url, shop), await buildLabel(app.url, shop)];
    const first = await call('GET', '?limit=2', undefined, agent);
    const second = await call('GET', `?limit=2&cursor=${first.body.nextCursor}`, undefined, agent);
    expect([...first.body.items, ...second.body.items].map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(second.body.nextCursor).toBeNull();
    for (const query of ['?cursor=x', '?limit=0', '?limit=201', '?name=a', "?cursor=' OR 1=1"])
      expect((await call('GET', query)).status).toBe(400);
    await app.sql(
      `INSERT INTO label (id, business_id, name, folded_name)
         SELECT gen_random_uuid(), $1, 'n' || n, 'n' || n FROM generate_series(1, 996) n`,
      [shop.id],
    );
    const both = await Promise.all([call('POST', '', { name: 'Last' }), call('POST', '', { name: 'Over' })]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(both.find(({ status }) => status === 409)?.body.code).toBe('label.limit_reached');
  });

  it('A22 A23 A42 A43 bad input changes nothing', async () => {
    const foreign = await buildLabel(app.url, await buildBusiness(app.url), 'Theirs');
    const own = await buildLabel(app.url, shop, 'Ours');
    for (const method of ['GET', 'PATCH', 'DELETE'])
      expect((await call(method, `/${foreign}`, method === 'PATCH' ? { name: 'x' } : undefined)).body.code).toBe('label.not_found');
    for (const body of [
      {},
      { name: '' },
      { name: ' ' },
      { name: 'x'.repeat(61) },
      { name: ['VIP'] },
      { name: 'a\u0000b' },
      { name: 'x', color: 'red' },
      { name: 'x', color: '#12345g' },
      { name: 'x', color: '#123' },
      { name: 'x', color: ['#123456'] },
      { name: 'x', businessId: shop.id },
    ])
      expect([body, (await call('POST', '', body)).status]).toEqual([body, 400]);
    expect((await call('POST', '', { name: 'x' }, agent)).body.code).toBe('access.denied');
    const sql = "'); DROP TABLE label; --";
    expect((await call('POST', '', { name: sql })).body.name).toBe(sql);
    const { room } = await buildRoom(app.url, shop);
    for (const labels of ['Ours', [1], [null], [''], [['Ours']], { 0: 'Ours' }, null, Array(51).fill('Ours'), Array(10_000).fill('x')])
      expect([labels, (await wear(room.id, labels)).status]).toEqual([labels, 400]);
    for (const labels of [['Theirs'], ['Ours', 'None'], [foreign], [own]])
      expect([labels, (await wear(room.id, labels)).body.code]).toEqual([labels, 'label.not_found']);
    expect(await labelsOf(room.id)).toEqual([]);
  });

  it('are put on rooms by their names, told by one internal line, and never shown to the customer', async () => {
    const canary = `canary-${newKey()}`;
    for (const name of ['Bug', canary, 'VIP']) await buildLabel(app.url, shop, name);
    const { roomId, guest, guestSocket, agentSocket } = await buildTalk(app.url, shop);
    expect((await wear(roomId, ['vip', 'Bug', 'VIP', canary])).body.labels).toEqual(['Bug', canary, 'VIP']);
    expect((await wear(roomId, ['Bug', 'VIP', canary])).body.labels).toEqual(['Bug', canary, 'VIP']);
    expect((await wear(roomId, ['Bug'])).body.labels).toEqual(['Bug']);
    expect((await wear(roomId, [])).body.labels).toEqual([]);
    const path = `/api/rooms/${roomId}/messages?stream=internal`;
    const { items } = (await rest(app.url, 'GET', path, { token: agent.token })).body;
    expect(items.map(({ activity }: { activity: object }) => activity)).toEqual([
      { type: 'labels_changed', actor: expect.objectContaining({ id: agent.id }), from: null, to: `Bug, ${canary}, VIP` },
      { type: 'labels_changed', actor: expect.anything(), from: `Bug, ${canary}, VIP`, to: 'Bug' },
      { type: 'labels_changed', actor: expect.anything(), from: 'Bug', to: null },
    ]);
    await wear(roomId, [canary]);
    const customers = `/api/customers/${guest.id}`;
    const labelled = await rest(app.url, 'PATCH', customers, { token: agent.token, body: { labels: [canary, 'vip'] } });
    expect(labelled.body.labels).toEqual([canary, 'VIP']);
    expect((await rest(app.url, 'GET', customers, { token: agent.token })).body.labels).toEqual([canary, 'VIP']);
    const list = (await rest(app.url, 'GET', '/api/customers', { token: agent.token })).body.items;
    expect(list.map((one: { labels: string[] }) => one.labels)).toEqual([[canary, 'VIP']]);
    const bad = await rest(app.url, 'PATCH', customers, { token: agent.token, body: { labels: ['None'] } });
    expect(bad.body.code).toBe('label.not_found');
    const told = await agentSocket.waitFor('room.updated', (room) => room.customer.labels.length === 2);
    expect(told).toMatchObject({ labels: [canary], customer: { labels: [canary, 'VIP'] } });
    await guestSocket.call('presence.heartbeat');
    const seen = [
      ...guestSocket.heard,
      ...(await Promise.all(
        [`/api/rooms/${roomId}`, '/api/rooms', '/api/auth/me', `/api/rooms/${roomId}/messages`].map(
          async (one) => (await rest(app.url, 'GET', one, { token: guest.token })).body,
        ),
      )),
      (await rest(app.url, 'GET', `${customers}/export`, { token: agent.token })).body,
    ];
    expect(JSON.stringify(seen)).not.toMatch(new RegExp(`${canary}|label`, 'i'));
  });

  it('a new name shows everywhere at once, a deleted one nowhere, and open lists are told', async () => {
    const id = await buildLabel(app.url, shop, 'Old');
    await buildLabel(app.url, shop, 'Stays');
    const [{ room, guest }, { room: other }] = [await buildRoom(app.url, shop), await buildRoom(app.url, shop)];
    await wear(room.id, ['Old', 'Stays']);
    await rest(app.url, 'PATCH', `/api/customers/${guest.id}`, { token: agent.token, body: { labels: ['Old'] } });
    await wear(other.id, ['Old']);
    const socket = await connect(app.url, agent.token);
    await call('PATCH', `/${id}`, { name: 'New' });
    expect([await labelsOf(room.id), await labelsOf(other.id)]).toEqual([['New', 'Stays'], ['New']]);
    for (const roomId of [room.id, other.id])
      await socket.waitFor('room.updated', (told) => told.id === roomId && told.labels.includes('New'));
    await call('DELETE', `/${id}`);
    expect([await labelsOf(room.id), await labelsOf(other.id)]).toEqual([['Stays'], []]);
    const told = await socket.waitFor('room.updated', (one) => one.id === room.id && !one.labels.includes('New'));
    expect(told).toMatchObject({ labels: ['Stays'], customer: { labels: [] } });
    expect((await wear(room.id, ['New'])).body.code).toBe('label.not_found');
    await app.app.get(Chores).run('sweep labels');
    const [left] = await app.sql(
      'SELECT (SELECT count(*) FROM label WHERE id = $1)::integer AS labels, (SELECT count(*) FROM room WHERE $1 = ANY (label_ids))::integer AS rooms',
      [id],
    );
    expect(left).toEqual({ labels: 0, rooms: 0 });
    expect(await labelsOf(room.id)).toEqual(['Stays']);
  });

  it('a label that is deleted while it is put on a room is on it for nobody', async () => {
    for (let n = 0; n < 5; n++) {
      const id = await buildLabel(app.url, shop, `Race ${n}`);
      const { room } = await buildRoom(app.url, shop);
      const [put] = await Promise.all([wear(room.id, [`Race ${n}`]), call('DELETE', `/${id}`)]);
      expect([200, 404]).toContain(put.status);
      expect(await labelsOf(room.id)).toEqual([]);
    }
  });
});
