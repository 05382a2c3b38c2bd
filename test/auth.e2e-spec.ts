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

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const mail = (): string => `person-${newKey()}@mail.example`;
const TOKENS = { accessToken: expect.any(String), refreshToken: expect.any(String), tokenType: 'Bearer', expiresIn: 900 };

describe('accounts', () => {
  let app: TestApp;
  let shop: Tenant;

  const post = (path: string, body: unknown, token?: string): Promise<Answer> =>
    rest(app.url, 'POST', `/api/auth/${path}`, { body, token });
  const register = (body: object, token?: string): Promise<Answer> =>
    post('register', { business: shop.slug, password: PASSWORD, ...body }, token);
  const login = (body: object): Promise<Answer> => post('login', { password: PASSWORD, ...body });
  const rowOf = async (id: string): Promise<object> => (await app.sql('SELECT * FROM "user" WHERE id = $1', [id]))[0] as object;

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url, 'Flower Power');
  });
  afterAll(() => app.close());

  describe('register', () => {
    it('makes a customer and lets it in', async () => {
      const { status, body } = await register({ email: mail(), name: 'Cleo', username: 'cleo' });
      expect(status).toBe(201);
      expect(body).toEqual({ user: { id: expect.stringMatching(UUID_V7), role: 'customer', name: 'Cleo', avatarUrl: null }, ...TOKENS });
      const me = await rest(app.url, 'GET', '/api/auth/me', { token: body.accessToken });
      expect(me.body).toEqual({ ...body.user, businessId: shop.id });
    });

    it.each(['agent', 'admin', 'guest'])('A1 nobody makes itself %s', async (role) => {
      const email = mail();
      const customer = await buildCustomer(app.url, shop);
      const agent = await buildAgent(app.url, shop);
      const stranger = await buildBusiness(app.url);
      for (const token of [undefined, customer.token, agent.token, stranger.admin.token]) {
        expect((await register({ email, role }, token)).body).toMatchObject({ status: 403, code: 'access.denied' });
      }
      expect(await app.sql('SELECT 1 FROM "user" WHERE email = $1', [email])).toEqual([]);
    });

    it('needs no credential, but one that is sent must be one', async () => {
      for (const [Authorization, code] of [
        ['Basic QTpC', 'auth.required'],
        ['Bearer garbage', 'auth.invalid_credentials'],
      ] as const) {
        const body = { business: shop.slug, email: mail(), password: PASSWORD };
        const answer = await rest(app.url, 'POST', '/api/auth/register', { body, headers: { Authorization } });
        expect([answer.status, answer.body.code]).toEqual([401, code]);
      }
    });

    it('A1 an admin makes people of its own business, and gets no tokens of theirs', async () => {
      const email = mail();
      const { status, body } = await register({ email, role: 'agent', name: 'Alex' }, shop.admin.token);
      expect(status).toBe(201);
      expect(Object.keys(body)).toEqual(['user']);
      expect(body.user).toMatchObject({
        role: 'agent',
        name: 'Alex',
        email,
        presence: 'offline',
        capacity: null,
        load: 0,
        disabled: false,
      });
      expect((await login({ email })).body.user.role).toBe('agent');
    });

    it.each(['businessId', 'isActive', 'emailVerified', 'id', 'verified', 'passwordHash'])('A1 the field %s is refused', async (field) => {
      const email = mail();
      const { body } = await register({ email, [field]: true });
      expect(body).toMatchObject({ status: 400, code: 'validation.failed', errors: [{ path: field, message: 'is not a known field' }] });
      expect(await app.sql('SELECT 1 FROM "user" WHERE email = $1', [email])).toEqual([]);
    });

    it('A10 one mailbox is one account, however it is written', async () => {
      const key = newKey();
      expect((await register({ email: `Jos\u00e9-${key}@Mail.example` })).status).toBe(201);
      const twins = [`jos\u00e9-${key}@mail.example`, ` JOSE\u0301-${key}@MAIL.example `, `\uff4aos\u00e9-${key}@mail.example`];
      for (const email of twins) expect((await register({ email })).body).toMatchObject({ status: 409, code: 'auth.email_taken' });
      for (const email of twins) expect((await login({ email })).status).toBe(200);
      // A Cyrillic o is another mailbox, and opens nothing of the first.
      expect((await login({ email: `j\u043es\u00e9-${key}@mail.example` })).status).toBe(401);
    });

    it('A10 what becomes no address by normalisation is refused', async () => {
      const { body } = await register({ email: `evil\uff20bank.example@mail.example` });
      expect(body).toMatchObject({ status: 400, code: 'validation.failed', errors: [{ path: 'email' }] });
    });

    it('A10 of many registrations of one address at the same time one wins', async () => {
      const email = mail();
      const answers = await Promise.all(Array.from({ length: 8 }, () => register({ email })));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
    });

    it('the same address may have an account in each business', async () => {
      const email = mail();
      const other = await buildBusiness(app.url);
      expect((await register({ email })).status).toBe(201);
      expect((await register({ email, business: other.id })).status).toBe(201);
    });

    it('an unknown business is business.not_found', async () => {
      for (const business of ['nobody', newKey()]) {
        expect((await register({ email: mail(), business })).body).toMatchObject({ status: 404, code: 'business.not_found' });
      }
    });
  });

  describe('passwords', () => {
    const email = 'mallory.meyer@mail.example';
    it.each([
      ['of seven characters', 'x7!kQz2'],
      ['of the most common', 'password123'],
      ['of the most common in capitals', 'SUNSHINE'],
      ['that is the own address', email],
      ['that is the own name', 'Mallory Meyer'],
      ['that is the name of the business', 'flower power'],
      ['that is the name of the business and a number', 'FlowerPower1'],
    ])('A7 one %s is weak', async (_, password) => {
      expect((await register({ email, name: 'Mallory Meyer', password })).body).toMatchObject({ status: 400, code: 'auth.password_weak' });
    });

    it('A7 the name of the business is weak on every way to a password', async () => {
      const weak = { status: 400, code: 'auth.password_weak' };
      const admin = { name: 'Ada', email: mail(), password: 'Flower Power' };
      expect((await rest(app.url, 'POST', '/api/businesses', { body: { name: 'Flower Power', admin } })).body).toMatchObject(weak);
      const agent = { name: 'Alex', email: mail(), role: 'agent', password: 'Flower Power' };
      expect((await rest(app.url, 'POST', '/api/agents', { token: shop.admin.token, body: agent })).body).toMatchObject(weak);
      const change = { currentPassword: PASSWORD, newPassword: 'Flower Power' };
      expect((await post('password', change, shop.admin.token)).body).toMatchObject(weak);
    });

    it('A7 up to 128 characters are taken, more are not, and a megabyte is not even read', async () => {
      for (const length of [64, 128])
        expect((await register({ email: mail(), password: 'aB3\u{1f600}'.repeat(length / 4) })).status).toBe(201);
      expect((await register({ email: mail(), password: 'aB3-'.repeat(32) + '!' })).body).toMatchObject({ code: 'validation.failed' });
      expect((await register({ email: mail(), password: 'aB3-'.repeat(262_144) })).body).toMatchObject({ code: 'payload.too_large' });
    });

    it.each([
      ['behind byte 72', 'k9'.repeat(40) + 'a', 'k9'.repeat(40) + 'b'],
      ['by a space behind', 'correct horse!', 'correct horse! '],
      ['by a space in front', 'correct horse!', ' correct horse!'],
      ['by an emoji', 'correct horse\u{1f600}', 'correct horse\u{1f601}'],
      ['by case', 'correct horse!', 'Correct horse!'],
    ])('A6 two that differ %s are different', async (_, password, other) => {
      const address = mail();
      expect((await register({ email: address, password })).status).toBe(201);
      expect((await login({ email: address, password: other })).body).toMatchObject({ status: 401, code: 'auth.invalid_credentials' });
      expect((await login({ email: address, password })).status).toBe(200);
    });

    it('A6 A45 one with a NUL inside is refused, not cut short', async () => {
      expect((await register({ email: mail(), password: 'correct\0horse' })).body).toMatchObject({
        status: 400,
        code: 'validation.failed',
      });
    });
  });

  describe('login', () => {
    const bare = ({ status, body, headers }: Answer): object => {
      const { requestId, ...rest } = body;
      expect(requestId).toMatch(UUID_V7);
      return { status, rest, headers: [...headers.keys()] };
    };

    it('A4 A17 answers the same for an unknown address, a wrong password, a disabled and a password-less person', async () => {
      const { email, id } = await buildAgent(app.url, shop);
      const guestMail = mail();
      await post('guest', { business: shop.slug, email: guestMail });
      const wrong = bare(await login({ email, password: 'not the password' }));
      expect(wrong).toMatchObject({ status: 401, rest: { code: 'auth.invalid_credentials', detail: 'E-mail or password is wrong' } });
      expect(bare(await login({ email: mail() }))).toEqual(wrong);
      expect(bare(await login({ email: guestMail }))).toEqual(wrong);
      await rest(app.url, 'DELETE', `/api/agents/${id}`, { token: shop.admin.token });
      expect(bare(await login({ email }))).toEqual(wrong);
    });

    it('works without a business if exactly one account matches', async () => {
      const email = mail();
      const other = await buildBusiness(app.url);
      await register({ email });
      const only = await login({ email: ` ${email.toUpperCase()}` });
      expect(only.status).toBe(200);
      expect(only.body).toEqual({ user: { id: expect.any(String), role: 'customer', name: null, avatarUrl: null }, ...TOKENS });
      await register({ email, business: other.slug });
      expect((await login({ email })).body).toMatchObject({ status: 401, code: 'auth.invalid_credentials' });
      expect((await login({ email, business: shop.id })).body.user.id).toBe(only.body.user.id);
      expect((await login({ email, business: other.slug })).status).toBe(200);
      expect((await login({ email, business: 'nobody' })).body).toMatchObject({ status: 404, code: 'business.not_found' });
      const third = await buildBusiness(app.url);
      expect((await login({ email, business: third.slug })).body).toMatchObject({ status: 401, code: 'auth.invalid_credentials' });
    });

    it.each([{ $ne: null }, ['a@b.example'], 7, null, true])('A43 %j is no address', async (email) => {
      expect((await login({ email })).body).toMatchObject({ status: 400, code: 'validation.failed', errors: [{ path: 'email' }] });
    });
  });

  describe('guest', () => {
    it('comes in without an account; what its page told is the context of its room', async () => {
      const [attributes, context] = [{ plan: 'gold', size: [1, { a: null }] }, { url: 'https://shop.example/cart' }];
      const { status, body } = await post('guest', { business: shop.id, name: 'Gwen', email: ' Gwen@Mail.Example ', attributes, context });
      expect(status).toBe(201);
      expect(body).toEqual({ user: { id: expect.stringMatching(UUID_V7), role: 'guest', name: 'Gwen', avatarUrl: null }, ...TOKENS });
      expect(await rowOf(body.user.id)).toMatchObject({ email: 'gwen@mail.example', attributes, context });
      const { room } = await buildRoom(app.url, shop, { id: body.user.id, token: body.accessToken, refreshToken: body.refreshToken });
      expect((await rest(app.url, 'GET', `/api/rooms/${room.id}`, { token: shop.admin.token })).body.context).toEqual(context);
    });

    it('needs nothing but a business that exists', async () => {
      expect((await post('guest', { business: shop.slug })).body.user).toMatchObject({ role: 'guest', name: null });
      expect((await post('guest', { business: 'nobody' })).body).toMatchObject({ status: 404, code: 'business.not_found' });
      expect((await post('guest', {})).body).toMatchObject({ status: 400, errors: [{ path: 'business' }] });
    });

    it('A99 may bring 8 KB of attributes and no more, in no other form than an object', async () => {
      expect((await post('guest', { business: shop.slug, attributes: { a: 'x'.repeat(8184) } })).status).toBe(201);
      for (const attributes of [{ a: 'x'.repeat(8185) }, [], 'x', null, { constructor: 1 }]) {
        expect((await post('guest', { business: shop.slug, attributes })).body).toMatchObject({ status: 400, code: 'validation.failed' });
      }
    });
  });

  describe('own profile', () => {
    it.each(['role', 'id', 'passwordHash', 'capacity', 'businessId', 'disabled', 'verified', 'attributes', 'load'])(
      'A2 %s cannot be changed',
      async (field) => {
        const guest = await buildGuest(app.url, shop);
        const before = await rowOf(guest.id);
        const { body } = await rest(app.url, 'PATCH', '/api/auth/me', { token: guest.token, body: { name: 'Eve', [field]: 'admin' } });
        expect(body).toMatchObject({ status: 400, code: 'validation.failed', errors: [{ path: field }] });
        expect(await rowOf(guest.id)).toEqual(before);
      },
    );

    it('changes name, user name, address and picture', async () => {
      const { token, id } = await buildAgent(app.url, shop);
      const email = mail();
      const changes = { name: 'Alexa', username: 'lex', email, avatarUrl: 'https://img.example/a.png' };
      const changed = await rest(app.url, 'PATCH', '/api/auth/me', { token, body: { ...changes, currentPassword: PASSWORD } });
      expect(changed.body).toMatchObject({ id, ...changes, role: 'agent', businessId: shop.id });
      expect((await rest(app.url, 'GET', '/api/auth/me', { token })).body).toEqual(changed.body);
      const cleared = await rest(app.url, 'PATCH', '/api/auth/me', { token, body: { username: null, avatarUrl: null } });
      expect(cleared.body).toMatchObject({ name: 'Alexa', email, username: null, avatarUrl: null });
      const taken = { email: shop.admin.email, currentPassword: PASSWORD };
      expect((await rest(app.url, 'PATCH', '/api/auth/me', { token, body: taken })).body.code).toBe('auth.email_taken');
    });

    it('sets another address only by the password, and it is not verified', async () => {
      const customer = await buildCustomer(app.url, shop);
      const change = (body: object): Promise<Answer> => rest(app.url, 'PATCH', '/api/auth/me', { token: customer.token, body });
      await app.sql('UPDATE "user" SET verified = true WHERE id = $1', [customer.id]);
      const before = await rowOf(customer.id);
      for (const currentPassword of [undefined, 'not the password']) {
        expect((await change({ name: 'Eve', email: mail(), currentPassword })).body).toMatchObject({
          status: 401,
          code: 'auth.invalid_credentials',
        });
      }
      expect(await rowOf(customer.id)).toEqual(before);
      // The same address in other letters is no other one.
      expect((await change({ name: 'Cleo C.', email: customer.email?.toUpperCase() })).status).toBe(200);
      expect(await rowOf(customer.id)).toMatchObject({ email: customer.email, verified: true });
      const email = mail();
      expect((await change({ email, currentPassword: PASSWORD })).status).toBe(200);
      expect(await rowOf(customer.id)).toMatchObject({ email, verified: false });
      expect([(await login({ email })).status, (await login({ email: customer.email })).status]).toEqual([200, 401]);
    });

    it.each(['javascript:alert(1)', 'data:text/html,x', '//evil.example', 'https://a b', 'x'])(
      'A39 %s is no picture',
      async (avatarUrl) => {
        const { token } = await buildGuest(app.url, shop);
        expect((await rest(app.url, 'PATCH', '/api/auth/me', { token, body: { avatarUrl } })).body.errors).toEqual([
          { path: 'avatarUrl', message: 'must be an http or https address' },
        ]);
      },
    );
  });

  describe('password change', () => {
    it('ends every session of the person and gives a new one', async () => {
      const { token, email, refreshToken } = await buildCustomer(app.url, shop);
      const change = (currentPassword: string, newPassword: string): Promise<Answer> =>
        post('password', { currentPassword, newPassword }, token);
      const newPassword = 'another horse battery';
      expect((await change('not the password', newPassword)).body).toMatchObject({ status: 401, code: 'auth.invalid_credentials' });
      expect((await change(PASSWORD, 'sunshine')).body).toMatchObject({ status: 400, code: 'auth.password_weak' });
      expect((await rest(app.url, 'GET', '/api/auth/me', { token })).status).toBe(200);
      const { status, body } = await change(PASSWORD, newPassword);
      expect(status).toBe(200);
      expect((await rest(app.url, 'GET', '/api/auth/me', { token: body.accessToken })).status).toBe(200);
      expect((await rest(app.url, 'GET', '/api/auth/me', { token })).body).toMatchObject({ status: 401, code: 'auth.session_ended' });
      expect((await post('refresh', { refreshToken })).body).toMatchObject({ status: 401, code: 'auth.session_ended' });
      expect((await login({ email })).status).toBe(401);
      expect((await login({ email, password: newPassword })).status).toBe(200);
    });

    it('is nothing for a guest', async () => {
      const { token } = await buildGuest(app.url, shop);
      expect((await post('password', {}, token)).body).toMatchObject({ status: 403, code: 'access.denied' });
    });
  });

  it('A56 the log of all this holds no token and no password', () => {
    expect(app.log.length).toBeGreaterThan(50);
    expect(secretsIn(app.log, 'not the password', 'correct horse', 'another horse', 'sunshine')).toEqual([]);
  });
});
