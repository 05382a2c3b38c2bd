import { generateKeyPairSync } from 'node:crypto';
import { io } from 'socket.io-client';
import { startApp, type TestApp } from './support/app.js';
import {
  buildAgent,
  buildBusiness,
  buildGuest,
  forgeToken,
  newKey,
  readToken,
  secretsIn,
  type Person,
  type Tenant,
} from './support/factories.js';
import { rest, type Answer } from './support/rest.js';
import { closeSockets, connect, refusedHandshake } from './support/socket.js';

const SITE = 'https://shop.example';
const now = (): number => Math.floor(Date.now() / 1000);
const ERROR = { message: expect.any(String), retryable: false, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) };

describe('handshake', () => {
  let app: TestApp;
  let shop: Tenant;
  let guest: Person;

  /** The process is there, and lets the right ones in. */
  const expectAlive = async (): Promise<void> => {
    const socket = await connect(app.url, guest.token);
    expect(await socket.call('presence.heartbeat')).toMatchObject({ userId: guest.id });
    socket.close();
  };
  const me = (token?: string, query = '', headers = {}): Promise<Answer> =>
    rest(app.url, 'GET', `/api/auth/me${query}`, { token, headers });

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
    guest = await buildGuest(app.url, shop);
  });
  afterEach(async () => {
    await expectAlive();
    closeSockets();
  });
  afterAll(() => app.close());

  describe('T3 A20 what is no token is refused', () => {
    it.each<[string, unknown, string]>([
      ['nothing', {}, 'auth.required'],
      ['null', { token: null }, 'auth.required'],
      ['an empty string', { token: '' }, 'auth.required'],
      ['a blank', { token: '  ' }, 'auth.required'],
      ['an object', { token: {} }, 'auth.invalid_credentials'],
      ['a list', { token: [] }, 'auth.invalid_credentials'],
      ['a number', { token: 7 }, 'auth.invalid_credentials'],
      ['true', { token: true }, 'auth.invalid_credentials'],
      ['garbage', { token: 'garbage' }, 'auth.invalid_credentials'],
      ['three parts of garbage', { token: 'a.b.c' }, 'auth.invalid_credentials'],
      ['50 KB', { token: 'x'.repeat(50_000) }, 'auth.invalid_credentials'],
      ['an object with methods', { token: { toString: 'x', length: 5, then: 1 } }, 'auth.invalid_credentials'],
      ['a NUL', { token: '\0' }, 'auth.invalid_credentials'],
      ['a declared identity (A3)', { userId: newKey(), role: 'admin' }, 'auth.required'],
    ])('%s', async (_, auth, code) => {
      for (const transports of [['websocket'], ['polling']]) {
        const { data } = await refusedHandshake(app.url, auth, { transports });
        expect(data).toEqual({ ...ERROR, code });
      }
    });

    it('a megabyte is not even read', async () => {
      const socket = io(app.url, { auth: { token: 'x'.repeat(1 << 20) }, forceNew: true, reconnection: false, transports: ['websocket'] });
      const ended = await new Promise((done) => {
        socket.once('connect', () => done('connected'));
        socket.once('connect_error', () => done('refused'));
        socket.once('disconnect', () => done('refused'));
      });
      expect(ended).toBe('refused');
    });
  });

  describe('A11 A12 A17 a token of another make is refused at both doors', () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = (token: string, header: object): string => `${part(header)}.${part(readToken(token))}.`;

    it.each<[string, (token: string, refreshToken: string) => string, string?]>([
      ['alg none', (token) => unsigned(token, { alg: 'none', typ: 'JWT' })],
      ['alg NoNe', (token) => unsigned(token, { alg: 'NoNe' })],
      ['alg none over the right signature', (token) => unsigned(token, { alg: 'none' }) + (token.split('.')[2] as string)],
      ['no signature', (token) => `${token.split('.').slice(0, 2).join('.')}.`],
      ['a cut signature', (token) => token.slice(0, -2)],
      [
        'another person under the old signature',
        (token) => [token.split('.')[0], part({ ...readToken(token), sub: newKey() }), token.split('.')[2]].join('.'),
      ],
      ['another secret', (token) => forgeToken(token, {}, { secret: 'another secret of thirty-two char' })],
      ['an empty secret', (token) => forgeToken(token, {}, { secret: '' })],
      ['another algorithm with the right secret', (token) => forgeToken(token, {}, { header: { alg: 'HS512' }, hash: 'sha512' })],
      ['a public key as the secret', (token) => forgeToken(token, {}, { secret: publicKey })],
      [
        'a key of its own',
        (token) =>
          forgeToken(
            token,
            {},
            { header: { jwk: { kty: 'oct', k: 'AAAA' }, kid: '../../dev/null', jku: 'http://127.0.0.1:1/' }, secret: privateKey },
          ),
      ],
      ['another issuer', (token) => forgeToken(token, { iss: 'other' })],
      ['no issuer', (token) => forgeToken(token, { iss: undefined })],
      ['another audience', (token) => forgeToken(token, { aud: 'other' })],
      ['no audience', (token) => forgeToken(token, { aud: undefined })],
      ['another type', (token) => forgeToken(token, { typ: 'refresh' })],
      ['no type', (token) => forgeToken(token, { typ: undefined })],
      ['nbf in the future', (token) => forgeToken(token, { nbf: now() + 3600 })],
      ['another business', (token) => forgeToken(token, { bid: newKey() })],
      ['another person', (token) => forgeToken(token, { sub: newKey() })],
      ['another session', (token) => forgeToken(token, { sid: newKey() })],
      ['ids that are none', (token) => forgeToken(token, { sub: 'x', sid: { a: 1 } })],
      ['no claims', (token) => forgeToken(token, { sub: undefined, sid: undefined, bid: undefined })],
      ['a refresh token', (_, refreshToken) => refreshToken],
      ['exp in the past', (token) => forgeToken(token, { exp: now() - 1 }), 'auth.token_expired'],
      ['no exp', (token) => forgeToken(token, { exp: undefined })],
    ])('%s', async (_, forge, code = 'auth.invalid_credentials') => {
      const forged = forge(guest.token, guest.refreshToken);
      expect((await me(forged)).body).toMatchObject({ status: 401, code });
      expect((await refusedHandshake(app.url, { token: forged })).data).toEqual({ ...ERROR, code });
    });

    it('while one signed by hand in the right way is taken, whatever kid it names', async () => {
      const token = forgeToken(guest.token, {}, { header: { kid: '../x', jku: 'http://127.0.0.1:1/' } });
      expect((await me(token)).status).toBe(200);
      await connect(app.url, token);
    });

    it('A18 a disabled person gets the same at both doors', async () => {
      const { id, token } = await buildAgent(app.url, shop);
      await app.sql('UPDATE "user" SET disabled = true WHERE id = $1', [id]);
      expect((await me(token)).body).toMatchObject({ status: 401, code: 'auth.session_ended' });
      expect((await refusedHandshake(app.url, { token })).data).toMatchObject({ code: 'auth.session_ended' });
    });
  });

  describe('A19 a token in the query string', () => {
    it('is no credential at either door', async () => {
      const { token } = guest;
      for (const name of ['token', 'access_token', 'auth_token', 'jwt', 'authorization', 'auth']) {
        expect((await me(undefined, `?${name}=${token}`)).body).toMatchObject({ status: 401, code: 'auth.required' });
        const { data } = await refusedHandshake(app.url, {}, { query: { [name]: token } });
        expect(data).toMatchObject({ code: 'auth.required' });
      }
      expect((await me(token, `?token=${token}`)).body).toMatchObject({ status: 400, code: 'validation.failed' });
    });

    it('nor are a cookie, another scheme, a header of the handshake', async () => {
      const { token } = guest;
      for (const headers of [
        { Cookie: `token=${token}; jwt=${token}` },
        { Authorization: `Basic ${token}` },
        { Authorization: token },
        { 'X-Access-Token': token },
      ]) {
        expect((await me(undefined, '', headers)).body).toMatchObject({ status: 401, code: 'auth.required' });
      }
      const { data } = await refusedHandshake(
        app.url,
        {},
        { extraHeaders: { Authorization: `Bearer ${token}`, Cookie: `token=${token}` } },
      );
      expect(data).toMatchObject({ code: 'auth.required' });
    });
  });

  describe('T9 A81 pages', () => {
    const denied = { ...ERROR, code: 'origin.denied' };

    it.each(['websocket', 'polling'] as const)('of a foreign origin are refused over %s, whatever their token', async (transport) => {
      for (const Origin of ['https://evil.example', 'null', `${SITE}.evil.example`, 'http://localhost:3001', 'garbage']) {
        for (const auth of [{ token: guest.token }, {}]) {
          const { data } = await refusedHandshake(app.url, auth, { transports: [transport], extraHeaders: { Origin } });
          expect([Origin, data]).toEqual([Origin, denied]);
        }
      }
    });

    it.each(['websocket', 'polling'] as const)(
      'of an allowed site may speak for people of that business over %s, and of no other',
      async (transport) => {
        const open = await buildBusiness(app.url);
        const body = { settings: { allowedOrigins: [SITE] } };
        await rest(app.url, 'PATCH', '/api/business', { token: open.admin.token, body });
        const options = { transports: [transport], extraHeaders: { Origin: SITE } };
        const socket = await connect(app.url, (await buildGuest(app.url, open)).token, options);
        await socket.call('presence.heartbeat');
        expect((await refusedHandshake(app.url, { token: guest.token }, options)).data).toEqual(denied);
      },
    );

    it('of the own origin may, and whoever is no page', async () => {
      for (const Origin of ['http://localhost:0', 'http://127.0.0.1:0']) await connect(app.url, guest.token, { extraHeaders: { Origin } });
      await connect(app.url, guest.token);
    });
  });

  it('A56 the log of all this holds no token', () => {
    expect(secretsIn(app.log, guest.token, guest.refreshToken)).toEqual([]);
  });
});
