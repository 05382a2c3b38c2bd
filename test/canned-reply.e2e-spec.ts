import type { CannedReply } from '../src/contract/canned-reply.js';
import { startApp, type TestApp } from './support/app.js';
import {
  buildAgent,
  buildBusiness,
  buildCannedReply,
  buildGuest,
  buildRoom,
  newKey,
  setUp,
  type Person,
  type Tenant,
} from './support/factories.js';
import { rest, type Answer } from './support/rest.js';

describe('N2 canned replies', () => {
  let app: TestApp;
  let shop: Tenant;
  let agent: Person;

  const call = (method: string, path = '', body?: unknown, { token }: Person = shop.admin): Promise<Answer> =>
    rest(app.url, method, `/api/canned-replies${path}`, { token, body });

  beforeAll(async () => {
    app = await startApp();
  });
  beforeEach(async () => {
    shop = await buildBusiness(app.url);
    agent = await buildAgent(app.url, shop);
  });
  afterAll(() => app.close());

  const roomWith = async (guest: object, subject?: string): Promise<string> => {
    const { body } = await rest(app.url, 'POST', '/api/auth/guest', { body: { business: shop.slug, ...guest } });
    return (await rest(app.url, 'POST', '/api/rooms', { token: body.accessToken, body: subject === undefined ? {} : { subject } })).body.id;
  };
  const rendered = async (body: string, roomId: string, as = agent): Promise<Answer> =>
    call('POST', `/${await buildCannedReply(app.url, shop, body)}/render`, { roomId }, as);

  it('are made, changed and deleted by an admin, and shown to staff', async () => {
    const made = await call('POST', '', { shortcut: 'Hello_1', body: 'Hello {{customer.name|there}}' });
    const { id } = made.body;
    const times = { createdAt: expect.any(String), updatedAt: expect.any(String) };
    expect([made.status, made.body]).toEqual([201, { id, shortcut: 'hello_1', body: 'Hello {{customer.name|there}}', ...times }]);
    expect((await call('GET', `/${id}`, undefined, agent)).body).toEqual(made.body);
    const changed = await call('PATCH', `/${id}`, { shortcut: 'HI' });
    expect(changed.body).toMatchObject({ id, shortcut: 'hi', body: made.body.body });
    expect((await call('PATCH', `/${id}`, { body: 'Hi' })).body).toMatchObject({ shortcut: 'hi', body: 'Hi' });
    expect((await call('PATCH', `/${id}`, {})).body).toMatchObject({ shortcut: 'hi', body: 'Hi' });
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect((await call(method, `/${id}`)).body.code).toBe('canned_reply.not_found');
  });

  it('are found by what is in them, taken literally, in pages by their shortcuts', async () => {
    for (const [shortcut, body] of [
      ['refund-1', 'You get 100% back'],
      ['bye', 'See you'],
      ['Refund_2', 'Half of it'],
    ])
      await buildCannedReply(app.url, shop, body, shortcut);
    await buildCannedReply(app.url, await buildBusiness(app.url), 'See you', 'bye');
    const found = async (query: string): Promise<string[]> =>
      (await call('GET', query, undefined, agent)).body.items.map(({ shortcut }: CannedReply) => shortcut);
    const all = await found('');
    expect([...all].sort()).toEqual(['bye', 'refund-1', 'refund_2']);
    expect((await found('?q=REF')).sort()).toEqual(['refund-1', 'refund_2']);
    expect([await found('?q=0%25'), await found('?q=_'), await found('?q=%5C'), await found("?q=';--")]).toEqual([
      ['refund-1'],
      ['refund_2'],
      [],
      [],
    ]);
    const first = await call('GET', '?limit=2');
    expect(await found(`?limit=2&cursor=${first.body.nextCursor}`)).toEqual(all.slice(2));
    for (const query of [
      '?q=',
      '?q=a&q=b',
      '?limit=0',
      '?cursor=x',
      `?cursor=${Buffer.from('["\\u0000"]').toString('base64url')}`,
      '?shortcut=a',
    ])
      expect((await call('GET', query)).status).toBe(400);
  });

  it('A22 A23 A43 A47 bad input changes nothing', async () => {
    const id = await buildCannedReply(app.url, shop, 'Hello', 'hello');
    const foreign = await buildCannedReply(app.url, await buildBusiness(app.url));
    for (const body of [
      {},
      { shortcut: 'a' },
      { shortcut: '', body: 'x' },
      { shortcut: 'a b', body: 'x' },
      { shortcut: 'ä/', body: 'x' },
      { shortcut: 'x'.repeat(51), body: 'x' },
      { shortcut: ['a'], body: 'x' },
      { shortcut: 'a', body: ' ' },
      { shortcut: 'a', body: { $ne: null } },
      { shortcut: 'a', body: 'a\u0000b' },
      { shortcut: 'a', body: 'x', businessId: newKey() },
    ])
      expect([body, (await call('POST', '', body)).body.code]).toEqual([body, 'validation.failed']);
    for (const shortcut of ['hello', 'HELLO']) {
      expect((await call('POST', '', { shortcut, body: 'x' })).body.code).toBe('canned_reply.shortcut_taken');
    }
    const other = await buildCannedReply(app.url, shop);
    expect((await call('PATCH', `/${other}`, { shortcut: 'Hello' })).body.code).toBe('canned_reply.shortcut_taken');
    const long = 'x'.repeat(4001);
    expect((await call('POST', '', { shortcut: 'long', body: long })).body.code).toBe('message.too_long');
    expect((await call('PATCH', `/${id}`, { body: long })).body.code).toBe('message.too_long');
    expect((await call('GET')).body.items).toHaveLength(2);
    const { room } = await buildRoom(app.url, shop);
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { body: 'x' }],
      ['DELETE', '', undefined],
      ['POST', '/render', { roomId: room.id }],
    ] as const) {
      const answers = await Promise.all([foreign, newKey()].map((one) => call(method, `/${one}${path}`, body)));
      const bare = answers.map(({ status, body: { requestId: _, ...problem } }) => ({ status, problem }));
      expect(bare[0]).toMatchObject({ status: 404, problem: { code: 'canned_reply.not_found' } });
      expect(bare[1]).toEqual(bare[0]);
      expect((await call(method, `/x${path}`, body)).status).toBe(400);
    }
    const guest = await buildGuest(app.url, shop);
    for (const [method, path, body] of [
      ['POST', '', { shortcut: 'a', body: 'x' }],
      ['PATCH', `/${id}`, { body: 'x' }],
      ['DELETE', `/${id}`, undefined],
    ] as const) {
      expect((await call(method, path, body, agent)).body.code).toBe('access.denied');
    }
    expect((await call('GET', '', undefined, guest)).body.code).toBe('access.denied');
    expect((await call('POST', `/${id}/render`, { roomId: room.id }, guest)).body.code).toBe('access.denied');
  });

  it.each(['constructor', '__proto__', 'customer', 'customer.password', 'customer.name.length', '7*7', '', 'business.settings'])(
    'A41 A44 the variable {{%s}} is refused when it is saved',
    async (name) => {
      const id = await buildCannedReply(app.url, shop, 'Hello');
      const body = `Hello {{customer.name}} {{${name}|x}}`;
      for (const answer of [await call('POST', '', { shortcut: 'a', body }), await call('PATCH', `/${id}`, { body })]) {
        expect(answer.body).toMatchObject({ status: 400, code: 'validation.failed', errors: [{ path: 'body' }] });
      }
      expect((await call('GET', `/${id}`)).body.body).toBe('Hello');
    },
  );

  it('A39 A41 are filled in for a room and whoever asks, and what is put in stands there as it is', async () => {
    const name = '{{agent.name}} ${7*7} <%= 7*7 %> <script>alert(1)</script> $& {{constructor.constructor("return 7")()}}';
    const roomId = await roomWith({ name, email: 'gwen@mail.example' }, 'Order 7');
    const body = '{{customer.name}}, {{customer.email}}, {{room.subject}}, {{business.name}}, {{agent.name}}: ${7*7} <%= 7*7 %>';
    const { body: business } = await rest(app.url, 'GET', '/api/business', { token: agent.token });
    const filled = `${name}, gwen@mail.example, Order 7, ${business.name}, Alex: \${7*7} <%= 7*7 %>`;
    const answer = await rendered(body, roomId);
    expect([answer.status, answer.body]).toEqual([200, { body: filled }]);
    expect((await rendered('{{agent.name}}', roomId, shop.admin)).body).toEqual({ body: 'Ada' });
    const nobody = await roomWith({});
    expect((await rendered('Hello {{customer.name|there}} ({{customer.email}}) {{room.subject| you }}', nobody)).body).toEqual({
      body: 'Hello there () you',
    });
  });

  it('A47 one that comes out too long for a message is refused', async () => {
    const roomId = await roomWith({ name: '🙂'.repeat(120) });
    const fits = `${'{{customer.name}}'.repeat(33)}${'x'.repeat(40)}`;
    expect([...(await rendered(fits, roomId)).body.body]).toHaveLength(4000);
    const { body } = await rendered(`${fits}x`, roomId);
    expect(body).toMatchObject({ status: 400, code: 'message.too_long', errors: [{ path: 'body' }] });
  });

  it('A25 A26 are filled in for rooms within reach alone', async () => {
    const { room } = await buildRoom(app.url, shop);
    const foreign = await buildRoom(app.url, await buildBusiness(app.url));
    const id = await buildCannedReply(app.url, shop);
    await setUp(app.url, shop, { agentScope: 'own' });
    for (const roomId of [room.id, foreign.room.id, newKey()]) {
      expect((await call('POST', `/${id}/render`, { roomId }, agent)).body.code).toBe('room.not_found');
    }
    for (const body of [{}, { roomId: 'x' }, { roomId: room.id, agentId: newKey() }, undefined]) {
      expect((await call('POST', `/${id}/render`, body, agent)).status).toBe(400);
    }
    await rest(app.url, 'POST', `/api/rooms/${room.id}/assign`, { token: shop.admin.token, body: { agentId: agent.id } });
    expect((await call('POST', `/${id}/render`, { roomId: room.id }, agent)).body).toEqual({ body: 'Hello Gwen' });
  });

  it('are a thousand in a business at most, also when two are made at once', async () => {
    await app.sql(
      `INSERT INTO canned_reply (id, business_id, shortcut, body) SELECT gen_random_uuid(), $1, 'reply-' || n, 'x' FROM generate_series(1, 998) n`,
      [shop.id],
    );
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((shortcut) => call('POST', '', { shortcut, body: 'x' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('canned_reply.too_many');
  });
});
