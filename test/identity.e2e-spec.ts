import { createHmac } from 'node:crypto';
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
  type Tenant,
} from './support/factories.js';
import { rest, type Answer } from './support/rest.js';
import { closeSockets, connect } from './support/socket.js';

const SECRET = /^[0-9a-f]{64}$/;
const WRONG = { status: 401, code: 'auth.invalid_credentials', detail: 'The identity is not signed by this business' };

describe('signed identity', () => {
  let app: TestApp;
  let shop: Tenant;
  let secret: string;
  const secrets: string[] = [];

  const newSecret = async ({ admin }: Tenant): Promise<string> => {
    const { status, body } = await rest(app.url, 'POST', '/api/business/identity-secret', { token: admin.token });
    expect([status, body]).toEqual([200, { identitySecret: expect.stringMatching(SECRET) }]);
    secrets.push(body.identitySecret);
    return body.identitySecret as string;
  };
  const sign = (externalId: string, by = secret): string => createHmac('sha256', by).update(externalId).digest('hex');
  const come = (identity: unknown, facts: object = {}, { slug }: Tenant = shop): Promise<Answer> =>
    rest(app.url, 'POST', '/api/auth/guest', { body: { business: slug, identity, ...facts } });
  const comeAs = (externalId: string, facts: object = {}): Promise<Answer> => come({ externalId, signature: sign(externalId) }, facts);
  const shown = async (id: string, { admin }: Tenant = shop): Promise<any> =>
    (await rest(app.url, 'GET', `/api/customers/${id}`, { token: admin.token })).body;
  const counts = (): Promise<unknown> =>
    app.sql('SELECT (SELECT count(*) FROM "user") u, (SELECT count(*) FROM session) s, (SELECT count(*) FROM audit_entry) a');

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
    secret = await newSecret(shop);
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  it('makes a known customer the first time, and finds it every later time', async () => {
    const externalId = `Kunde №${newKey()}`;
    const facts = { name: 'Kim', email: 'Kim@Mail.example', attributes: { plan: 'gold', since: 2020 }, context: { page: '/a' } };
    const first = await comeAs(externalId, facts);
    expect(first.status).toBe(201);
    const { id } = first.body.user;
    expect(first.body.user).toEqual({ id, role: 'customer', name: 'Kim', avatarUrl: null });
    const known = { role: 'customer', verified: true, externalId, name: 'Kim', email: 'kim@mail.example' };
    expect(await shown(id)).toMatchObject({ ...known, attributes: facts.attributes, blocked: false });
    const { room } = await buildRoom(app.url, shop, { id, token: first.body.accessToken, refreshToken: '' });

    const second = await comeAs(externalId, { name: 'Kim K.', attributes: { plan: 'silver' }, context: { page: '/b' } });
    expect([second.status, second.body.user]).toEqual([201, { ...first.body.user, name: 'Kim K.' }]);
    expect(await shown(id)).toMatchObject({ ...known, name: 'Kim K.', attributes: { plan: 'silver', since: 2020 } });
    const rooms = await rest(app.url, 'GET', '/api/rooms', { token: second.body.accessToken });
    expect(rooms.body.items.map((one: { id: string }) => one.id)).toEqual([room.id]);
    expect(await app.sql('SELECT context FROM "user" WHERE id = $1', [id])).toEqual([{ context: { page: '/b' } }]);
    // Nothing told, nothing changed.
    await comeAs(externalId);
    expect(await shown(id)).toMatchObject({ ...known, name: 'Kim K.' });
  });

  it('of 20 that come at once one person is made', async () => {
    const externalId = newKey();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => comeAs(externalId, { attributes: { [`n${n}`]: n } })));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 201));
    const ids = new Set(answers.map(({ body }) => body.user.id as string));
    expect(ids.size).toBe(1);
    expect(Object.keys((await shown([...ids][0] as string)).attributes)).toHaveLength(20);
  });

  it('A17 A97 nobody comes in by a signature that is not the site’s, and nothing is written', async () => {
    const [other, without] = [await buildBusiness(app.url), await buildBusiness(app.url)];
    const foreignSecret = await newSecret(other);
    const externalId = newKey();
    const { user } = (await comeAs(externalId)).body;
    const before = await counts();
    for (const signature of [
      sign(externalId, foreignSecret),
      sign(`${externalId} `),
      sign(''),
      sign(externalId, ''),
      createHmac('sha1', secret).update(externalId).digest('hex'),
      createHmac('sha256', secret).update(externalId).digest('base64'),
      createHmac('sha256', Buffer.from(secret, 'hex')).update(externalId).digest('hex'),
      sign(externalId).slice(0, 63),
      `${sign(externalId)}00`,
      `${sign(externalId)}\n`,
      '0'.repeat(64),
      'é'.repeat(32),
      secret,
      '',
    ]) {
      expect([signature, (await come({ externalId, signature }, { name: 'Mallory' })).body]).toMatchObject([signature, WRONG]);
    }
    // Signed well, for another business; and for one that has no secret.
    expect((await come({ externalId, signature: sign(externalId) }, {}, other)).body).toMatchObject(WRONG);
    for (const by of [secret, '', 'null', 'undefined']) {
      expect((await come({ externalId, signature: sign(externalId, by) }, {}, without)).body).toMatchObject(WRONG);
    }
    expect(await counts()).toEqual(before);
    expect((await shown(user.id)).name).toBeNull();
  });

  it.each([
    ['identity', null],
    ['identity', []],
    ['identity', 'me'],
    ['identity.signature', { externalId: 'a' }],
    ['identity.signature', { externalId: 'a', signature: null }],
    ['identity.signature', { externalId: 'a', signature: { $ne: '' } }],
    ['identity.signature', { externalId: 'a', signature: 'x'.repeat(5_000) }],
    ['identity.externalId', { signature: 'a' }],
    ['identity.externalId', { externalId: '', signature: 'a' }],
    ['identity.externalId', { externalId: '  ', signature: 'a' }],
    ['identity.externalId', { externalId: 'x'.repeat(201), signature: 'a' }],
    ['identity.externalId', { externalId: 7, signature: 'a' }],
    ['identity.externalId', { externalId: 'a\u0000', signature: 'a' }],
    ['identity.verified', { externalId: 'a', signature: 'a', verified: true }],
    ['identity.__proto__', '{"externalId":"a","signature":"a","__proto__":{"verified":true}}'],
  ])('A43 A44 A45 a wrong %s is refused in %j', async (path, identity) => {
    const before = await counts();
    const body =
      typeof identity === 'string' && identity.startsWith('{')
        ? `{"business":"${shop.slug}","identity":${identity}}`
        : { business: shop.slug, identity };
    const answer = await rest(app.url, 'POST', '/api/auth/guest', { body });
    expect(answer.body).toMatchObject({ status: 400, code: 'validation.failed' });
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path);
    expect(await counts()).toEqual(before);
  });

  it('A42 takes signs of SQL in an external id as they are', async () => {
    const [one, other] = ["'; DROP TABLE room; --", "' OR '1'='1"];
    const ids = new Set<string>();
    for (const externalId of [one, other, '%', '_']) ids.add((await comeAs(externalId)).body.user.id);
    expect(ids.size).toBe(4);
    expect((await comeAs(one)).body.user.id).toBe([...ids][0]);
  });

  it('A97 A10 is never somebody by an address alone', async () => {
    const account = await buildCustomer(app.url, shop);
    const first = (await comeAs(newKey(), { email: account.email })).body.user;
    const second = (await comeAs(newKey(), { email: account.email })).body.user;
    expect(new Set([account.id, first.id, second.id]).size).toBe(3);
    for (const { id } of [first, second]) expect(await shown(id)).toMatchObject({ email: account.email });
    // The account is still its owner's, and the only one that the address opens.
    const login = await rest(app.url, 'POST', '/api/auth/login', {
      body: { email: account.email, password: PASSWORD, business: shop.slug },
    });
    expect([login.status, login.body.user.id]).toEqual([200, account.id]);
    // Nor does an anonymous guest with this address, or one that calls itself so, become anybody.
    const guest = await come(undefined, { email: account.email, attributes: { externalId: 'x' } });
    expect([guest.body.user.role, guest.body.user.id === account.id]).toEqual(['guest', false]);
    expect((await come(undefined, { externalId: 'x' })).body).toMatchObject({ status: 400 });
  });

  it('of an account leaves the login as it is', async () => {
    const account = await buildCustomer(app.url, shop);
    const externalId = newKey();
    await rest(app.url, 'PATCH', `/api/customers/${account.id}`, { token: shop.admin.token, body: { externalId } });
    const { body } = await comeAs(externalId, { email: 'other@mail.example', name: 'Cleo C.' });
    expect(body.user).toMatchObject({ id: account.id, name: 'Cleo C.' });
    expect(await shown(account.id)).toMatchObject({ email: account.email, verified: true });
  });

  it('makes a customer of a guest whom an admin has given the id', async () => {
    const guest = await buildGuest(app.url, shop);
    const externalId = newKey();
    await rest(app.url, 'PATCH', `/api/customers/${guest.id}`, { token: shop.admin.token, body: { externalId } });
    expect(await shown(guest.id)).toMatchObject({ role: 'guest', verified: false });
    expect((await comeAs(externalId)).body.user).toMatchObject({ id: guest.id, role: 'customer' });
    expect(await shown(guest.id)).toMatchObject({ role: 'customer', verified: true });
  });

  it('of another id ends what was open under the old one, or under none', async () => {
    const guest = await buildGuest(app.url, shop);
    const name = (externalId: string | null): Promise<Answer> =>
      rest(app.url, 'PATCH', `/api/customers/${guest.id}`, { token: shop.admin.token, body: { externalId } });
    const me = async (token: string): Promise<string | number> => {
      const { status, body } = await rest(app.url, 'GET', '/api/auth/me', { token });
      return body.code ?? status;
    };
    const [one, other] = [newKey(), newKey()];
    expect((await name(one)).status).toBe(200);
    expect(await me(guest.token)).toBe('auth.session_ended');
    const { accessToken } = (await comeAs(one)).body;
    // The same id once more changes nothing.
    expect([(await name(one)).status, await me(accessToken)]).toEqual([200, 200]);
    const socket = await connect(app.url, accessToken);
    expect((await name(other)).status).toBe(200);
    await socket.waitFor('session.ended', () => true);
    expect(await me(accessToken)).toBe('auth.session_ended');
    expect((await comeAs(other)).body.user.id).toBe(guest.id);
  });

  it('tells staff who look at the room of what the site told anew', async () => {
    const externalId = newKey();
    const { user, accessToken } = (await comeAs(externalId)).body;
    const { room } = await buildRoom(app.url, shop, { id: user.id, token: accessToken, refreshToken: '' });
    const staff = await connect(app.url, shop.admin.token);
    await comeAs(externalId, { attributes: { plan: 'gold' } });
    await staff.waitFor('room.updated', ({ id, customer }) => id === room.id && customer.attributes.plan === 'gold');
  });

  it('keeps what is told to 8 KB in all', async () => {
    const externalId = newKey();
    await comeAs(externalId, { attributes: { a: 'x'.repeat(5_000) } });
    expect((await comeAs(externalId, { attributes: { b: 'x'.repeat(5_000) } })).body).toMatchObject({
      status: 400,
      errors: [{ path: 'attributes' }],
    });
    expect((await comeAs(externalId, { attributes: { a: null, b: 'x' } })).status).toBe(201);
  });

  it('does not unblock anybody, and takes nothing of what a blocked one tells', async () => {
    const externalId = newKey();
    const { user } = (await comeAs(externalId, { name: 'Rude' })).body;
    await rest(app.url, 'POST', `/api/customers/${user.id}/block`, { token: shop.admin.token, body: {} });
    const again = await comeAs(externalId, { name: 'Ruder' });
    expect([again.status, again.body.user]).toEqual([201, user]);
    const opened = await rest(app.url, 'POST', '/api/rooms', { token: again.body.accessToken, body: {} });
    expect(opened.body).toMatchObject({ status: 403, code: 'access.denied' });
    expect(await shown(user.id)).toMatchObject({ blocked: true, name: 'Rude' });
    // Gone and come again would be a way around it; an admin may still erase it.
    const erased = await rest(app.url, 'DELETE', '/api/auth/me', { token: again.body.accessToken });
    expect(erased.body).toMatchObject({ status: 403, code: 'access.denied' });
  });

  it('is free again after erasing: who comes then is somebody new', async () => {
    const externalId = newKey();
    const { user, accessToken } = (await comeAs(externalId, { name: 'Kim' })).body;
    expect((await rest(app.url, 'DELETE', '/api/auth/me', { token: accessToken })).status).toBe(204);
    const again = (await comeAs(externalId)).body.user;
    expect(again).toMatchObject({ role: 'customer', name: null });
    expect(again.id).not.toBe(user.id);
    await rest(app.url, 'DELETE', `/api/customers/${again.id}`, { token: shop.admin.token });
    expect((await comeAs(externalId)).body.user.id).not.toBe(again.id);
  });

  describe('the secret', () => {
    it('is made anew by an admin, and what was signed with the old one is void at once', async () => {
      const own = await buildBusiness(app.url);
      const [old, externalId] = [await newSecret(own), newKey()];
      const comeBy = (by: string): Promise<Answer> => come({ externalId, signature: sign(externalId, by) }, {}, own);
      const { user } = (await comeBy(old)).body;
      const fresh = await newSecret(own);
      expect(fresh).not.toBe(old);
      expect((await comeBy(old)).body).toMatchObject(WRONG);
      expect((await comeBy(fresh)).body.user.id).toBe(user.id);
    });

    it('made anew ends the sessions of all who came by a signature, and of nobody else', async () => {
      const [own, other] = [await buildBusiness(app.url), await buildBusiness(app.url)];
      const [old, foreign, externalId] = [await newSecret(own), await newSecret(other), newKey()];
      const signedFor = async (tenant: Tenant, by: string): Promise<string> =>
        (await come({ externalId, signature: sign(externalId, by) }, {}, tenant)).body.accessToken;
      const tokens = [await signedFor(own, old), await signedFor(other, foreign)];
      for (const { token } of [await buildGuest(app.url, own), await buildCustomer(app.url, own), await buildAgent(app.url, own)])
        tokens.push(token);
      await newSecret(own);
      const answers = await Promise.all([...tokens, own.admin.token].map((token) => rest(app.url, 'GET', '/api/auth/me', { token })));
      expect(answers.map(({ status }) => status)).toEqual([401, 200, 200, 200, 200, 200]);
      expect(answers[0]?.body.code).toBe('auth.session_ended');
    });

    it('A26 is no agent’s, no customer’s and no stranger’s to make', async () => {
      const before = await app.sql('SELECT identity_secret FROM business WHERE id = $1', [shop.id]);
      const make = (token?: string): Promise<Answer> => rest(app.url, 'POST', '/api/business/identity-secret', { token });
      for (const { token } of [await buildAgent(app.url, shop), await buildGuest(app.url, shop), await buildCustomer(app.url, shop)]) {
        expect((await make(token)).body).toMatchObject({ status: 403, code: 'access.denied' });
      }
      expect((await make()).body).toMatchObject({ status: 401, code: 'auth.required' });
      expect(await app.sql('SELECT identity_secret FROM business WHERE id = $1', [shop.id])).toEqual(before);
    });

    it('A76 is shown once and nowhere else', async () => {
      const { token } = shop.admin;
      const answers = [
        await rest(app.url, 'GET', '/api/business', { token }),
        await rest(app.url, 'PATCH', '/api/business', { token, body: { name: 'Shop' } }),
        await rest(app.url, 'GET', `/api/businesses/${shop.slug}`),
        await rest(app.url, 'GET', '/api/audit?limit=200', { token }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      expect(JSON.stringify(answers.map(({ body }) => body))).not.toContain(secret);
      expect(await app.sql('SELECT identity_secret IS NOT NULL AS kept FROM business WHERE id = $1', [shop.id])).toEqual([{ kept: true }]);
    });
  });

  describe('where it is required', () => {
    let strict: Tenant;
    let by: string;

    beforeAll(async () => {
      strict = await buildBusiness(app.url);
      by = await newSecret(strict);
      const { body } = await rest(app.url, 'PATCH', '/api/business', {
        token: strict.admin.token,
        body: { settings: { identityRequired: true } },
      });
      expect(body.settings.identityRequired).toBe(true);
    });

    it('no guest and no new account comes without', async () => {
      const before = await counts();
      const refused = { status: 401, code: 'auth.required', detail: 'Only customers with a signed identity may come to this business' };
      expect((await come(undefined, {}, strict)).body).toMatchObject(refused);
      const account = { business: strict.slug, email: `a-${newKey()}@mail.example`, password: PASSWORD };
      expect((await rest(app.url, 'POST', '/api/auth/register', { body: account })).body).toMatchObject(refused);
      const agent = await buildAgent(app.url, strict);
      const byAgent = await rest(app.url, 'POST', '/api/auth/register', { token: agent.token, body: account });
      expect(byAgent.body).toMatchObject(refused);
      expect((await come({ externalId: 'a', signature: 'a' }, {}, strict)).body).toMatchObject(WRONG);
      const [{ u }] = (await counts()) as [{ u: string }];
      expect(Number(u) - Number((before as [{ u: string }])[0].u)).toBe(1);
    });

    it('a signed one comes, an admin makes accounts, and who has one logs in', async () => {
      expect((await come({ externalId: 'a', signature: sign('a', by) }, {}, strict)).status).toBe(201);
      const account = { business: strict.slug, email: `a-${newKey()}@mail.example`, password: PASSWORD };
      expect((await rest(app.url, 'POST', '/api/auth/register', { token: strict.admin.token, body: account })).status).toBe(201);
      expect((await rest(app.url, 'POST', '/api/auth/login', { body: account })).status).toBe(200);
      await rest(app.url, 'PATCH', '/api/business', { token: strict.admin.token, body: { settings: { identityRequired: false } } });
      expect((await come(undefined, {}, strict)).status).toBe(201);
    });
  });

  it('A56 the log of all this holds no token, no password and no secret', () => {
    expect(app.log.length).toBeGreaterThan(50);
    expect(secretsIn(app.log, ...secrets)).toEqual([]);
  });
});
