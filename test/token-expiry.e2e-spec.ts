import { setTimeout as sleep } from 'node:timers/promises';
import { startApp, type TestApp } from './support/app.js';
import { buildBusiness, buildGuest, forgeToken, PASSWORD, readToken, secretsIn, until, type Tenant } from './support/factories.js';
import { rest } from './support/rest.js';
import { closeSockets, connect } from './support/socket.js';

describe('A16 a token that ends', () => {
  let brief: TestApp;
  let own: Tenant;

  beforeAll(async () => {
    brief = await startApp({ JWT_ACCESS_EXPIRES_IN: '2s' });
    own = await buildBusiness(brief.url);
  });
  afterEach(() => {
    jest.useRealTimers();
    closeSockets();
  });
  afterAll(() => brief.close());

  /** From now on the clock of this process, which is the server's too, stands still but for `advance`; its timers run. */
  const holdClock = (): void => {
    jest.useFakeTimers({
      now: Date.now(),
      doNotFake: [
        'hrtime',
        'nextTick',
        'performance',
        'queueMicrotask',
        'setImmediate',
        'clearImmediate',
        'setInterval',
        'clearInterval',
        'setTimeout',
        'clearTimeout',
      ],
    });
  };

  const advance = (ms: number): void => {
    jest.setSystemTime(Date.now() + ms);
  };

  /** As long as the server may take until it has looked at its clock. */
  const look = (): Promise<void> => sleep(1_100);

  it('is announced, can be replaced on the live socket, and then is no credential', async () => {
    const guest = await buildGuest(brief.url, own);
    const stranger = await buildGuest(brief.url, own);
    const socket = await connect(brief.url, guest.token);
    const { expiresAt } = await socket.waitFor<{ expiresAt: string }>('auth.expiring');
    expect(Date.parse(expiresAt)).toBe((readToken(guest.token).exp as number) * 1000);
    const fresh = (await rest(brief.url, 'POST', '/api/auth/refresh', { body: { refreshToken: guest.refreshToken } })).body.accessToken;
    const other = (await rest(brief.url, 'POST', '/api/auth/login', { body: { email: own.admin.email, password: PASSWORD } })).body
      .accessToken;
    for (const token of [stranger.token, other]) expect((await socket.refused('auth.refresh', { token })).code).toBe('access.denied');
    for (const token of ['garbage', 'a.b.c', `${fresh}x`, guest.refreshToken, forgeToken(fresh, {}, { secret: 'x'.repeat(32) })]) {
      expect((await socket.refused('auth.refresh', { token })).code).toBe('auth.invalid_credentials');
    }
    for (const payload of [{}, { token: null }, { token: 7 }, { token: fresh, userId: guest.id }, []]) {
      expect((await socket.refused('auth.refresh', payload)).code).toBe('validation.failed');
    }
    const later = forgeToken(fresh, { exp: Math.floor(Date.now() / 1000) + 3600 });
    expect(await socket.call('auth.refresh', { token: later })).toEqual({
      expiresAt: new Date((readToken(later).exp as number) * 1000).toISOString(),
    });
    const get = async (): Promise<string | number> => {
      const { status, body } = await rest(brief.url, 'GET', '/api/auth/me', { token: guest.token });
      return body.code ?? status;
    };
    expect(await until(get, (code) => code !== 200)).toBe('auth.token_expired');
    await expect(connect(brief.url, guest.token)).rejects.toMatchObject({ data: { code: 'auth.token_expired' } });
    expect((await socket.refused('auth.refresh', { token: guest.token })).code).toBe('auth.token_expired');
    await socket.call('presence.heartbeat');
  });

  it('another session of the same person is access.denied, too', async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(() => rest(brief.url, 'POST', '/api/auth/login', { body: { email: own.admin.email, password: PASSWORD } })),
    );
    const socket = await connect(brief.url, first?.body.accessToken);
    const codeOf = async (): Promise<string> => (await socket.refused('auth.refresh', { token: second?.body.accessToken })).code;
    expect(await codeOf()).toBe('access.denied');
    await rest(brief.url, 'POST', '/api/auth/logout', { token: second?.body.accessToken });
    expect(await codeOf()).toBe('auth.session_ended');
  });

  it('cuts the socket 30 s behind its end, and not before', async () => {
    const guest = await buildGuest(brief.url, own);
    const kept = await buildGuest(brief.url, own);
    holdClock();
    const [socket, refreshed] = await Promise.all([connect(brief.url, guest.token), connect(brief.url, kept.token)]);
    await Promise.all([socket.waitFor('auth.expiring'), refreshed.waitFor('auth.expiring')]);
    await refreshed.call('auth.refresh', { token: forgeToken(kept.token, { exp: Math.floor(Date.now() / 1000) + 3600 }) });
    const left = (readToken(guest.token).exp as number) * 1000 + 30_000 - Date.now();
    advance(left - 1_000);
    await look();
    await socket.call('presence.heartbeat');
    expect(socket.all('session.ended')).toEqual([]);
    advance(2_000);
    expect(await socket.waitFor('session.ended')).toEqual({ reason: 'expired' });
    await socket.disconnected;
    await refreshed.call('presence.heartbeat');
    expect(refreshed.all('session.ended')).toEqual([]);
  });

  it('is announced 60 s before its end', async () => {
    const guest = await buildGuest(brief.url, own);
    const exp = Math.floor(Date.now() / 1000) + 100;
    const token = forgeToken(guest.token, { exp });
    holdClock();
    const socket = await connect(brief.url, token);
    advance(exp * 1000 - 60_000 - Date.now() - 1_000);
    await look();
    expect(socket.all('auth.expiring')).toEqual([]);
    advance(2_000);
    expect(await socket.waitFor('auth.expiring')).toEqual({ expiresAt: new Date(exp * 1000).toISOString() });
  });

  it('A56 the log of all this holds no token and no password', () => {
    expect(brief.log.length).toBeGreaterThan(10);
    expect(secretsIn(brief.log)).toEqual([]);
  });
});
