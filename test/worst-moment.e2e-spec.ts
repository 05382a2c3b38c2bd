import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Message } from '../src/contract/message.js';
import { newDatabase, startApp, type TestApp } from './support/app.js';
import { buildBusiness, buildRoom, buildTalk, newKey, setUp, until as eventually, type Tenant } from './support/factories.js';
import { startProxy, type Proxy } from './support/proxy.js';
import { rest } from './support/rest.js';
import { cleanUp, newDataDir, startServer, stopServer, type ServerProcess } from './support/server-process.js';
import { closeSockets, connect } from './support/socket.js';

const STANDS_STILL_MS = 3_000;
/** The same as that of `startApp`: tokens of one server are taken by the other. */
const JWT_ACCESS_SECRET = 'b9c1f2d3a4e5968778695a4b3c2d1e0f';

describe('a server at the worst moment', () => {
  let proxy: Proxy;
  let server: ServerProcess;
  let database: string;
  let other: TestApp;
  let shop: Tenant;
  let sql: pg.Pool;

  const start = (port?: string): Promise<ServerProcess> => {
    const address = new URL(database);
    address.host = new URL(proxy.url).host;
    return startServer({
      DATABASE_URL: address.href,
      DATABASE_POOL: '5',
      JWT_ACCESS_SECRET,
      DATA_DIR: newDataDir(),
      BCRYPT_COST: '4',
      LOG_LEVEL: 'error',
      ...(port !== undefined && { PORT: port }),
    });
  };
  const stored = async (roomId: string): Promise<{ id: string; seq: number }[]> =>
    (await sql.query<{ id: string; seq: number }>('SELECT id, seq FROM message WHERE room_id = $1 ORDER BY seq', [roomId])).rows;

  /** Whether the server waits for a lock of somebody else's. */
  const isWaiting = async (): Promise<boolean> => {
    const { rowCount } = await sql.query(
      "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'parley' AND wait_event_type = 'Lock'",
    );
    return rowCount !== 0;
  };

  beforeAll(async () => {
    database = await newDatabase();
    proxy = await startProxy(`http://${new URL(database).host}`);
    server = await start();
    other = await startApp({}, database);
    sql = new pg.Pool({ connectionString: database, max: 2 });
    shop = await buildBusiness(server.url);
  }, 120_000);
  afterEach(closeSockets);
  afterAll(async () => {
    await cleanUp();
    await other.close();
    await proxy.close();
    await sql.end();
  });

  it('X20 stands still for three seconds, again and again: nobody is cut, told to be gone or loses a room, and all is answered', async () => {
    await setUp(server.url, shop, { routing: { giveBackAfterSeconds: 0 } });
    const { roomId, guest, agent, guestSocket, agentSocket } = await buildTalk(server.url, shop);
    await agentSocket.call('room.claim', { roomId });
    const watcher = await connect(other.url, shop.admin.token);
    const ends: string[] = [];
    for (const { raw } of [guestSocket, agentSocket]) raw.on('disconnect', (reason) => ends.push(reason));
    // The event loop's delay is measured from the first scrape on.
    await fetch(`${server.url}/metrics`);
    const sent: Promise<Message>[] = [];
    for (let round = 0; round < 3; round++) {
      server.signal('SIGSTOP');
      for (let n = 0; n < 5; n++) {
        sent.push(guestSocket.call('message.send', { roomId, clientMessageId: newKey(), body: `${round} ${n}` }));
      }
      const listed = rest(server.url, 'GET', '/api/rooms', { token: agent.token });
      await sleep(STANDS_STILL_MS);
      server.signal('SIGCONT');
      expect((await listed).status).toBe(200);
      await sleep(300);
    }
    const answers = await Promise.all(sent);
    expect(answers.map(({ seq }) => seq)).toEqual(answers.map((_, index) => index + 2));
    await agentSocket.waitFor('message.created', ({ seq }) => seq === 16);
    const [lag] = /^nodejs_eventloop_lag_max_seconds .+$/m.exec(await (await fetch(`${server.url}/metrics`)).text()) ?? [];
    expect(Number(lag?.split(' ')[1])).toBeGreaterThan((STANDS_STILL_MS / 1_000) * 0.8);
    expect(ends).toEqual([]);
    expect(watcher.all('presence.changed').filter(({ userId, status }) => userId === agent.id && status !== 'online')).toEqual([]);
    const { body } = await rest(other.url, 'GET', `/api/rooms/${roomId}`, { token: shop.admin.token });
    expect(body.assignee.id).toBe(agent.id);
    for (const { token } of [guest, agent]) expect((await rest(server.url, 'GET', '/api/auth/me', { token })).status).toBe(200);
  }, 60_000);

  it.each(['a socket', 'REST'])(
    'X2 P1 P2 is killed between the commit and the answer over %s: sent again, it is the same message',
    async (door) => {
      const { room, guest } = await buildRoom(server.url, shop);
      const command = { clientMessageId: newKey(), body: 'Hello' };
      const path = `/api/rooms/${room.id}/messages`;
      const socket = await connect(server.url, guest.token);
      const holder = new pg.Client({ connectionString: database });
      await holder.connect();
      await holder.query('BEGIN');
      await holder.query('SELECT 1 FROM stream_counter WHERE room_id = $1 FOR UPDATE', [room.id]);
      const unanswered =
        door === 'a socket'
          ? socket.raw.timeout(30_000).emitWithAck('message.send', { roomId: room.id, ...command })
          : rest(server.url, 'POST', path, { token: guest.token, body: command });
      const isLost = expect(unanswered).rejects.toThrow();
      await eventually(isWaiting, (is) => is);
      // The writer's statement is at the database; what becomes of it never comes back.
      proxy.deafen();
      await holder.end();
      const [first] = await eventually(
        () => stored(room.id),
        ({ length }) => length === 1,
        4_000,
      );
      await stopServer(server, 'SIGKILL');
      await isLost;
      proxy.cut();
      server = await start(new URL(server.url).port);
      const again = await connect(server.url, guest.token);
      const answer = await again.call<Message>('message.send', { roomId: room.id, ...command });
      const { status, body } = await rest(server.url, 'POST', path, { token: guest.token, body: command });
      expect([answer.id, answer.seq, status, body.id]).toEqual([first?.id, 1, 200, first?.id]);
      expect(await stored(room.id)).toEqual([first]);
    },
  );
});
