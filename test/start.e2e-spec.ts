import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import type { Message } from '../src/contract/message.js';
import type { CustomerRoom } from '../src/contract/room.js';
import { isAlive } from '../src/database/postgres-cluster.js';
import { buildGuest, newKey, say } from './support/factories.js';
import { rest } from './support/rest.js';
import {
  canBeNobody,
  cleanUp,
  copyOf,
  newDataDir,
  postgresPid,
  postgresUrl,
  spawnServer,
  startServer,
  stopServer,
  until,
  type ServerProcess,
} from './support/server-process.js';
import { closeSockets, connect } from './support/socket.js';

const DEMO = { slug: 'demo' };
const LIBRARIES = [
  ...['@nestjs/core', '@nestjs/common', '@nestjs/typeorm', '@nestjs/websockets', '@nestjs/platform-express'],
  ...['typeorm', 'pg', 'socket.io', 'class-validator'],
];
const PASSWORD_LINE = /^ {2}(admin|agent) {3}(\S+@demo\.example) {3}(\S+)$/gm;

interface Login {
  email: string;
  password: string;
}

const printedLogins = ({ stdout }: Pick<ServerProcess, 'stdout'>): Login[] =>
  [...stdout().matchAll(PASSWORD_LINE)].map(([, , email = '', password = '']) => ({ email, password }));

