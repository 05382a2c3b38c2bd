import { startApp, type TestApp } from './support/app.js';
import {
  buildAgent,
  buildBusiness,
  buildCustomer,
  buildGuest,
  newKey,
  PASSWORD,
  readToken,
  secretsIn,
  type Person,
  type Tenant,
} from './support/factories.js';
import { rest, type Answer } from './support/rest.js';
import { closeSockets, connect, type TestSocket } from './support/socket.js';

const CUT_MS = 2_000;

describe('sessions', () => {
  let app: TestApp;
  let shop: Tenant;

  const call = (method: string, path: string, token?: string, body?: unknown): Promise<Answer> =>
    rest(app.url, method, `/api/auth/${path}`, { token, body });
  const refresh = (refreshToken: string, attemptId?: string): Promise<Answer> =>
    call('POST', 'refresh', undefined, { refreshToken, ...(attemptId !== undefined && { attemptId }) });
  const me = async (token: string): Promise<string | number> => {
    const { status, body } = await call('GET', 'me', token);
    return body.code ?? status;
  };
  const sessionOf = (token: string): string => readToken(token).sid as string;
  /** The socket is told why, is cut, and hears nothing behind it, all of it at most 2 s after now. */
  const expectCut = async (socket: TestSocket, reason: string): Promise<void> => {
    const since = Date.now();
    expect(await socket.waitFor('session.ended', undefined, CUT_MS)).toEqual({ reason });
    await socket.disconnected;
    expect(Date.now() - since).toBeLessThan(CUT_MS);
    expect(socket.heard.at(-1)?.event).toBe('session.ended');
  };

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  describe('refresh', () => {
    it('gives new tokens of the same session, once', async () => {
      const { token, refreshToken, id } = await buildCustomer(app.url, shop);
      const { status, body } = await refresh(refreshToken);
      expect(status).toBe(200);
      expect(body).toEqual({ accessToken: expect.any(String), refreshToken: expect.any(String), tokenType: 'Bearer', expiresIn: 900 });
      expect(body.refreshToken).not.toBe(refreshToken);
      expect(readToken(body.accessToken)).toMatchObject({ sub: id, sid: sessionOf(token), bid: shop.id, typ: 'access' });
      // The role is no claim: it is asked of the database each time.
      expect(readToken(body.accessToken)).not.toHaveProperty('role');
      expect([await me(token), await me(body.accessToken)]).toEqual([200, 200]);
    });

    it('A13 reuse ends the session, whichever of its tokens comes again', async () => {
      for (const round of [0, 1]) {
        const { token, refreshToken } = await buildGuest(app.url, shop);
        const second = (await refresh(refreshToken)).body;
        const third = (await refresh(second.refreshToken)).body;
        const reused = round === 0 ? refreshToken : second.refreshToken;
        expect((await refresh(reused)).body).toMatchObject({ status: 401, code: 'auth.token_reused' });
        for (const one of [token, second.accessToken, third.accessToken]) expect(await me(one)).toBe('auth.session_ended');
        expect((await refresh(third.refreshToken)).body).toMatchObject({ status: 401, code: 'auth.session_ended' });
        expect((await refresh(reused)).body).toMatchObject({ status: 401, code: 'auth.token_reused' });
      }
    });

    it('a lost answer is asked for again by the name of the attempt, until something of it was used', async () => {
      const { token, refreshToken } = await buildGuest(app.url, shop);
      const attemptId = newKey();
      const lost = (await refresh(refreshToken, attemptId)).body;
      const [again, third] = [(await refresh(refreshToken, attemptId)).body, (await refresh(refreshToken, attemptId)).body];
      expect(await me(third.accessToken)).toBe(200);
      const next = await refresh(third.refreshToken, newKey());
      expect(next.status).toBe(200);
      // It has gone on: whoever asks for the first trade now is somebody else.
      expect((await refresh(refreshToken, attemptId)).body.code).toBe('auth.token_reused');
      expect(await me(token)).toBe('auth.session_ended');
      for (const { refreshToken: dead } of [lost, again, next.body]) expect((await refresh(dead)).status).toBe(401);
    });

    it('A13 the name of another attempt, or one whose answer came, opens nothing', async () => {
      const { refreshToken } = await buildGuest(app.url, shop);
      await refresh(refreshToken, newKey());
      expect((await refresh(refreshToken, newKey())).body.code).toBe('auth.token_reused');
      const { refreshToken: other } = await buildGuest(app.url, shop);
      const attemptId = newKey();
      const lost = (await refresh(other, attemptId)).body;
      await refresh(other, attemptId);
      expect((await refresh(lost.refreshToken, attemptId)).body.code).toBe('auth.token_reused');
      expect((await refresh(other, 'no id')).body.code).toBe('validation.failed');
    });

    it('A14 of several in one attempt all get tokens, of which the last ones are good', async () => {
      const { refreshToken } = await buildGuest(app.url, shop);
      const attemptId = newKey();
      const answers = await Promise.all(Array.from({ length: 4 }, () => refresh(refreshToken, attemptId)));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      const tokens = await app.sql<{ free: number }>(
        'SELECT count(*)::integer AS free FROM refresh_token WHERE used_at IS NULL AND session_id = $1',
        [sessionOf(answers[0]?.body.accessToken)],
      );
      expect(tokens).toEqual([{ free: 1 }]);
    });

    it('A14 of several at the same time one wins, and the session ends all the same', async () => {
      for (let round = 0; round < 5; round++) {
        const { refreshToken } = await buildGuest(app.url, shop);
        const answers = await Promise.all(Array.from({ length: 4 }, () => refresh(refreshToken)));
        expect(answers.map(({ status, body }) => body.code ?? status).sort()).toEqual([
          200,
          'auth.token_reused',
          'auth.token_reused',
          'auth.token_reused',
        ]);
        const winner = answers.find(({ status }) => status === 200)?.body;
        expect(await me(winner.accessToken)).toBe('auth.session_ended');
        expect((await refresh(winner.refreshToken)).body.code).toBe('auth.session_ended');
      }
    });

    it('A13 an expired one is auth.token_expired', async () => {
      const { token, refreshToken } = await buildGuest(app.url, shop);
      await app.sql("UPDATE session SET expires_at = now() - interval '1 second' WHERE id = $1", [sessionOf(token)]);
      expect((await refresh(refreshToken)).body).toMatchObject({ status: 401, code: 'auth.token_expired' });
      expect(await me(token)).toBe('auth.token_expired');
    });

    it('a session lives 14 days idle, a guest 30, none longer than 60', async () => {
      const days = async (token: string): Promise<number> => {
        const [row] = await app.sql<{ days: number }>(
          'SELECT extract(epoch FROM expires_at - now())::float / 86400 AS days FROM session WHERE id = $1',
          [sessionOf(token)],
        );
        return row?.days as number;
      };
      const [customer, guest] = [await buildCustomer(app.url, shop), await buildGuest(app.url, shop)];
      expect(await days(customer.token)).toBeCloseTo(14, 1);
      expect(await days(guest.token)).toBeCloseTo(30, 1);
      await app.sql("UPDATE session SET created_at = now() - interval '50 days' WHERE id = ANY ($1)", [
        [sessionOf(customer.token), sessionOf(guest.token)],
      ]);
      await refresh(customer.refreshToken);
      await refresh(guest.refreshToken);
      expect(await days(customer.token)).toBeCloseTo(10, 1);
      expect(await days(guest.token)).toBeCloseTo(10, 1);
    });

    it('A12 A17 an access token, garbage and nothing are no refresh tokens', async () => {
      const { token } = await buildGuest(app.url, shop);
      for (const one of [token, 'garbage', '']) {
        expect((await refresh(one)).body).toMatchObject({ status: 401, code: 'auth.invalid_credentials' });
      }
      for (const one of [null, 7, {}, 'x'.repeat(4097)]) {
        expect((await call('POST', 'refresh', undefined, { refreshToken: one })).body).toMatchObject({ code: 'validation.failed' });
      }
      expect(await me(token)).toBe(200);
    });

    it('tokens are kept as hashes only', async () => {
      const { token, refreshToken } = await buildGuest(app.url, shop);
      const rows = await app.sql('SELECT * FROM refresh_token WHERE session_id = $1', [sessionOf(token)]);
      expect(rows).toHaveLength(1);
      expect(JSON.stringify(rows)).not.toContain(refreshToken);
    });
  });

  describe('list', () => {
    const login = async ({ email }: Person): Promise<Answer> =>
      rest(app.url, 'POST', '/api/auth/login', { body: { email, password: PASSWORD }, headers: { 'User-Agent': 'Phone/1.0' } });

    it('shows the own open sessions, the newest first, in pages', async () => {
      const customer = await buildCustomer(app.url, shop);
      const tokens = [customer.token];
      for (let i = 0; i < 4; i++) tokens.unshift((await login(customer)).body.accessToken);
      const list = async (query: string): Promise<Answer['body']> => (await call('GET', `sessions${query}`, customer.token)).body;
      const all = await list('');
      expect(all.nextCursor).toBeNull();
      expect(all.items.map(({ id }: { id: string }) => id)).toEqual(tokens.map(sessionOf));
      expect(all.items.map(({ current }: { current: boolean }) => current)).toEqual([false, false, false, false, true]);
      expect(all.items[0]).toEqual({
        id: expect.any(String),
        createdAt: expect.stringMatching(/Z$/),
        lastUsedAt: expect.stringMatching(/Z$/),
        expiresAt: expect.stringMatching(/Z$/),
        ip: '127.0.0.1',
        userAgent: 'Phone/1.0',
        current: false,
      });
      const pages = [await list('?limit=2')];
      while (pages.at(-1).nextCursor) pages.push(await list(`?limit=2&cursor=${pages.at(-1).nextCursor}`));
      expect(pages.map(({ items }) => items.length)).toEqual([2, 2, 1]);
      expect(pages.flatMap(({ items }) => items)).toEqual(all.items);
      expect(await list('?cursor=garbage')).toMatchObject({ status: 400, code: 'validation.failed', errors: [{ path: 'cursor' }] });
      expect((await call('GET', 'sessions/current', customer.token)).body).toEqual(all.items[4]);
    });

    it('one of them can be ended, and then is seen no more', async () => {
      const customer = await buildCustomer(app.url, shop);
      const phone = (await login(customer)).body.accessToken;
      const { status, body } = await call('DELETE', `sessions/${sessionOf(phone)}`, customer.token);
      expect([status, body]).toEqual([204, null]);
      expect(await me(phone)).toBe('auth.session_ended');
      expect((await call('GET', 'sessions', customer.token)).body.items).toHaveLength(1);
      expect((await call('DELETE', `sessions/${sessionOf(phone)}`, customer.token)).body).toMatchObject({
        status: 404,
        code: 'session.not_found',
      });
      expect((await call('DELETE', `sessions/${sessionOf(customer.token)}`, customer.token)).status).toBe(204);
      expect(await me(customer.token)).toBe('auth.session_ended');
    });

    it("A22 another person's is 404, byte for byte as a random id", async () => {
      const [mine, theirs] = [await buildCustomer(app.url, shop), await buildCustomer(app.url, shop)];
      const answers = await Promise.all([newKey(), sessionOf(theirs.token)].map((id) => call('DELETE', `sessions/${id}`, mine.token)));
      const [random, other] = answers.map(({ status, body: { requestId: _, ...problem } }) => ({ status, problem }));
      expect(random).toMatchObject({ status: 404, problem: { code: 'session.not_found' } });
      expect(other).toEqual(random);
      expect(await me(theirs.token)).toBe(200);
    });
  });

  describe('P10 T19 A15 an open socket is told why and cut within 2 s', () => {
    let agent: Person;
    let socket: TestSocket;

    beforeEach(async () => {
      agent = await buildAgent(app.url, shop);
      socket = await connect(app.url, agent.token);
    });

    it.each<[string, string, number, () => Promise<Answer>]>([
      ['logout', 'logout', 204, () => call('POST', 'logout', agent.token)],
      ['the end of its session', 'revoked', 204, () => call('DELETE', `sessions/${sessionOf(agent.token)}`, agent.token)],
      ['disabling', 'disabled', 204, () => rest(app.url, 'DELETE', `/api/agents/${agent.id}`, { token: shop.admin.token })],
      [
        'a change of role',
        'role_changed',
        200,
        () => rest(app.url, 'PATCH', `/api/agents/${agent.id}`, { token: shop.admin.token, body: { role: 'admin' } }),
      ],
      [
        'a change of password',
        'password_changed',
        200,
        () => call('POST', 'password', agent.token, { currentPassword: PASSWORD, newPassword: 'another horse' }),
      ],
      [
        'reuse of a refresh token',
        'token_reused',
        401,
        async () => {
          await refresh(agent.refreshToken);
          return refresh(agent.refreshToken);
        },
      ],
    ])('by %s', async (_, reason, expected, act) => {
      const second = await connect(app.url, agent.token);
      expect((await act()).status).toBe(expected);
      await Promise.all([expectCut(socket, reason), expectCut(second, reason)]);
      expect(await me(agent.token)).toBe('auth.session_ended');
      await expect(connect(app.url, agent.token)).rejects.toMatchObject({ data: { code: 'auth.session_ended' } });
    });

    it('by the database alone, as another node would do it', async () => {
      await app.sql("UPDATE session SET ended_at = now(), end_reason = 'disabled' WHERE user_id = $1", [agent.id]);
      await expectCut(socket, 'disabled');
      const again = await buildAgent(app.url, shop);
      const other = await connect(app.url, again.token);
      await app.sql('UPDATE session SET ended_at = now() WHERE user_id = $1', [again.id]);
      await expectCut(other, 'revoked');
    });

    it('on another node, too', async () => {
      const node = await startApp({}, app.databaseUrl);
      try {
        const there = await connect(node.url, agent.token);
        await call('POST', 'logout', agent.token);
        await Promise.all([expectCut(socket, 'logout'), expectCut(there, 'logout')]);
      } finally {
        await node.close();
      }
    });

    it('and no other socket of the person, nor of anybody else', async () => {
      const { body } = await rest(app.url, 'POST', '/api/auth/login', { body: { email: agent.email, password: PASSWORD } });
      const [phone, admin] = [await connect(app.url, body.accessToken), await connect(app.url, shop.admin.token)];
      expect((await call('POST', 'logout', agent.token)).status).toBe(204);
      await expectCut(socket, 'logout');
      for (const one of [phone, admin]) {
        await one.call('presence.heartbeat');
        expect(one.all('session.ended')).toEqual([]);
      }
    });

    it('a change that leaves the role as it is cuts nobody', async () => {
      await rest(app.url, 'PATCH', `/api/agents/${agent.id}`, { token: shop.admin.token, body: { role: 'agent', name: 'Sam' } });
      await socket.call('presence.heartbeat');
      expect(socket.all('session.ended')).toEqual([]);
    });
  });

  it('A56 the log of all this holds no token and no password', () => {
    expect(app.log.length).toBeGreaterThan(50);
    expect(secretsIn(app.log, 'another horse')).toEqual([]);
  });
});
