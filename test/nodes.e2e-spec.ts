import { setTimeout as sleep } from 'node:timers/promises';
import { RoomPump } from '../src/chat/room.pump.js';
import { startApp, type TestApp } from './support/app.js';
import {
  buildAgent,
  buildBusiness,
  buildGuest,
  buildRoom,
  newKey,
  PASSWORD,
  say,
  until,
  type Person,
  type Tenant,
} from './support/factories.js';
import { hasProgram, startRedis, stopRedis, type RedisProcess } from './support/redis-server.js';
import { rest } from './support/rest.js';
import { closeSockets, connect, type TestSocket } from './support/socket.js';

interface Talk {
  roomId: string;
  guest: Person;
  agent: Person;
  /** The guest is at one server, the agent at the other. */
  guestSocket: TestSocket;
  agentSocket: TestSocket;
}

/** P5: how long a message may take when no signal comes. */
const SWEPT_MS = 5_000;

(hasProgram('redis-server') ? describe : describe.skip)('several servers', () => {
  let redis: RedisProcess;
  let one: TestApp;
  let other: TestApp;
  let shop: Tenant;
  const rejections: unknown[] = [];
  const noteRejection = (error: unknown): void => void rejections.push(error);

  const health = async (app: TestApp): Promise<{ status: string; checks: object }> => (await rest(app.url, 'GET', '/health')).body;
  const isHealthy = async (app: TestApp, redisIs: string): Promise<void> => {
    const status = redisIs === 'ok' ? 'ok' : 'degraded';
    const is = await until(
      () => health(app),
      (now) => now.status === status,
      10_000,
    );
    expect(is).toMatchObject({ status, checks: { database: 'ok', redis: redisIs } });
  };
  const talk = async (): Promise<Talk> => {
    const [{ room, guest }, agent] = await Promise.all([buildRoom(one.url, shop), buildAgent(one.url, shop)]);
    const [guestSocket, agentSocket] = await Promise.all([connect(one.url, guest.token), connect(other.url, agent.token)]);
    await guestSocket.call('room.join', { roomId: room.id });
    await agentSocket.call('room.join', { roomId: room.id });
    return { roomId: room.id, guest, agent, guestSocket, agentSocket };
  };
  const send = (socket: TestSocket, roomId: string, body: string): Promise<{ seq: number }> =>
    socket.call('message.send', { roomId, clientMessageId: newKey(), body });
  const hears = async (socket: TestSocket, body: string, ms?: number): Promise<void> => {
    await socket.waitFor('message.created', (entry) => entry.body === body, ms);
  };
  /** While no sweep looks for what was not told: what is heard was told by the other server. */
  const withoutSweeps = <T>(work: () => Promise<T>): Promise<T> => {
    const pumps = [one, other].map(({ app }) => app.get<{ sweep: () => Promise<void> }>(RoomPump));
    const sweeps = pumps.map((pump) => jest.spyOn(pump, 'sweep').mockResolvedValue());
    return work().finally(() => sweeps.forEach((sweep) => sweep.mockRestore()));
  };
  /** What the chat must do whatever becomes of Redis. */
  const goesOn = async ({ roomId, guestSocket, agentSocket }: Talk, what: string): Promise<void> => {
    await Promise.all([send(guestSocket, roomId, `${what}: asked`), hears(agentSocket, `${what}: asked`, SWEPT_MS)]);
    await Promise.all([send(agentSocket, roomId, `${what}: answered`), hears(guestSocket, `${what}: answered`, SWEPT_MS)]);
  };

  beforeAll(async () => {
    process.on('unhandledRejection', noteRejection);
    redis = await startRedis();
    one = await startApp({ REDIS_URL: redis.url });
    other = await startApp({ REDIS_URL: redis.url }, one.databaseUrl);
    shop = await buildBusiness(one.url);
    await Promise.all([isHealthy(one, 'ok'), isHealthy(other, 'ok')]);
  });
  afterEach(closeSockets);
  afterAll(async () => {
    await Promise.all([one.close(), other.close()]);
    stopRedis();
    process.off('unhandledRejection', noteRejection);
  });

  it('P3 P5 J7 messages go both ways at once and stay in order', async () => {
    const { roomId, guestSocket, agentSocket } = await talk();
    const both = [guestSocket, agentSocket];
    await Promise.all(both.flatMap((socket, side) => Array.from({ length: 20 }, (_, n) => send(socket, roomId, `${side} ${n}`))));
    await withoutSweeps(async () => {
      await Promise.all([send(guestSocket, roomId, 'the last one'), hears(agentSocket, 'the last one')]);
      await Promise.all([send(agentSocket, roomId, 'good bye'), hears(guestSocket, 'good bye')]);
    });
    for (const socket of both) {
      const seqs = socket.all('message.created').map(({ seq }) => seq as number);
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
      expect(new Set(seqs).size).toBe(seqs.length);
    }
  });

  it('J7 marks, typing, members and viewers are those of all servers', async () => {
    const { roomId, guest, agent, guestSocket, agentSocket } = await talk();
    const [{ seq }] = await withoutSweeps(() => Promise.all([send(guestSocket, roomId, 'hello'), hears(agentSocket, 'hello')]));
    await agentSocket.call('message.mark', { roomId, delivered: seq });
    await agentSocket.call('room.claim', { roomId });
    await agentSocket.call('message.mark', { roomId, read: seq });
    await guestSocket.waitFor('room.marked', (mark) => mark.userId === agent.id && mark.readSeq === seq, 1_500);

    await agentSocket.call('typing.start', { roomId });
    await guestSocket.waitFor('typing.started', ({ user }) => user.id === agent.id, 1_500);
    const admin = await connect(one.url, shop.admin.token);
    await admin.call('room.join', { roomId });
    expect(await admin.call('room.viewers', { roomId })).toMatchObject({
      items: expect.arrayContaining([{ user: expect.objectContaining({ id: agent.id }), composing: 'public' }]),
    });
    await agentSocket.waitFor('room.member_joined', ({ user }) => user.id === shop.admin.id, 1_500);
    await agentSocket.call('typing.stop', { roomId });
    await guestSocket.waitFor('typing.stopped', ({ user }) => user.id === agent.id, 1_500);

    // Open at both servers: the person has left once both are gone.
    const second = await connect(one.url, agent.token);
    await second.call('room.join', { roomId });
    agentSocket.close();
    await sleep(500);
    expect(admin.all('room.member_left')).toEqual([]);
    second.close();
    await admin.waitFor('room.member_left', ({ user }) => user.id === agent.id, 1_500);
    expect((await admin.call('room.viewers', { roomId })).items.map(({ user }: { user: Person }) => user.id)).toEqual([shop.admin.id]);
    expect(guest.id).not.toBe(agent.id);
  });

  it('J7 rooms, queue and presence are told by every server', async () => {
    const watcher = await connect(other.url, shop.admin.token);
    const { room, guest } = await buildRoom(one.url, shop);
    await watcher.waitFor('room.created', ({ id }) => id === room.id, 1_500);
    const customer = await connect(other.url, guest.token);
    await customer.call('room.join', { roomId: room.id });
    // A queue is read at most once a second, and a slow reading makes a longer rest.
    const { position } = await customer.waitFor('queue.moved', ({ roomId }) => roomId === room.id, 15_000);
    expect(position).toBeGreaterThan(0);

    const agent = await buildAgent(one.url, shop);
    const agentSocket = await connect(one.url, agent.token);
    await watcher.waitFor('presence.changed', ({ userId, status }) => userId === agent.id && status === 'online', 2_000);
    await agentSocket.call('presence.set', { status: 'busy' });
    await watcher.waitFor('presence.changed', ({ userId, status }) => userId === agent.id && status === 'busy', 2_000);
    await agentSocket.call('room.claim', { roomId: room.id });
    await watcher.waitFor('room.updated', ({ id, assignee }) => id === room.id && assignee?.id === agent.id, 1_500);
    await customer.waitFor('room.updated', ({ assignee }) => assignee?.id === agent.id, 1_500);
    await rest(one.url, 'POST', `/api/rooms/${room.id}/assign`, { token: shop.admin.token, body: { agentId: null } });
    await until(
      () => Promise.resolve(customer.all('queue.moved')),
      ({ length }) => length > 1,
      15_000,
    );
    expect(customer.all('queue.moved').length).toBeGreaterThan(1);
  });

  it('P10 a session that ends at one server is cut at the other', async () => {
    const agent = await buildAgent(one.url, shop);
    const socket = await connect(other.url, agent.token);
    const began = Date.now();
    expect((await rest(one.url, 'POST', '/api/auth/logout', { token: agent.token })).status).toBe(204);
    await socket.disconnected;
    expect(Date.now() - began).toBeLessThan(2_000);
    expect(socket.all('session.ended')).toEqual([{ reason: 'logout' }]);
  });

  it('A15 J17 tries to sign in are counted by all servers together', async () => {
    const [strict, alsoStrict] = await Promise.all(
      [1, 2].map(() => startApp({ REDIS_URL: redis.url, RATE_LIMIT_FACTOR: '1' }, one.databaseUrl)),
    );
    const email = `nobody-${newKey()}@shop.example`;
    const attempt = async (app: TestApp): Promise<number> =>
      (await rest(app.url, 'POST', '/api/auth/login', { body: { email, password: PASSWORD, business: shop.slug } })).status;
    const answers: number[] = [];
    for (let n = 0; n < 6; n++) answers.push(await attempt(n % 2 ? strict! : alsoStrict!));
    expect(answers).toEqual([401, 401, 401, 401, 401, 429]);
    // Nobody's address stands in Redis.
    expect(await redis.send('KEYS', '*')).not.toContain(email);
    await Promise.all([strict!.close(), alsoStrict!.close()]);
  });

  it('J17 two installations at one Redis do not hear of each other, nor does what is not signed count', async () => {
    const stranger = await startApp({ REDIS_URL: redis.url });
    const channels = (await redis.send('PUBSUB', 'CHANNELS')).split('\r\n').filter((line) => line.startsWith('parley:'));
    expect(new Set(channels).size).toBe(2);
    const { roomId, guestSocket, agentSocket, agent } = await talk();
    const forged = JSON.stringify(['0198c0de-0000-7000-8000-000000000000', 1, false, false, [['typing.started', { roomId }]]]);
    for (const channel of channels) {
      await redis.send('PUBLISH', channel, 'rubbish');
      await redis.send('PUBLISH', channel, 'x'.repeat(43) + forged.replace(/"/g, '\\"'));
    }
    await agentSocket.call('typing.start', { roomId });
    await guestSocket.waitFor('typing.started', ({ user }) => user.id === agent.id, 1_500);
    expect(guestSocket.all('typing.started')).toHaveLength(1);
    await stranger.close();
  });

  it('X6 Redis is flushed, and nobody notices', async () => {
    const now = await talk();
    expect(await redis.send('FLUSHALL')).toMatch(/OK/);
    await goesOn(now, 'flushed');
    await isHealthy(one, 'ok');
  });

  it('X5 P5 Redis hangs: chat goes on, health says so, and what was missed is mended after', async () => {
    const now = await talk();
    const watcher = await connect(other.url, shop.admin.token);
    redis.signal('SIGSTOP');
    try {
      await goesOn(now, 'hanging');
      await Promise.all([isHealthy(one, 'unavailable'), isHealthy(other, 'unavailable')]);
      // Rooms are looked for in the database meanwhile.
      const { room } = await buildRoom(one.url, shop);
      await watcher.waitFor('room.created', ({ id }) => id === room.id, SWEPT_MS);
      const { seq } = await send(now.guestSocket, now.roomId, 'mark me');
      await now.agentSocket.call('message.mark', { roomId: now.roomId, read: seq });
    } finally {
      redis.signal('SIGCONT');
    }
    await Promise.all([isHealthy(one, 'ok'), isHealthy(other, 'ok')]);
    const admin = await connect(one.url, shop.admin.token);
    await admin.call('room.join', { roomId: now.roomId });
    await goesOn(now, 'awake');
    expect(await admin.call('room.viewers', { roomId: now.roomId })).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ user: expect.objectContaining({ id: now.agent.id }) })]),
    });
  });

  it('X5 P5 Redis is killed and comes back empty', async () => {
    const now = await talk();
    await now.agentSocket.call('room.claim', { roomId: now.roomId });
    redis.signal('SIGKILL');
    await goesOn(now, 'killed');
    await isHealthy(one, 'unavailable');
    const { seq } = await send(now.guestSocket, now.roomId, 'one more');
    await hears(now.agentSocket, 'one more', SWEPT_MS);
    await now.agentSocket.call('message.mark', { roomId: now.roomId, read: seq });
    redis = await startRedis(redis.port);
    await Promise.all([isHealthy(one, 'ok'), isHealthy(other, 'ok')]);
    // The mark was told while nobody could hear it.
    await now.guestSocket.waitFor('room.marked', (mark) => mark.userId === now.agent.id && mark.readSeq >= seq);
    await goesOn(now, 'back');
    await withoutSweeps(() => Promise.all([send(now.guestSocket, now.roomId, 'told again'), hears(now.agentSocket, 'told again')]));
  });

  it('X5 X8 a server that finds no Redis at its start works all the same', async () => {
    const alone = await startApp({ REDIS_URL: 'redis://127.0.0.1:1', RATE_LIMIT_FACTOR: '1' }, one.databaseUrl);
    expect(alone.log.some((line) => line.includes('Redis does not answer'))).toBe(true);
    await isHealthy(alone, 'unavailable');
    expect((await rest(alone.url, 'GET', '/health/ready')).status).toBe(200);
    const guest = await buildGuest(alone.url, shop);
    const { room } = await buildRoom(alone.url, shop, guest);
    const agentSocket = await connect(other.url, (await buildAgent(one.url, shop)).token);
    await agentSocket.call('room.join', { roomId: room.id });
    await say(alone.url, guest, room.id, 'from the outside');
    await hears(agentSocket, 'from the outside', SWEPT_MS);
    // On its own it lets through half of what all may do together.
    const email = `nobody-${newKey()}@shop.example`;
    const answers: number[] = [];
    for (let n = 0; n < 3; n++) {
      answers.push((await rest(alone.url, 'POST', '/api/auth/login', { body: { email, password: PASSWORD, business: shop.slug } })).status);
    }
    expect(answers).toEqual([401, 401, 429]);
    await alone.close();
  });

  it('no promise was left to fail on its own', () => {
    expect(rejections).toEqual([]);
  });
});