/** CPU seconds that loading the libraries takes on this machine at this moment: a start cannot do with less. */
const loadingCpu = (): number => {
  const load = `await Promise.all(${JSON.stringify(LIBRARIES)}.map((name) => import(name)));
    const { user, system } = process.cpuUsage(); console.log((user + system) / 1e6);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', load], { encoding: 'utf8' }));
};

const login = (url: string, body: Login): ReturnType<typeof rest> => rest(url, 'POST', '/api/auth/login', { body });

const roomOf = async (url: string, token: string): Promise<CustomerRoom> =>
  (await rest(url, 'POST', '/api/rooms', { token, body: {} })).body;

const historyOf = async (url: string, token: string, roomId: string): Promise<Message[]> => {
  const { status, body } = await rest(url, 'GET', `/api/rooms/${roomId}/messages?limit=200`, { token });
  expect(status).toBe(200);
  return body.items;
};

describe('the server as a process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-used-'));
  /** Of a server that has run: a first start takes three times as long as another. */
  const used = join(folder, 'data');

  beforeAll(async () => {
    await stopServer(await startServer({ DATA_DIR: used }));
  });
  afterEach(async () => {
    closeSockets();
    await cleanUp();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('makes the demo business on its first start and reuses everything on the second', async () => {
    const DATA_DIR = newDataDir();
    const first = await startServer({ DATA_DIR }, { isByLauncher: true });
    await until(() => first.stdout().includes('admin@demo.example'), 'the banner');
    expect(first.stdout()).toContain(`${DATA_DIR}/mailbox`);
    const logins = printedLogins(first);
    expect(logins.map(({ email }) => email)).toEqual(['admin@demo.example', 'agent@demo.example']);
    for (const one of logins) {
      expect(first.stdout().split(one.password)).toHaveLength(2);
      expect(await login(first.url, one)).toMatchObject({ status: 200, body: { user: { email: one.email } } });
      expect(first.stderr()).not.toContain(one.password);
    }
    const guest = await buildGuest(first.url, DEMO);
    const room = await roomOf(first.url, guest.token);
    const said = await say(first.url, guest, room.id, 'Is anybody there?');
    expect(await stopServer(first)).toEqual({ code: 0, signal: null });

    const second = await startServer({ DATA_DIR }, { isByLauncher: true });
    // How long that takes the benchmark measures; here it is what the server computes, beside what loading its libraries alone does.
    if (second.startCpu !== undefined) expect(second.startCpu).toBeLessThanOrEqual(3 * loadingCpu());
    await until(() => second.stdout().includes('is up'), 'the banner');
    expect(second.stdout()).not.toMatch(/password|@demo\.example/);
    expect((await login(second.url, logins[0]!)).status).toBe(200);
    expect(await historyOf(second.url, guest.token, room.id)).toEqual([said]);
    await stopServer(second);
  });

  it('P1 adopts the PostgreSQL of a server that was killed', async () => {
    const DATA_DIR = copyOf(used);
    const killed = await startServer({ DATA_DIR });
    const guest = await buildGuest(killed.url, DEMO);
    const room = await roomOf(killed.url, guest.token);
    const said = await say(killed.url, guest, room.id, 'Do not lose this');
    const pid = killed.postgresPid();
    await stopServer(killed, 'SIGKILL');
    expect(isAlive(pid)).toBe(true);

    const next = await startServer({ DATA_DIR });
    expect(next.postgresPid()).toBe(pid);
    expect(await historyOf(next.url, guest.token, room.id)).toEqual([said]);
    expect(await stopServer(next)).toEqual({ code: 0, signal: null });
    expect(isAlive(pid)).toBe(false);
  });

  it('starts beside the pid file of a PostgreSQL that is no more, whose number another program has', async () => {
    const DATA_DIR = copyOf(used);
    const first = await startServer({ DATA_DIR });
    const pidFile = join(DATA_DIR, 'pg/postmaster.pid');
    const lines = readFileSync(pidFile, 'utf8').split('\n');
    await stopServer(first);
    const { uid, gid } = statSync(join(DATA_DIR, 'pg'));
    const other = spawn('sleep', ['60'], { uid, gid });
    writeFileSync(pidFile, [other.pid, ...lines.slice(1)].join('\n'));
    try {
      const second = await startServer({ DATA_DIR });
      expect(second.postgresPid()).not.toBe(other.pid);
      expect((await stopServer(second)).code).toBe(0);
      expect(isAlive(other.pid!)).toBe(true);
    } finally {
      other.kill();
    }
  });

  it('X3 answers unavailable while its PostgreSQL is dead, and recovers by itself', async () => {
    const server = await startServer({ DATA_DIR: copyOf(used) });
    const guest = await buildGuest(server.url, DEMO);
    const room = await roomOf(server.url, guest.token);
    const said = await say(server.url, guest, room.id, 'Before');
    const dead = server.postgresPid();
    process.kill(dead, 'SIGKILL');

    const refusals: unknown[] = [];
    await until(async () => {
      const { status, body } = await rest(server.url, 'GET', `/api/rooms/${room.id}/messages`, { token: guest.token });
      if (status !== 200) refusals.push({ status, code: body.code, retryable: body.retryable });
      return status === 200 && postgresPid(server.dataDir) !== dead && refusals.length > 0;
    }, 'recovery');
    expect(refusals).toEqual(refusals.map(() => ({ status: 503, code: 'unavailable', retryable: true })));
    const after = await say(server.url, guest, room.id, 'After');
    expect(await historyOf(server.url, guest.token, room.id)).toEqual([said, after]);

    const revived = server.postgresPid();
    expect(await stopServer(server)).toEqual({ code: 0, signal: null });
    expect(isAlive(revived)).toBe(false);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'P11 on %s answers what is under way, tells the clients, and stops its PostgreSQL',
    async (signal) => {
      const DATA_DIR = copyOf(used);
      const server = await startServer({ DATA_DIR });
      const guest = await buildGuest(server.url, DEMO);
      const room = await roomOf(server.url, guest.token);
      const socket = await connect(server.url, guest.token);
      await socket.call('room.join', { roomId: room.id });
      const pid = server.postgresPid();

      // The counters are held, so that the sends are surely under way when the signal comes.
      const holder = new pg.Client({ connectionString: postgresUrl(DATA_DIR) });
      await holder.connect();
      await holder.query('BEGIN');
      await holder.query('SELECT 1 FROM stream_counter FOR UPDATE');
      const commands = Array.from({ length: 50 }, (_, index) => ({ roomId: room.id, clientMessageId: newKey(), body: `Message ${index}` }));
      const answers = commands.map((command) => socket.ask('message.send', command));
      const isHeld = async (): Promise<boolean> =>
        (await holder.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).rowCount === 1;
      await until(isHeld, 'the writer waits');
      server.signal(signal);
      await until(async () => (await fetch(`${server.url}/health/ready`)).status === 503, 'not ready', 1_000);
      expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
      await holder.query('COMMIT');
      await holder.end();

      const acked = (await Promise.all(answers)).map((answer) => answer.ok && answer.data);
      expect(acked.map((message) => (message ? message.body : undefined))).toEqual(commands.map(({ body }) => body));
      const { retryAfterMs } = await socket.waitFor('server.draining');
      expect(Number.isInteger(retryAfterMs) && retryAfterMs >= 0 && retryAfterMs <= 5_000).toBe(true);
      await socket.disconnected;
      expect(await server.exited).toEqual({ code: 0, signal: null });
      expect(server.stderr()).not.toMatch(/the stop went wrong|uncaughtException|unhandledRejection/);
      expect(isAlive(pid)).toBe(false);
      expect(postgresPid(DATA_DIR)).toBeUndefined();

      const next = await startServer({ DATA_DIR });
      expect(await historyOf(next.url, guest.token, room.id)).toEqual(acked);
    },
  );

  it('P11 T11 loses no acked message when it is stopped under load', async () => {
    const DATA_DIR = copyOf(used);
    const server = await startServer({ DATA_DIR });
    const guest = await buildGuest(server.url, DEMO);
    const room = await roomOf(server.url, guest.token);
    const socket = await connect(server.url, guest.token);
    const commands: { roomId: string; clientMessageId: string; body: string }[] = [];
    const acked: Message[] = [];
    const send = async (): Promise<void> => {
      const command = { roomId: room.id, clientMessageId: newKey(), body: `Message ${commands.length}` };
      commands.push(command);
      const answer = await socket.ask('message.send', command).catch(() => undefined);
      if (!answer?.ok) return;
      acked.push(answer.data);
      await send();
    };
    const writers = Array.from({ length: 5 }, send);
    await until(() => acked.length >= 20, 'some acks');
    server.signal('SIGTERM');
    await Promise.all(writers);
    expect((await server.exited).code).toBe(0);

    const next = await startServer({ DATA_DIR });
    const again = await connect(next.url, guest.token);
    for (const command of commands) await again.call('message.send', command);
    const history: Message[] = [];
    for (let more = true; more;) {
      const page = await again.call('message.list', { roomId: room.id, after: history.at(-1)?.seq ?? 0, limit: 200 });
      history.push(...page.items);
      more = page.hasMore;
    }
    expect(history.map(({ seq }) => seq)).toEqual(commands.map((_, index) => index + 1));
    expect(new Set(history.map(({ clientMessageId }) => clientMessageId))).toEqual(new Set(commands.map((one) => one.clientMessageId)));
    for (const message of acked) expect(history[message.seq - 1]).toEqual(message);
  });

  it('is not held up by a request that never ends', async () => {
    const server = await startServer({ DATA_DIR: copyOf(used) });
    const slow = connectTcp(Number(new URL(server.url).port), '127.0.0.1');
    slow.on('error', () => undefined);
    const head = ['POST /api/auth/login HTTP/1.1', 'Host: x', 'Content-Type: application/json', 'Content-Length: 99'];
    slow.write(`${head.join('\r\n')}\r\n\r\n{`);
    await new Promise((done) => slow.once('connect', done));
    await until(async () => (await fetch(`${server.url}/health/live`)).ok, 'an answer behind it');
    const began = performance.now();
    expect(await stopServer(server)).toEqual({ code: 0, signal: null });
    expect(performance.now() - began).toBeLessThan(12_000);
    slow.destroy();
  });

  it('stops in the middle of its first start and leaves nothing running', async () => {
    const DATA_DIR = newDataDir();
    const { child, exited, stderr } = spawnServer({ DATA_DIR, PORT: '0' });
    await until(() => postgresPid(DATA_DIR) !== undefined, 'PostgreSQL starts');
    const pid = postgresPid(DATA_DIR)!;
    child.kill('SIGTERM');
    expect(await exited).toEqual({ code: 0, signal: null });
    expect(stderr()).toBe('');
    expect(isAlive(pid)).toBe(false);
  });

  it('runs in a folder that nobody else may enter, with a PostgreSQL that is not root', async () => {
    const DATA_DIR = newDataDir();
    expect(statSync(dirname(DATA_DIR)).mode & 0o777).toBe(0o700);
    const server = await startServer({ DATA_DIR });
    if (process.platform === 'linux') {
      const [, uid] = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${server.postgresPid()}/status`, 'utf8')) ?? [];
      expect(Number(uid)).not.toBe(0);
    }
    expect((await stopServer(server)).code).toBe(0);
  });

  (canBeNobody() ? it : it.skip)('runs as an ordinary user', async () => {
    const DATA_DIR = newDataDir({ isNobody: true });
    const server = await startServer({ DATA_DIR }, { isNobody: true });
    const guest = await buildGuest(server.url, DEMO);
    const room = await roomOf(server.url, guest.token);
    await say(server.url, guest, room.id, 'Hello');
    expect(statSync(join(DATA_DIR, 'secrets.json'))).toMatchObject({ uid: 65_534, mode: 0o100600 });
    expect((await stopServer(server)).code).toBe(0);
  });

  it('runs in production on its embedded PostgreSQL, closed and with a warning', async () => {
    const server = await startServer({ NODE_ENV: 'production', HOST: '127.0.0.1', DATA_DIR: newDataDir(), BCRYPT_COST: '10' });
    await until(() => server.stdout().includes('is up'), 'the banner');
    expect(server.stdout()).not.toMatch(/password/);
    expect(server.stderr()).toContain('the embedded PostgreSQL is used in production');
    expect(server.stderr()).toContain('no mail is sent: SMTP_URL is not set');
    const body = { name: 'Shop', admin: { name: 'Ada', email: 'ada@shop.example', password: 'correct horse battery' } };
    expect(await rest(server.url, 'POST', '/api/businesses', { body })).toMatchObject({ status: 403, body: { code: 'access.denied' } });
    expect((await rest(server.url, 'GET', '/api/businesses/demo')).status).toBe(404);
  });
});
