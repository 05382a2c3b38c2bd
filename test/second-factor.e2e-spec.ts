import { startApp, type TestApp } from './support/app.js';
import { codeOf, earlyInStep, wrongCodeOf } from './support/authenticator.js';
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
import { closeSockets, connect, refusedHandshake } from './support/socket.js';

const CUT_MS = 2_000;
const RECOVERY_CODE = /^([a-z2-7]{4}-){3}[a-z2-7]{4}$/;

interface Guarded extends Person {
  secret: string;
  recoveryCodes: string[];
}

describe('the second factor', () => {
  let app: TestApp;
  let shop: Tenant;
  const secrets: string[] = [];

  const call = (method: string, path: string, token?: string, body?: unknown, url = app.url): Promise<Answer> =>
    rest(url, method, `/api/${path}`, { token, body });
  const factor = (path: string, token: string, body: unknown): Promise<Answer> => call('POST', `auth/second-factor${path}`, token, body);
  const login = (email: string | undefined, code?: string, password = PASSWORD): Promise<Answer> =>
    call('POST', 'auth/login', undefined, { email, password, ...(code !== undefined && { code }) });
  const codeOrStatus = ({ status, body }: Answer): string | number => body?.code ?? status;
  const isOn = async (token: string): Promise<boolean> => (await call('GET', 'auth/me', token)).body.secondFactor;
  const require = (tenant: Tenant, isRequired: boolean, token = tenant.admin.token): Promise<Answer> =>
    call('PATCH', 'business', token, { settings: { secondFactorRequired: isRequired } });
  /** As if the last code had been used long ago. */
  const forgetSteps = (): Promise<unknown> => app.sql('UPDATE second_factor SET last_step = 0');
  const begin = async (person: Person): Promise<string> => {
    const { status, body } = await factor('', person.token, { password: PASSWORD });
    expect(status).toBe(200);
    secrets.push(body.secret);
    return body.secret;
  };
  /** Sets a second factor up for somebody; the codes of now are good again afterwards. */
  const guard = async (person: Person): Promise<Guarded> => {
    await earlyInStep();
    const secret = await begin(person);
    const { status, body } = await factor('/confirm', person.token, { code: codeOf(secret) });
    expect(status).toBe(200);
    secrets.push(...body.recoveryCodes);
    await forgetSteps();
    return { ...person, secret, recoveryCodes: body.recoveryCodes };
  };
  const wrong = { status: 401, code: 'auth.invalid_credentials' };

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url, 'The Shop');
  });
  beforeEach(earlyInStep);
  afterEach(closeSockets);
  afterAll(() => app.close());

  describe('setting up', () => {
    it('begins with the password and counts from the first good code on', async () => {
      const agent = await buildAgent(app.url, shop);
      expect((await factor('', agent.token, { password: 'not the password' })).body).toMatchObject(wrong);
      const first = await begin(agent);
      expect(await isOn(agent.token)).toBe(false);
      expect((await login(agent.email)).status).toBe(200);
      const { body } = await factor('', agent.token, { password: PASSWORD });
      secrets.push(body.secret);
      expect(body).toEqual({ secret: expect.stringMatching(/^[A-Z2-7]{32}$/), uri: expect.any(String) });
      expect(new URL(body.uri).searchParams.get('secret')).toBe(body.secret);
      expect(decodeURIComponent(new URL(body.uri).pathname)).toBe(`/The Shop:${agent.email}`);
      // The one begun before is no more.
      expect((await factor('/confirm', agent.token, { code: codeOf(first) })).body).toMatchObject(wrong);
      expect((await factor('/confirm', agent.token, { code: wrongCodeOf(body.secret) })).body).toMatchObject(wrong);
      const confirmed = await factor('/confirm', agent.token, { code: codeOf(body.secret) });
      expect(confirmed.status).toBe(200);
      expect(confirmed.body).toEqual({ recoveryCodes: Array(10).fill(expect.stringMatching(RECOVERY_CODE)) });
      secrets.push(...confirmed.body.recoveryCodes);
      expect(await isOn(agent.token)).toBe(true);
      const active = { status: 409, code: 'auth.second_factor_active' };
      expect((await factor('', agent.token, { password: PASSWORD })).body).toMatchObject(active);
      expect((await factor('/confirm', agent.token, { code: codeOf(body.secret, 1) })).body).toMatchObject(active);
      // The code that confirmed it has been used by that.
      expect((await login(agent.email, codeOf(body.secret))).body).toMatchObject(wrong);
      expect((await login(agent.email, codeOf(body.secret, 1))).status).toBe(200);
    });

    it('ends the sessions that were begun without it', async () => {
      const agent = await buildAgent(app.url, shop);
      const other = (await login(agent.email)).body.accessToken;
      const [mine, theirs] = [await connect(app.url, agent.token), await connect(app.url, other)];
      await guard(agent);
      expect(await theirs.waitFor('session.ended', undefined, CUT_MS)).toEqual({ reason: 'revoked' });
      expect(codeOrStatus(await call('GET', 'auth/me', other))).toBe('auth.session_ended');
      expect((await call('GET', 'auth/me', agent.token)).status).toBe(200);
      expect(mine.all('session.ended')).toEqual([]);
    });

    it('of many at the same time one confirms', async () => {
      const agent = await buildAgent(app.url, shop);
      const secret = await begin(agent);
      const answers = await Promise.all(Array.from({ length: 5 }, () => factor('/confirm', agent.token, { code: codeOf(secret) })));
      const won = answers.filter(({ status }) => status === 200);
      expect(won).toHaveLength(1);
      secrets.push(...won[0]!.body.recoveryCodes);
      const hashes = await app.sql<{ hash: string }>('SELECT hash FROM recovery_code WHERE user_id = $1', [agent.id]);
      expect(hashes).toHaveLength(10);
    });

    it('is nothing without a beginning, and recovery codes are kept as hashes', async () => {
      const agent = await buildAgent(app.url, shop);
      const inactive = { status: 409, code: 'auth.second_factor_inactive' };
      const proof = { password: PASSWORD, code: '123456' };
      expect((await factor('/confirm', agent.token, { code: '123456' })).body).toMatchObject(inactive);
      expect((await factor('/recovery-codes', agent.token, proof)).body).toMatchObject(inactive);
      expect((await factor('/disable', agent.token, proof)).body).toMatchObject(inactive);
      await begin(agent);
      expect((await factor('/recovery-codes', agent.token, proof)).body).toMatchObject(inactive);
      expect((await factor('/disable', agent.token, proof)).body).toMatchObject(inactive);
      const { id, recoveryCodes } = await guard(agent);
      const rows = await app.sql('SELECT * FROM recovery_code WHERE user_id = $1', [id]);
      for (const code of recoveryCodes) expect(JSON.stringify(rows)).not.toContain(code.replaceAll('-', ''));
    });

    it('A2 is for staff', async () => {
      for (const { token } of [await buildGuest(app.url, shop), await buildCustomer(app.url, shop)]) {
        for (const path of ['', '/confirm', '/recovery-codes', '/disable']) {
          expect((await factor(path, token, {})).body).toMatchObject({ status: 403, code: 'access.denied' });
        }
        expect((await call('GET', 'auth/me', token)).body).not.toHaveProperty('secondFactor');
      }
    });
  });

  describe('signing in', () => {
    it('A4 A17 takes the password first: whoever has it not learns nothing of the factor', async () => {
      const { email, secret } = await guard(await buildAgent(app.url, shop));
      expect((await login(email)).body).toMatchObject({ status: 401, code: 'auth.code_required' });
      expect((await login(email, wrongCodeOf(secret))).body).toMatchObject(wrong);
      const bare = ({ status, body: { requestId: _, ...problem } }: Answer): object => ({ status, problem });
      const stranger = bare(await login(`${newKey()}@shop.example`, '123456'));
      expect(bare(await login(email, undefined, 'not the password'))).toEqual(stranger);
      expect(bare(await login(email, codeOf(secret), 'not the password'))).toEqual(stranger);
      expect(bare(await login(email, wrongCodeOf(secret)))).toEqual(stranger);
      expect((await login(email, codeOf(secret))).status).toBe(200);
      await app.sql('UPDATE "user" SET disabled = true WHERE email = $1', [email]);
      for (const code of [undefined, codeOf(secret, 1)]) expect(bare(await login(email, code))).toEqual(stranger);
    });

    it.each([
      [-2, 'auth.invalid_credentials'],
      [-1, 200],
      [0, 200],
      [1, 200],
      [2, 'auth.invalid_credentials'],
    ])('a clock that is %i steps wrong: %s', async (steps, expected) => {
      const { email, secret } = await guard(await buildAgent(app.url, shop));
      await earlyInStep();
      expect(codeOrStatus(await login(email, codeOf(secret, steps)))).toBe(expected);
    });

    it('A37 a code is good once, and none before it', async () => {
      const { email, secret } = await guard(await buildAgent(app.url, shop));
      expect((await login(email, codeOf(secret))).status).toBe(200);
      for (const steps of [0, -1]) expect((await login(email, codeOf(secret, steps))).body).toMatchObject(wrong);
      expect((await login(email, ` ${codeOf(secret, 1).slice(0, 3)} ${codeOf(secret, 1).slice(3)}`)).status).toBe(200);
      expect((await login(email, codeOf(secret))).body).toMatchObject(wrong);
    });

    it('A37 of many with one code at the same time one gets in', async () => {
      const { email, secret, recoveryCodes } = await guard(await buildAgent(app.url, shop));
      for (const code of [codeOf(secret), recoveryCodes[0]]) {
        const answers = await Promise.all(Array.from({ length: 6 }, () => login(email, code)));
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401, 401]);
      }
    });

    it('A37 a recovery code is good once, however it is typed, and nobody else’s is', async () => {
      const [one, two] = [await guard(await buildAgent(app.url, shop)), await guard(await buildAgent(app.url, shop))];
      const [first = '', second = ''] = one.recoveryCodes;
      expect((await login(two.email, first)).body).toMatchObject(wrong);
      expect((await login(one.email, ` ${first.toUpperCase().replaceAll('-', ' ')}`)).status).toBe(200);
      expect((await login(one.email, first)).body).toMatchObject(wrong);
      expect((await login(one.email, second.replaceAll('-', ''))).status).toBe(200);
      expect((await login(two.email, codeOf(one.secret))).body).toMatchObject(wrong);
    });

    it('a code of somebody who needs none is passed over', async () => {
      const { email } = await buildAgent(app.url, shop);
      expect((await login(email, '000000')).status).toBe(200);
    });

    it.each([null, 123456, {}, ['123456'], '', ' ', 'x'.repeat(41)])('A43 %j is no code', async (code) => {
      const { email } = await buildAgent(app.url, shop);
      const { body } = await call('POST', 'auth/login', undefined, { email, password: PASSWORD, code });
      expect(body).toMatchObject({ status: 400, code: 'validation.failed', errors: [{ path: 'code' }] });
    });

    it('A8 wrong codes are few, wherever they come from; right ones do not count, and nobody is locked out', async () => {
      const { email, secret } = await guard(await buildAgent(app.url, shop));
      const tight = await startApp({ RATE_LIMIT_FACTOR: '1', TRUST_PROXY: 'loopback' }, app.databaseUrl);
      const from = async (ip: string, code: string): Promise<string | number> => {
        const headers = { 'X-Forwarded-For': ip };
        return codeOrStatus(await rest(tight.url, 'POST', '/api/auth/login', { body: { email, password: PASSWORD, code }, headers }));
      };
      const knownFrom = (ip: string): Promise<unknown> =>
        app.sql(
          'UPDATE session SET ip = $1 WHERE id = (SELECT max(s.id::text)::uuid FROM session s JOIN "user" u ON u.id = s.user_id WHERE u.email = $2)',
          [ip, email],
        );
      try {
        await knownFrom('203.0.113.1');
        const strangers: (string | number)[] = [];
        for (let i = 0; i < 10; i++) strangers.push(await from('203.0.113.9', wrongCodeOf(secret)));
        expect(strangers).toEqual([...Array<string>(5).fill('auth.invalid_credentials'), ...Array<string>(5).fill('rate.limited')]);
        expect(await from('203.0.113.1', codeOf(secret))).toBe(200);
      } finally {
        await tight.close();
      }
    });
  });

  it('A8 an account takes ten wrong codes, also of many at the same time, and then no right one from there', async () => {
    const tight = await startApp({ RATE_LIMIT_FACTOR: '1' }, app.databaseUrl);
    try {
      const { token, recoveryCodes, secret } = await guard(await buildAgent(app.url, shop));
      const renew = async (code: string): Promise<string | number> =>
        codeOrStatus(await call('POST', 'auth/second-factor/recovery-codes', token, { password: PASSWORD, code }, tight.url));
      expect(await renew(recoveryCodes[0]!)).toBe(200);
      const answers = await Promise.all(Array.from({ length: 15 }, () => renew(wrongCodeOf(secret))));
      expect(answers.filter((code) => code === 'auth.invalid_credentials')).toHaveLength(10);
      expect(answers.filter((code) => code === 'rate.limited')).toHaveLength(5);
      expect(await renew(codeOf(secret))).toBe('rate.limited');
    } finally {
      await tight.close();
    }
  });

  describe('with password and code', () => {
    it('gets new recovery codes in place of the old ones', async () => {
      const { id, email, token, secret, recoveryCodes } = await guard(await buildAgent(app.url, shop));
      const renew = (body: object): Promise<Answer> => factor('/recovery-codes', token, { password: PASSWORD, ...body });
      expect((await renew({ code: codeOf(secret), password: 'not the password' })).body).toMatchObject(wrong);
      expect((await renew({ code: wrongCodeOf(secret) })).body).toMatchObject(wrong);
      const { status, body } = await renew({ code: codeOf(secret) });
      expect(status).toBe(200);
      expect(body).toEqual({ recoveryCodes: Array(10).fill(expect.stringMatching(RECOVERY_CODE)) });
      secrets.push(...body.recoveryCodes);
      expect((await renew({ code: codeOf(secret) })).body).toMatchObject(wrong);
      expect((await login(email, recoveryCodes[0])).body).toMatchObject(wrong);
      expect((await login(email, body.recoveryCodes[0])).status).toBe(200);
      const noted = await call('GET', `audit?targetId=${id}&action=auth.recovery_codes_renewed`, shop.admin.token);
      expect(noted.body.items).toMatchObject([{ actor: { id }, ip: '127.0.0.1', details: {} }]);
    });

    it('is switched off', async () => {
      const { email, token, secret, recoveryCodes } = await guard(await buildAgent(app.url, shop));
      const disable = (body: object): Promise<Answer> => factor('/disable', token, { password: PASSWORD, ...body });
      expect((await disable({ code: codeOf(secret), password: 'not the password' })).body).toMatchObject(wrong);
      expect((await disable({ code: wrongCodeOf(secret) })).body).toMatchObject(wrong);
      expect(await isOn(token)).toBe(true);
      const { status, body } = await disable({ code: recoveryCodes[3] });
      expect([status, body]).toEqual([200, {}]);
      expect(await isOn(token)).toBe(false);
      expect((await login(email)).status).toBe(200);
      expect(await app.sql('SELECT 1 FROM recovery_code c JOIN "user" u ON u.id = c.user_id WHERE u.email = $1', [email])).toEqual([]);
    });
  });

  describe('an admin', () => {
    const remove = (id: string, token = shop.admin.token): Promise<Answer> => call('DELETE', `agents/${id}/second-factor`, token);

    it('takes it away from somebody who lost the phone, whose sessions end', async () => {
      const agent = await guard(await buildAgent(app.url, shop));
      const socket = await connect(app.url, agent.token);
      const { status, body } = await remove(agent.id);
      expect([status, body]).toEqual([204, null]);
      expect(await socket.waitFor('session.ended', undefined, CUT_MS)).toEqual({ reason: 'revoked' });
      expect(codeOrStatus(await call('GET', 'auth/me', agent.token))).toBe('auth.session_ended');
      const again = await login(agent.email);
      expect(again.status).toBe(200);
      // There is nothing to take: nobody is signed out.
      expect((await remove(agent.id)).status).toBe(204);
      expect(await isOn(again.body.accessToken)).toBe(false);
    });

    it('A2 does not take its own, and nobody else takes any', async () => {
      const [admin, agent] = [await guard(await buildAgent(app.url, shop, { role: 'admin' })), await buildAgent(app.url, shop)];
      const denied = { status: 403, code: 'access.denied' };
      expect((await remove(admin.id, admin.token)).body).toMatchObject(denied);
      const customer = await buildCustomer(app.url, shop);
      for (const { token } of [agent, customer, await buildGuest(app.url, shop)]) {
        expect((await remove(admin.id, token)).body).toMatchObject(denied);
      }
      expect(await isOn(admin.token)).toBe(true);
    });

    it('A22 of another business gets 404, byte for byte as for a random id', async () => {
      const other = await buildBusiness(app.url);
      const foreign = await guard(await buildAgent(app.url, other));
      const guest = await buildGuest(app.url, shop);
      const answers = (await Promise.all([newKey(), foreign.id, other.admin.id, guest.id].map((id) => remove(id)))).map(
        ({ status, body: { requestId: _, ...problem } }) => ({ status, problem }),
      );
      expect(answers[0]).toMatchObject({ status: 404, problem: { code: 'user.not_found' } });
      for (const answer of answers) expect(answer).toEqual(answers[0]);
      expect(await isOn(foreign.token)).toBe(true);
    });
  });

  describe('required by the business', () => {
    const refused = { status: 403, code: 'auth.second_factor_required' };

    it('is not switched on by an admin who has none, and cannot be switched off by one alone', async () => {
      const own = await buildBusiness(app.url);
      expect((await require(own, true)).body).toMatchObject({ status: 409, code: 'auth.second_factor_inactive' });
      expect((await call('GET', 'business', own.admin.token)).body.settings.secondFactorRequired).toBe(false);
      const admin = await guard(own.admin);
      expect((await require(own, true)).body.settings.secondFactorRequired).toBe(true);
      const proof = { password: PASSWORD, code: codeOf(admin.secret) };
      expect((await factor('/disable', admin.token, proof)).body).toMatchObject({ status: 403, code: 'access.denied' });
      // The refusal has used no code up.
      expect((await login(admin.email, codeOf(admin.secret))).status).toBe(200);
    });

    it('P10 A18 cuts staff without one within 2 s; they sign in and set one up, and until then do nothing else', async () => {
      const own = await buildBusiness(app.url);
      const [agent, ready, guest] = [
        await buildAgent(app.url, own),
        await guard(await buildAgent(app.url, own)),
        await buildGuest(app.url, own),
      ];
      await guard(own.admin);
      const other = await buildAgent(app.url, shop);
      const sockets = await Promise.all([agent, ready, guest, other].map(({ token }) => connect(app.url, token)));
      expect((await require(own, true)).status).toBe(200);
      expect(await sockets[0]!.waitFor('session.ended', undefined, CUT_MS)).toEqual({ reason: 'revoked' });
      expect(codeOrStatus(await call('GET', 'auth/me', agent.token))).toBe('auth.session_ended');
      for (const { token } of [ready, guest, other]) expect((await call('GET', 'auth/me', token)).status).toBe(200);

      const { status, body } = await login(agent.email);
      expect(status).toBe(200);
      const restricted: Person = { ...agent, token: body.accessToken, refreshToken: body.refreshToken };
      for (const [method, path, sent] of [
        ['GET', 'rooms', undefined],
        ['POST', 'rooms', {}],
        ['GET', 'business', undefined],
        ['GET', 'agents', undefined],
        ['GET', 'presence', undefined],
        ['PUT', 'presence', { status: 'online' }],
        ['POST', 'auth/register', { business: own.slug, email: `${newKey()}@mail.example`, password: PASSWORD }],
      ] as const) {
        expect([path, (await call(method, path, restricted.token, sent)).body]).toMatchObject([path, refused]);
      }
      // Who may never do it is told that it lacks the factor, too, and no more.
      expect((await call('PATCH', 'business', restricted.token, {})).body).toMatchObject(refused);
      expect((await refusedHandshake(app.url, { token: restricted.token })).data).toMatchObject({ code: refused.code });
      expect(await isOn(restricted.token)).toBe(false);
      expect((await call('GET', 'auth/sessions', restricted.token)).status).toBe(200);
      // A refresh frees nobody, nor does a new password.
      const refreshed = await call('POST', 'auth/refresh', undefined, { refreshToken: restricted.refreshToken });
      expect((await call('GET', 'rooms', refreshed.body.accessToken)).body).toMatchObject(refused);
      const change = { currentPassword: PASSWORD, newPassword: 'another horse' };
      const changed = await call('POST', 'auth/password', restricted.token, change);
      expect((await call('GET', 'rooms', changed.body.accessToken)).body).toMatchObject(refused);
      const back = { currentPassword: 'another horse', newPassword: PASSWORD };
      const token = (await call('POST', 'auth/password', changed.body.accessToken, back)).body.accessToken;

      const freed = await guard({ ...restricted, token });
      expect((await call('GET', 'rooms', freed.token)).status).toBe(200);
      await (await connect(app.url, freed.token)).call('room.list');
      const fresh = await login(agent.email, codeOf(freed.secret));
      expect((await call('GET', 'rooms', fresh.body.accessToken)).status).toBe(200);
    });

    it('A15 holds for whoever is invited, made, or loses the factor later; switched off, it restricts nobody any more', async () => {
      const own = await buildBusiness(app.url);
      const admin = await guard(own.admin);
      await require(own, true);
      const made = await buildAgent(app.url, own);
      expect((await call('GET', 'rooms', made.token)).body).toMatchObject(refused);
      const guarded = await guard(made);
      expect((await call('GET', 'rooms', guarded.token)).status).toBe(200);
      expect((await call('DELETE', `agents/${made.id}/second-factor`, admin.token)).status).toBe(204);
      const { token } = { token: (await login(made.email)).body.accessToken };
      expect((await call('GET', 'rooms', token)).body).toMatchObject(refused);
      expect((await require(own, false)).status).toBe(200);
      expect((await call('GET', 'rooms', token)).status).toBe(200);
      const proof = { password: PASSWORD, code: codeOf(admin.secret) };
      expect((await factor('/disable', admin.token, proof)).status).toBe(200);
    });

    it('A18 a login at the moment of the switch is restricted or ended, never free', async () => {
      for (let round = 0; round < 5; round++) {
        const own = await buildBusiness(app.url);
        const agents = await Promise.all(Array.from({ length: 6 }, () => buildAgent(app.url, own)));
        await guard(own.admin);
        const [switched, ...logins] = await Promise.all([require(own, true), ...agents.map(({ email }) => login(email))]);
        expect(switched.status).toBe(200);
        for (const { body } of logins) {
          const code = codeOrStatus(await call('GET', 'rooms', body.accessToken));
          expect(['auth.second_factor_required', 'auth.session_ended']).toContain(code);
        }
      }
    });

    it('is asked of the database with the session, by no further query', async () => {
      const { token } = await buildAgent(app.url, shop);
      await app.sql('UPDATE session SET is_restricted = true WHERE id = $1', [readToken(token).sid]);
      expect((await call('GET', 'rooms', token)).body).toMatchObject(refused);
    });
  });

  it('A56 the log of all this holds no code, no secret and no password', () => {
    expect(app.log.length).toBeGreaterThan(50);
    expect(secrets.length).toBeGreaterThan(100);
    expect(secretsIn(app.log, 'not the password', 'another horse', ...secrets)).toEqual([]);
  });
});
