import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examine } from '../src/cli/doctor.js';
import { startApp, type TestApp } from './support/app.js';
import { buildAgent, buildBusiness, buildRoom, PASSWORD, type Tenant } from './support/factories.js';
import { cli, passwordIn } from './support/cli.js';
import { rest, type Answer } from './support/rest.js';
import { cleanUp, newDataDir, startServer, stopServer } from './support/server-process.js';
import { closeSockets, connect } from './support/socket.js';

const listen = (server: Server): Promise<number> =>
  new Promise((done) => server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)));

describe('the command line', () => {
  let app: TestApp;
  let shop: Tenant;
  let settings: Record<string, string>;

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
    const folder = mkdtempSync(join(tmpdir(), 'parley-cli-'));
    settings = { DATABASE_URL: app.databaseUrl, JWT_ACCESS_SECRET: 'b9c1f2d3a4e5968778695a4b3c2d1e0f', DATA_DIR: folder };
  });
  afterEach(closeSockets);
  afterAll(async () => {
    rmSync(settings.DATA_DIR as string, { recursive: true });
    await app.close();
    await cleanUp();
  });

  const login = (email: string, password: string, business: string): Promise<Answer> =>
    rest(app.url, 'POST', '/api/auth/login', { body: { email, password, business } });

  it('founds a business whose admin can sign in, also while sign-up is closed', async () => {
    const { code, out } = await cli(
      { ...settings, SIGNUP: 'closed' },
      'business:create',
      '--name',
      'Flower Power',
      '--admin-email',
      'Flo@Flowers.example',
    );
    expect([code, out]).toEqual([0, expect.stringContaining('flower-power')]);
    const signedIn = await login('flo@flowers.example', passwordIn(out), 'flower-power');
    expect(signedIn.body.user).toMatchObject({ role: 'admin', name: 'Admin' });
    const { id } = signedIn.body.user;
    const noted = await app.sql("SELECT actor_id, details FROM audit_entry WHERE target_id = $1 AND action = 'agent.created'", [id]);
    expect(noted).toEqual([{ actor_id: null, details: { role: 'admin' } }]);
    expect((await cli(settings, 'business:list')).out).toContain('flower-power   Flower Power');
    const again = await cli(settings, 'business:create', '--name', 'Other', '--slug', 'flower-power', '--admin-email', 'a@b.example');
    expect([again.code, again.err]).toEqual([1, 'parley: The slug is taken\n']);
  });

  it('counts anew for the reports, while a server runs', async () => {
    await app.sql('TRUNCATE room_progress');
    await buildRoom(app.url, shop);
    const counted = await cli(settings, 'report:recount');
    expect([counted.code, counted.out]).toEqual([0, expect.stringMatching(/from [1-9]\d* rooms/)]);
    const { body } = await rest(app.url, 'GET', '/api/reports/overview', { token: shop.admin.token });
    expect(body.rooms.opened).toBe(1);
  });

  it('makes staff with a password or an invitation', async () => {
    const business = ['--business', shop.slug];
    const made = await cli(settings, 'user:create', ...business, '--email', 'al@shop.example', '--name', 'Al', '--role', 'admin');
    expect((await login('al@shop.example', passwordIn(made.out), shop.slug)).body.user).toMatchObject({ role: 'admin', name: 'Al' });
    const invited = await cli(settings, 'user:create', ...business, '--email', 'bo@shop.example', '--name', 'Bo', '--invite');
    expect([invited.code, invited.out]).toEqual([0, expect.stringContaining('bo@shop.example is invited')]);
    expect(await app.sql('SELECT subject FROM mail WHERE recipient = $1', ['bo@shop.example'])).toHaveLength(1);
    const list = (await cli(settings, 'user:list', ...business)).out;
    expect(list).toMatch(/admin {3}al@shop\.example {3}Al\n/);
    expect(list).toMatch(/agent {3}bo@shop\.example {3}Bo\n/);
    const taken = await cli(settings, 'user:create', ...business, '--email', 'AL@shop.example', '--name', 'Al');
    expect([taken.code, taken.err]).toEqual([1, 'parley: The e-mail address is taken\n']);
  });

  it('A15 P10 gives somebody a new password, ends the sessions on the running server, and takes a second factor away', async () => {
    const agent = await buildAgent(app.url, shop);
    const email = agent.email as string;
    const socket = await connect(app.url, agent.token);
    await app.sql('INSERT INTO second_factor (user_id, secret, confirmed_at) VALUES ($1, $2, now())', [
      agent.id,
      'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    ]);
    const { code, out } = await cli(
      settings,
      'user:reset',
      '--business',
      shop.id,
      '--email',
      email.toUpperCase(),
      '--remove-second-factor',
    );
    expect(code).toBe(0);
    expect(await socket.waitFor('session.ended', undefined, 2_500)).toEqual({ reason: 'password_changed' });
    expect((await login(email, PASSWORD, shop.slug)).status).toBe(401);
    expect((await login(email, passwordIn(out), shop.slug)).status).toBe(200);
    const nobody = await cli(settings, 'user:reset', '--business', shop.slug, '--email', 'nobody@shop.example');
    expect([nobody.code, nobody.err]).toEqual([1, 'parley: There is no such user\n']);
  });

  it.each([
    [['user:create', '--business', 'x', '--email', 'nonsense', '--name', 'A'], 'parley: nonsense is no e-mail address\n'],
    [['user:create', '--business', 'nowhere', '--email', 'a@b.example', '--name', 'A'], 'parley: There is no such business\n'],
    [['user:create', '--business', 'x', '--email', 'a@b.example', '--name', 'A', '--role', 'customer'], "argument 'customer' is invalid"],
    [['business:create', '--name', 'A'], "required option '--admin-email"],
    [['nonsense'], "unknown command 'nonsense'"],
  ])('says what is wrong with %j', async (args, message) => {
    const { code, err } = await cli(settings, ...args);
    expect([code, err]).toEqual([1, expect.stringContaining(message)]);
  });

  it('works on the embedded database, with and without a server on it, and leaves it as it was', async () => {
    const DATA_DIR = newDataDir();
    const own = { DATA_DIR, NODE_ENV: 'test' };
    const first = await cli(own, 'business:create', '--name', 'Shop', '--admin-email', 'ada@shop.example');
    expect([first.code, first.err]).toEqual([0, '']);
    const server = await startServer({ ...own, BCRYPT_COST: '4' });
    const signIn = (password: string): Promise<number> =>
      rest(server.url, 'POST', '/api/auth/login', { body: { email: 'ada@shop.example', password } }).then(({ status }) => status);
    expect(await signIn(passwordIn(first.out))).toBe(200);
    const reset = await cli(own, 'user:reset', '--business', 'shop', '--email', 'ada@shop.example');
    expect([await signIn(passwordIn(first.out)), await signIn(passwordIn(reset.out))]).toEqual([401, 200]);
    const healthy = await cli({ ...own, PORT: new URL(server.url).port }, 'doctor');
    expect([healthy.code, healthy.out]).toEqual([0, expect.stringContaining('Parley answers at')]);
    expect(healthy.out).toContain('ok     migrations  all are applied');
    const before = readFileSync(join(DATA_DIR, 'secrets.json'), 'utf8');
    expect((await cli(own, 'key:rotate')).code).toBe(0);
    const [was, is] = [before, readFileSync(join(DATA_DIR, 'secrets.json'), 'utf8')].map(
      (text) => JSON.parse(text) as Record<string, string>,
    );
    expect(is?.postgresPassword).toBe(was?.postgresPassword);
    expect(is?.jwtAccessSecret).not.toBe(was?.jwtAccessSecret);
    const { body } = await rest(server.url, 'POST', '/api/auth/login', {
      body: { email: 'ada@shop.example', password: passwordIn(reset.out) },
    });
    await stopServer(server);
    const next = await startServer({ ...own, BCRYPT_COST: '4' });
    expect((await rest(next.url, 'GET', '/api/auth/me', { token: body.accessToken })).body.code).toBe('auth.invalid_credentials');
    const refreshed = await rest(next.url, 'POST', '/api/auth/refresh', { body: { refreshToken: body.refreshToken } });
    expect((await rest(next.url, 'GET', '/api/auth/me', { token: refreshed.body.accessToken })).status).toBe(200);
    await stopServer(next);
  });

  it('rotates no secret that the operator keeps', async () => {
    const { code, err } = await cli(settings, 'key:rotate');
    expect([code, err]).toEqual([1, expect.stringContaining('JWT_ACCESS_SECRET is set')]);
  });

  describe('doctor', () => {
    const findings = async (changed: Record<string, string>): Promise<[number, Record<string, any>]> => {
      const list = await examine({ ...settings, ...changed });
      return [list.some(({ state }) => state === 'fault') ? 1 : 0, Object.fromEntries(list.map((finding) => [finding.check, finding]))];
    };

    it('names every fault of a broken set-up, and what to do about each', async () => {
      const squatter = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'));
      const port = await listen(squatter);
      const mail = createServer((socket) => socket.end('554 Go away\r\n'));
      const mailPort = await listen(mail);
      const { code, out } = await cli(
        {
          NODE_ENV: 'production',
          PORT: String(port),
          HOST: '127.0.0.1',
          DATA_DIR: '/proc/nowhere',
          UPLOAD_DIR: '/proc/nowhere/either',
          DATABASE_URL: 'postgres://parley:wrong-password-here@127.0.0.1:1/parley',
          REDIS_URL: 'redis://127.0.0.1:1',
          SMTP_URL: `smtp://127.0.0.1:${mailPort}`,
          PUBLIC_URL: 'http://chat.example',
          BCRYPT_COST: '4',
          JWT_ACCESS_SECRET: 'changeme',
        },
        'doctor',
      );
      squatter.close();
      mail.close();
      if (process.env.SHOW_DOCTOR) process.stdout.write(out);
      expect(code).toBe(1);
      for (const told of [
        'FAULT  settings    JWT_ACCESS_SECRET is shorter than 32 characters',
        'FAULT  settings    BCRYPT_COST is below 10',
        'FAULT  disk        /proc/nowhere (DATA_DIR) cannot be written',
        'FAULT  uploads     /proc/nowhere/either',
        'FAULT  redis       connect ECONNREFUSED 127.0.0.1:1',
        'FAULT  smtp        127.0.0.1',
        'FAULT  address     PUBLIC_URL is http://chat.example',
        'FAULT  address     another program answers at 127.0.0.1',
        'faults to mend.',
      ]) {
        expect(out).toContain(told);
      }
      expect(out.match(/→/g)?.length).toBe(out.match(/^FAULT/gm)?.length);
      expect(out).not.toContain('wrong-password-here');
    });

    it('finds a database that is away, of a wrong password, behind or ahead of this version', async () => {
      const [code, away] = await findings({ DATABASE_URL: 'postgres://parley:x@127.0.0.1:1/parley' });
      expect([code, away.database.state, away.database.fix]).toEqual([1, 'fault', expect.stringContaining('Check DATABASE_URL')]);
      const wrong = new URL(app.databaseUrl);
      wrong.password = 'not-the-password';
      const [, refused] = await findings({ DATABASE_URL: wrong.href });
      expect(refused.database).toMatchObject({ state: 'fault', message: expect.stringContaining('password authentication failed') });
      const [row] = await app.sql<{ name: string; timestamp: string }>(
        'DELETE FROM migrations WHERE id = (SELECT max(id) FROM migrations) RETURNING name, timestamp',
      );
      const [behindCode, behind] = await findings({});
      expect([behindCode, behind.migrations.state, behind.migrations.message]).toEqual([
        0,
        'note',
        expect.stringContaining(row?.name as string),
      ]);
      await app.sql('INSERT INTO migrations (timestamp, name) VALUES ($1, $2), (9, $3)', [row?.timestamp, row?.name, 'FromTheFuture9']);
      const [aheadCode, ahead] = await findings({});
      expect([aheadCode, ahead.migrations]).toEqual([
        0,
        expect.objectContaining({ state: 'note', message: expect.stringContaining('FromTheFuture9') }),
      ]);
      await app.sql("DELETE FROM migrations WHERE name = 'FromTheFuture9'");
    });

    it('signs in to Redis, and says when that refuses', async () => {
      const heard: string[] = [];
      const redis = createServer((socket) =>
        socket.on('data', (chunk: Buffer) => {
          heard.push(chunk.toString());
          if (chunk.includes('wrong')) socket.write('-WRONGPASS invalid username-password pair\r\n');
          else if (chunk.includes('PING')) socket.write('+OK\r\n+PONG\r\n');
        }),
      );
      const port = await listen(redis);
      const [, right] = await findings({ REDIS_URL: `redis://:p%40ss@127.0.0.1:${port}` });
      expect(right.redis).toMatchObject({ state: 'ok', message: `answers at 127.0.0.1:${port}` });
      expect(heard.join('')).toContain('*2\r\n$4\r\nAUTH\r\n$4\r\np@ss\r\n*1\r\n$4\r\nPING\r\n');
      const [, wrong] = await findings({ REDIS_URL: `redis://:wrong@127.0.0.1:${port}` });
      expect(wrong.redis).toMatchObject({ state: 'fault', message: 'WRONGPASS invalid username-password pair' });
      redis.close();
    });

    it('changes nothing, and tells programs as well', async () => {
      const before = await app.sql('SELECT count(*) FROM business');
      const { code, out } = await cli({ ...settings, PORT: new URL(app.url).port }, 'doctor', '--json');
      const found = (JSON.parse(out) as { check: string; state: string }[]).map(({ check, state }) => `${check} ${state}`);
      expect([code, found]).toEqual([0, expect.arrayContaining(['address ok', 'database ok', 'migrations ok', 'smtp note'])]);
      expect(await app.sql('SELECT count(*) FROM business')).toEqual(before);
    });
  });
});
