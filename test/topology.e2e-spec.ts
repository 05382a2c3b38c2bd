import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { dirname, join } from 'node:path';
import type { SocketError } from '../src/contract/error-code.js';
import { newDatabase } from './support/app.js';
import {
  buildAgent,
  buildBusiness,
  buildRoom,
  newKey,
  PASSWORD,
  until as eventually,
  type Person,
  type Tenant,
} from './support/factories.js';
import { hasProgram, startRedis, stopRedis, type RedisProcess } from './support/redis-server.js';
import { rest } from './support/rest.js';
import { cleanUp, freePort, newDataDir, startServer, stopServer, until, type ServerProcess } from './support/server-process.js';
import { closeSockets, connect, type TestSocket } from './support/socket.js';

/** One place in the world; from many, so that the proxy takes some to each server. */
interface Client {
  person: Person;
  socket: TestSocket;
  /** In the room, over the connection that it has now. */
  joined: boolean;
  cuts: string[];
  acked: string[];
}

const CLIENTS = 8;
const ROOT = join(__dirname, '..');

const canConnect = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connectTcp(port, '127.0.0.1', () => {
      socket.destroy();
      done(true);
    }).once('error', () => done(false));
  });

((['redis-server', 'haproxy', 'openssl'] as const).every(hasProgram) ? describe : describe.skip)('two servers behind the proxy', () => {
  let redis: RedisProcess;
  let database: string;
  let servers: ServerProcess[];
  const proxies: ChildProcess[] = [];
  let url: string;
  let shop: Tenant;
  let roomId: string;
  const clients: Client[] = [];

  const start = (port?: string): Promise<ServerProcess> =>
    startServer({
      NODE_ENV: 'production',
      DATABASE_URL: database,
      DATABASE_POOL: '5',
      REDIS_URL: redis.url,
      JWT_ACCESS_SECRET: 'only-of-this-test-6f1d0c9b8a7e5d4c3b2a',
      DATA_DIR: newDataDir(),
      HOST: '127.0.0.1',
      PUBLIC_URL: url,
      SIGNUP: 'open',
      TRUST_PROXY: '1',
      RATE_LIMIT_FACTOR: '100',
      ...(port !== undefined && { PORT: port }),
    });
  const startProxy = (BIND: string): void => {
    const [APP_1, APP_2] = servers.map((server) => new URL(server.url).host);
    const env = { PATH: process.env.PATH, BIND, APP_1, APP_2 };
    proxies.push(spawn('haproxy', ['-db', '-f', join(ROOT, 'haproxy.cfg')], { env, stdio: 'ignore' }));
  };
  const isReady = (): Promise<boolean> =>
    fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );

  const arrive = async (person: Person, index: number): Promise<Client> => {
    const agent = new Agent({ localAddress: `127.0.0.${index + 10}`, keepAlive: true });
    const transports = [index % 2 === 0 ? 'polling' : 'websocket'];
    const options = {
      transports,
      upgrade: false,
      agent: agent as never,
      reconnection: true,
      reconnectionDelay: 200,
      reconnectionDelayMax: 500,
    };
    const socket = await connect(url, person.token, options);
    const client: Client = { person, socket, joined: false, cuts: [], acked: [] };
    socket.raw.on('disconnect', (reason) => {
      client.joined = false;
      client.cuts.push(reason);
      // Whom the server sends away comes back as well.
      if (reason === 'io server disconnect') socket.raw.connect();
    });
    // Whom a server refuses that is about to stop asks again: Socket.IO does not by itself.
    socket.raw.on('connect_error', ({ data }: { data?: SocketError }) => {
      if (data?.retryable) setTimeout(() => socket.raw.connect(), 200);
    });
    const join = async (): Promise<void> => {
      const { id } = socket.raw;
      while (!client.joined && socket.raw.connected && socket.raw.id === id) {
        client.joined = await socket.raw
          .timeout(1_500)
          .emitWithAck('room.join', { roomId })
          .then(
            ({ ok }: { ok: boolean }) => ok && socket.raw.id === id,
            () => false,
          );
      }
    };
    socket.raw.on('connect', () => void join());
    await join();
    return client;
  };
  /** As a good client sends: again under the same key until there is an answer. */
  const send = async ({ socket, acked }: Client, body: string): Promise<void> => {
    const command = { roomId, clientMessageId: newKey(), body };
    for (const deadline = Date.now() + 15_000; Date.now() < deadline;) {
      const answer = (await socket.raw
        .timeout(1_500)
        .emitWithAck('message.send', command)
        .catch(() => undefined)) as { ok: boolean } | undefined;
      if (answer?.ok) {
        acked.push(body);
        return;
      }
    }
    throw new Error(`${body} was never acknowledged`);
  };
  const sendAll = (what: string, times: number): Promise<unknown> =>
    Promise.all(
      clients.map(async (client, index) => {
        for (let n = 0; n < times; n++) await send(client, `${what} ${index} ${n}`);
      }),
    );
  const history = async (): Promise<{ seq: number; body: string | null }[]> => {
    const { body } = await rest(url, 'GET', `/api/rooms/${roomId}/messages?limit=200`, { token: shop.admin.token });
    return body.items;
  };
  /** P1, P3: all that was acknowledged is there, once and without a gap. */
  const nothingIsLost = async (): Promise<void> => {
    const entries = await history();
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
    const acked = clients.flatMap((client) => client.acked).sort();
    expect(
      entries
        .map(({ body }) => body)
        .filter((body) => body !== null)
        .sort(),
    ).toEqual(acked);
  };
  /** Every client is back in the room and hears what is said now. */
  const allHear = async (body: string): Promise<void> => {
    const [first] = clients;
    await until(() => clients.every(({ joined }) => joined), 'all are in the room');
    await send(first!, body);
    await Promise.all(clients.slice(1).map(({ socket }) => socket.waitFor('message.created', (entry) => entry.body === body, 10_000)));
  };

  beforeAll(async () => {
    redis = await startRedis();
    database = await newDatabase();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    // One after the other: each takes a free port for itself.
    servers = [await start(), await start()];
    startProxy(`127.0.0.1:${port}`);
    await until(isReady, 'the proxy finds the servers');
    shop = await buildBusiness(url);
    ({
      room: { id: roomId },
    } = await buildRoom(url, shop));
    const agents = [await buildAgent(url, shop), await buildAgent(url, shop)];
    for (let index = 0; index < CLIENTS; index++) clients.push(await arrive(agents[index % 2]!, index));
  }, 300_000);
  afterAll(async () => {
    for (const { socket } of clients) socket.raw.off();
    closeSockets();
    // Long polls that are under way end with the proxy.
    await new Promise((done) => setTimeout(done, 200));
    for (const proxy of proxies) proxy.kill('SIGKILL');
    await cleanUp();
    stopRedis();
  });

  it('J12 polling and WebSocket clients of both servers hear each other', async () => {
    await sendAll('calm', 2);
    await allHear('heard by all');
    await nothingIsLost();
  });

  it('A53 J12 the proxy says where a client is, whatever the client says of it', async () => {
    const answer = await rest(url, 'POST', '/api/auth/login', {
      body: { email: shop.admin.email, password: PASSWORD, business: shop.slug },
      headers: { 'X-Forwarded-For': '198.51.100.7', Forwarded: 'for=198.51.100.7', 'X-Forwarded-Proto': 'https' },
    });
    const sessions = await rest(url, 'GET', '/api/auth/sessions', { token: answer.body.accessToken });
    expect(sessions.body.items.find(({ current }: { current: boolean }) => current).ip).toBe('127.0.0.1');
    expect((await fetch(`${url}/metrics`)).status).toBe(404);
  });

  it('J12 the proxy ends TLS itself, as docker-compose.tls.yml has it', async () => {
    const folder = dirname(newDataDir());
    const [key, certificate, both] = ['key.pem', 'certificate.pem', 'both.pem'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const make = [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '1',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
    ];
    execFileSync('openssl', [...make, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
    writeFileSync(both, readFileSync(certificate, 'utf8') + readFileSync(key, 'utf8'));
    const port = await freePort();
    const [, bind = ''] = /BIND: (.+)/.exec(readFileSync(join(ROOT, 'docker-compose.tls.yml'), 'utf8')) ?? [];
    startProxy(bind.replace(/^\S+/, `127.0.0.1:${port}`).replace(/\S+\.pem/, both));
    await until(() => canConnect(port), 'the proxy listens');
    const agent = new TlsAgent({ ca: readFileSync(certificate) });
    const [{ person }] = clients as [Client];
    const socket = await connect(`https://127.0.0.1:${port}`, person.token, { transports: ['websocket'], agent: agent as never });
    expect(await socket.ask('room.join', { roomId })).toMatchObject({ ok: true });
    socket.raw.close();
  });

  it('X1 P1 one server is killed while all write: its clients go on at the other, and nothing is lost', async () => {
    const writing = sendAll('storm', 6);
    servers[0]!.signal('SIGKILL');
    await writing;
    const cut = clients.filter(({ cuts }) => cuts.length > 0).length;
    // Both servers had some.
    expect(cut).toBeGreaterThan(0);
    expect(cut).toBeLessThan(CLIENTS);
    await allHear('after the storm');
    await nothingIsLost();
    expect(await isReady()).toBe(true);
  });

  it('X14 P11 the other one is stopped in its turn: it drains, and its clients are at the first again', async () => {
    servers[0] = await start(new URL(servers[0]!.url).port);
    await eventually(
      () => rest(servers[0]!.url, 'GET', '/health'),
      ({ body }) => body.checks.redis === 'ok',
    );
    // The proxy has to see that it is back.
    await new Promise((done) => setTimeout(done, 2_500));
    const began = Date.now();
    const writing = sendAll('drain', 4);
    expect(await stopServer(servers[1]!)).toEqual({ code: 0, signal: null });
    expect(Date.now() - began).toBeLessThan(15_000);
    await writing;
    await allHear('after the drain');
    await nothingIsLost();
  });
});
