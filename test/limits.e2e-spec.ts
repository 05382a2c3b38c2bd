import { startApp, type TestApp } from './support/app.js';
import {
  buildBusiness,
  buildCustomer,
  buildGuest,
  buildRoom,
  newKey,
  PASSWORD,
  say,
  secretsIn,
  until,
  type Person,
  type Tenant,
} from './support/factories.js';
import { rest, type Answer } from './support/rest.js';
import { closeSockets, connect, refusedHandshake, type TestSocket } from './support/socket.js';

const times = async <T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> => {
  const answers: T[] = [];
  for (let i = 0; i < count; i++) answers.push(await call(i));
  return answers;
};
const codes = (answers: Answer[]): (string | number)[] => answers.map(({ status, body }) => body?.code ?? status);
const expectLimited = ({ status, body, headers }: Answer): void => {
  expect(body).toMatchObject({ status: 429, code: 'rate.limited', retryable: true, details: { retryAfterMs: expect.any(Number) } });
  expect(status).toBe(429);
  expect(body.details.retryAfterMs).toBeGreaterThan(0);
  const seconds = String(Math.ceil(body.details.retryAfterMs / 1000));
  expect(headers.get('retry-after')).toBe(seconds);
  const left = ['limit', 'remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${name}`));
  expect(left).toEqual([expect.stringMatching(/^\d+$/), '0', seconds]);
};

describe('rate limits', () => {
  let app: TestApp;
  let shop: Tenant;

  const forged = (i: number): Record<string, string> => ({
    'X-Forwarded-For': `203.0.113.${i}`,
    'X-Real-IP': `203.0.113.${i}`,
    Forwarded: `for=203.0.113.${i}`,
  });
  const post = (path: string, body: unknown, headers?: Record<string, string>, token?: string): Promise<Answer> =>
    rest(app.url, 'POST', path, { body, headers, token });

  beforeEach(async () => {
    app = await startApp({ RATE_LIMIT_FACTOR: '1' });
    shop = await buildBusiness(app.url);
  });
  afterEach(async () => {
    closeSockets();
    await app.close();
  });

  it('A53 an address without a credential has 60 calls a minute, whatever it says it is', async () => {
    const began = Date.now();
    let calls = 0;
    let answer: Answer;
    do answer = await rest(app.url, 'GET', `/api/businesses/${shop.slug}`, { headers: forged(++calls % 250) });
    while (answer.status === 200);
    expectLimited(answer);
    // One call comes back each second.
    expect(calls - 1).toBeGreaterThanOrEqual(60);
    expect(calls - 1).toBeLessThanOrEqual(60 + Math.ceil((Date.now() - began) / 1000));
    // Another bucket, and another person.
    expect((await rest(app.url, 'GET', '/health')).status).toBe(200);
    expect((await rest(app.url, 'GET', '/api/auth/me', { token: shop.admin.token })).status).toBe(200);
  });

  it('A8 A53 one address tries 20 logins a minute, over however many accounts', async () => {
    const answers = await times(21, (i) => post('/api/auth/login', { email: `${newKey()}@mail.example`, password: PASSWORD }, forged(i)));
    expect(codes(answers)).toEqual([...Array<string>(20).fill('auth.invalid_credentials'), 'rate.limited']);
    expectLimited(answers[20] as Answer);
  });

  it('A99 one address makes 10 guests a minute and 5 accounts an hour', async () => {
    const guests = await times(11, () => post('/api/auth/guest', { business: shop.slug }));
    expect(codes(guests)).toEqual([...Array<number>(10).fill(201), 'rate.limited']);
    expectLimited(guests[10] as Answer);
    // The business was the first of the five.
    const accounts = await times(5, () =>
      post('/api/auth/register', { business: shop.slug, email: `${newKey()}@mail.example`, password: PASSWORD }),
    );
    expect(codes(accounts)).toEqual([201, 201, 201, 201, 'rate.limited']);
    expectLimited(accounts[4] as Answer);
    expect(accounts[4]?.body.details.retryAfterMs).toBeGreaterThan(600_000);
  });

  it('a limit comes after the credential and the role, and before the shape', async () => {
    const customer = await buildCustomer(app.url, shop);
    const guest = await buildGuest(app.url, shop);
    await times(4, () => post('/api/auth/register', '{'));
    expect(codes([await post('/api/auth/register', '{')])).toEqual(['rate.limited']);
    expect(codes([await post('/api/auth/register', '{', {}, 'garbage')])).toEqual(['auth.invalid_credentials']);
    expect(codes([await post('/api/nothing', '{')])).toEqual(['route.not_found']);
    const change = (token: string): Promise<Answer> => post('/api/auth/password', '{', {}, token);
    expect(codes(await times(21, () => change(customer.token)))).toEqual([...Array<string>(20).fill('validation.failed'), 'rate.limited']);
    expect(new Set(codes(await times(25, () => change(guest.token))))).toEqual(new Set(['access.denied']));
  });

  it('a person has 300 calls a minute over both doors together', async () => {
    const guest = await buildGuest(app.url, shop);
    const socket = await connect(app.url, guest.token);
    const since = Date.now();
    const overRest = codes(
      await Promise.all(Array.from({ length: 250 }, () => rest(app.url, 'GET', '/api/rooms', { token: guest.token }))),
    );
    const overSocket = await Promise.all(Array.from({ length: 250 }, () => socket.ask('room.list', {})));
    const refilled = Math.ceil((Date.now() - since) / 200);
    expect(overRest).toEqual(Array(250).fill(200));
    const good = overSocket.filter(({ ok }) => ok).length;
    expect(good).toBeGreaterThanOrEqual(49);
    expect(good).toBeLessThanOrEqual(50 + refilled);
    const [refused] = overSocket.filter(({ ok }) => !ok);
    expect(refused).toMatchObject({ error: { code: 'rate.limited', retryable: true, details: { retryAfterMs: expect.any(Number) } } });
  });

  it('A89 an address has so many sockets, and is told when it has them', async () => {
    const people = await times(3, () => buildGuest(app.url, shop));
    const tight = await startApp({ RATE_LIMIT_FACTOR: '0.02' }, app.databaseUrl);
    try {
      for (const { token } of people.slice(1)) await connect(tight.url, token);
      const { data } = await refusedHandshake(tight.url, { token: people[0]?.token });
      expect(data).toMatchObject({ code: 'rate.limited', retryable: true, details: { retryAfterMs: 60_000 } });
    } finally {
      await tight.close();
    }
  });

  it('A87 sends have a burst of 10, and are refused at both doors alike', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    const body = (): object => ({ clientMessageId: newKey(), body: 'Hi' });
    const sent = await times(11, () => post(`/api/rooms/${room.id}/messages`, body(), {}, guest.token));
    expect(codes(sent)).toEqual([...Array<number>(10).fill(201), 'rate.limited']);
    expectLimited(sent[10] as Answer);
    expect(sent.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual([
      '9',
      '8',
      '7',
      '6',
      '5',
      '4',
      '3',
      '2',
      '1',
      '0',
      '0',
    ]);
    const socket = await connect(app.url, guest.token);
    expect(await socket.refused('message.send', { roomId: room.id, ...body() })).toMatchObject({ code: 'rate.limited', retryable: true });
  });
});

describe('rate limits behind a proxy', () => {
  let app: TestApp;
  let shop: Tenant;
  const from = (ip: string): Record<string, string> => ({ 'X-Forwarded-For': ip });
  const login = (email: string | undefined, password: string, ip: string): Promise<Answer> =>
    rest(app.url, 'POST', '/api/auth/login', { body: { email, password }, headers: from(ip) });

  beforeAll(async () => {
    app = await startApp({ RATE_LIMIT_FACTOR: '1', TRUST_PROXY: '1' });
    shop = await buildBusiness(app.url);
  });
  afterAll(() => app.close());

  it('A8 50 tries on one account from 50 addresses: five are heard, and they lock nobody out', async () => {
    const [victim, other] = [await buildCustomer(app.url, shop), await buildCustomer(app.url, shop)];
    const home = '198.51.100.7';
    expect((await login(victim.email, PASSWORD, home)).status).toBe(200);
    const tries = await times(50, (i) => login(i % 2 ? victim.email : ` ${victim.email?.toUpperCase()} `, `wrong ${i}`, `203.0.113.${i}`));
    // One try was the login from home, which was not known then.
    expect(codes(tries).filter((code) => code === 'auth.invalid_credentials').length).toBeLessThanOrEqual(5);
    expect(new Set(codes(tries))).toEqual(new Set(['auth.invalid_credentials', 'rate.limited']));
    expectLimited(tries[49] as Answer);
    // The right password does not help from an address that was never seen.
    expectLimited(await login(victim.email, PASSWORD, '192.0.2.1'));
    expect((await login(victim.email, PASSWORD, home)).status).toBe(200);
    expect((await login(other.email, PASSWORD, '192.0.2.2')).status).toBe(200);
    // Nor has home tries without end.
    const atHome = await times(6, () => login(victim.email, 'wrong', home));
    expect(codes(atHome).at(-1)).toBe('rate.limited');
  });

  it('A53 only what the proxy itself appended counts', async () => {
    const me = await buildCustomer(app.url, shop);
    const { body } = await login(me.email, PASSWORD, '10.0.0.1, 198.51.100.9');
    const current = await rest(app.url, 'GET', '/api/auth/sessions/current', { token: body.accessToken });
    expect(current.body.ip).toBe('198.51.100.9');
    const fixed = await times(21, (i) => login(`${newKey()}@mail.example`, PASSWORD, `10.0.0.${i}, 198.51.100.10`));
    expect(codes(fixed).at(-1)).toBe('rate.limited');
  });

  describe('A53 all addresses of an IPv6 network', () => {
    let me: Person;

    beforeAll(async () => {
      me = await buildCustomer(app.url, shop);
    });
    afterEach(closeSockets);

    it('are one at REST, and are shown as they are', async () => {
      const { body } = await login(me.email, PASSWORD, '2001:db8:0:1::1');
      const current = await rest(app.url, 'GET', '/api/auth/sessions/current', { token: body.accessToken });
      expect(current.body.ip).toBe('2001:db8:0:1::1');
      const noted = await rest(app.url, 'GET', `/api/audit?targetId=${me.id}&limit=1`, { token: shop.admin.token });
      expect(noted.body.items[0].ip).toBe('2001:db8:0:1::1');
      const others = await times(20, (i) => login(`${newKey()}@mail.example`, PASSWORD, `2001:db8:0:1:${i}:${i}::${i}`));
      expect(codes(others)).toEqual([...Array<string>(19).fill('auth.invalid_credentials'), 'rate.limited']);
      expect((await login(me.email, PASSWORD, '2001:db8:0:2::1')).status).toBe(200);
    });

    it('are one at sockets, and the sockets that go make room', async () => {
      const [guest, other] = [await buildGuest(app.url, shop), await buildGuest(app.url, shop)];
      const tight = await startApp({ RATE_LIMIT_FACTOR: '0.02', TRUST_PROXY: '1' }, app.databaseUrl);
      const dial = (ip: string): Promise<TestSocket> => connect(tight.url, guest.token, { extraHeaders: from(ip) });
      try {
        const first = await connect(tight.url, other.token, { extraHeaders: from('2001:db8:0:1::1') });
        // Somebody else's, since a person has one at this factor.
        await dial('2001:db8:0:1::2');
        const { data } = await refusedHandshake(tight.url, { token: guest.token }, { extraHeaders: from('2001:DB8::1:f:0:0:3') });
        expect(data?.code).toBe('rate.limited');
        first.close();
        await until(
          () =>
            dial('2001:db8:0:1::4').then(
              () => true,
              () => false,
            ),
          (isIn) => isIn,
        );
        expect(await dial('2001:db8:0:2::1')).toBeDefined();
      } finally {
        await tight.close();
      }
    });

    it('are one for the tries of somebody who signed in from there', async () => {
      const [home, mapped] = ['198.51.100.77', '::ffff:198.51.100.77'];
      for (const ip of [home, mapped]) expect((await login(me.email, PASSWORD, ip)).status).toBe(200);
      const tries = await times(10, (i) => login(me.email, 'wrong', i % 2 ? home : mapped));
      expect(codes(tries).filter((code) => code === 'auth.invalid_credentials').length).toBeLessThanOrEqual(5);
    });
  });
});

describe('A56 A100 what is told when things go wrong', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ LOG_LEVEL: 'trace' });
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  it('the log holds no token, password, address or message, and an internal error tells nothing but its number', async () => {
    const shop = await buildBusiness(app.url);
    const { room, guest } = await buildRoom(app.url, shop);
    const secrets = {
      body: `secret-${newKey()}`,
      password: `secret-${newKey()}`,
      email: `secret-${newKey()}@mail.example`,
      cookie: `secret-${newKey()}`,
    };
    const post = (path: string, body: unknown, token?: string, query = ''): Promise<Answer> =>
      rest(app.url, 'POST', path + query, { body, token, headers: { Cookie: `session=${secrets.cookie}` } });
    const register = (): Promise<Answer> =>
      post('/api/auth/register', { business: shop.slug, email: secrets.email, password: secrets.password });
    const send = (): Promise<Answer> =>
      post(`/api/rooms/${room.id}/messages`, { clientMessageId: newKey(), body: secrets.body }, guest.token);
    const people = [(await register()).body, (await post('/api/auth/login', { email: secrets.email, password: secrets.password })).body];
    expect(
      codes([await register(), await send(), await post('/api/auth/login', { email: secrets.email, password: `${secrets.password}x` })]),
    ).toEqual(['auth.email_taken', 201, 'auth.invalid_credentials']);
    await say(app.url, guest, room.id, secrets.body);
    const refreshed = (await post('/api/auth/refresh', { refreshToken: people[0].refreshToken })).body;
    await post('/api/auth/refresh', { refreshToken: people[0].refreshToken });
    await post('/api/auth/login', `{"password":"${secrets.password}",`);
    await post(
      '/api/auth/login',
      { password: { nested: secrets.password } },
      undefined,
      `?token=${guest.token}&password=${secrets.password}`,
    );
    // A19: not even beside a good one, and not into the log.
    const refused = await refusedHandshake(app.url, { token: guest.token }, { query: { token: people[1].accessToken } });
    expect(refused.data?.code).toBe('auth.invalid_credentials');
    const socket = await connect(app.url, guest.token);
    await socket.call('message.send', { roomId: room.id, clientMessageId: newKey(), body: secrets.body });
    await socket.ask(secrets.body, { body: secrets.body });
    await socket.ask('auth.refresh', { token: people[1].accessToken });

    const nothing = (requestId: unknown): object => ({
      type: 'urn:parley:error:internal',
      title: 'Internal error',
      status: 500,
      detail: 'Internal error',
      code: 'internal',
      retryable: false,
      requestId,
    });
    for (const [table, act] of [
      ['message', send],
      ['refresh_token', () => post('/api/auth/login', { email: secrets.email, password: secrets.password })],
      ['"user"', () => post('/api/auth/guest', { business: shop.slug, name: secrets.body, email: secrets.email })],
    ] as const) {
      await app.sql(`ALTER TABLE ${table} RENAME TO gone`);
      const { status, body, headers } = await act();
      await app.sql(`ALTER TABLE gone RENAME TO ${table}`);
      expect([table, status]).toEqual([table, 500]);
      expect(body).toEqual(nothing(headers.get('x-request-id')));
      expect(app.log.some((line) => line.includes(body.requestId) && line.includes('does not exist'))).toBe(true);
    }
    expect((await send()).status).toBe(201);
    const error = { code: 'internal', message: 'Internal error', retryable: false, requestId: expect.any(String) };
    for (const [table, act] of [
      ['message', () => socket.refused('message.list', { roomId: room.id })],
      ['session', async () => (await refusedHandshake(app.url, { token: guest.token })).data],
    ] as const) {
      await app.sql(`ALTER TABLE ${table} RENAME TO gone`);
      const told = await act();
      await app.sql(`ALTER TABLE gone RENAME TO ${table}`);
      expect([table, told]).toEqual([table, error]);
    }

    const tokens = [...people, refreshed].flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken]) as string[];
    const all = [...Object.values(secrets), ...tokens, guest.token, guest.refreshToken, shop.admin.token];
    expect(all.every((secret) => typeof secret === 'string' && secret.length > 20)).toBe(true);
    expect(app.log.length).toBeGreaterThan(20);
    expect(secretsIn(app.log, ...all)).toEqual([]);
  });

  it('a name in a log line starts no line of its own', async () => {
    const before = app.log.length;
    await rest(app.url, 'GET', '/api/businesses/a%0d%0a%7b%22level%22%3a60%7d%1b[31m');
    const lines = app.log.slice(before);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(line.trimEnd()).not.toMatch(/[\r\n\u001b]/);
      expect(() => JSON.parse(line) as unknown).not.toThrow();
    }
  });
});
