import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ChatServer, type ChatSocket } from '../src/chat/chat-server.js';
import { startApp, type TestApp } from './support/app.js';
import { buildBusiness, buildTalk, newKey, until as eventually, type Tenant } from './support/factories.js';
import { keptBy } from './support/kept.js';
import { until } from './support/server-process.js';
import { closeSockets, connect, type TestSocket } from './support/socket.js';

/** Of people who come, talk and go; `SOAK_WAVES` makes more. */
const WAVES = Number(process.env.SOAK_WAVES ?? 4);
const TALKS = 5;
const SOCKETS_EACH = 8;
/** Forgotten by time, at the next telling or when there are too many; one for each business; and counts of what there is only so much of. */
const BOUNDED =
  /^(JwtStrategy\.verified|RateLimiter\.fullAt\.|RecentMarks\.|MissedNews\.shown|AssistService\.deaf|RoomNotifier\.toldAt|SocketAuth\.expiries|QueueNotifier\.queues|QueueService\.known|Chores\.runs)/;
/** The database's, and those that HTTP keeps open for a while. */
const MORE_FILES = 30;
/** Connections of the database, which stay for the next one who needs them. */
const POOL = 'pool.';

const collectGarbage = (): void => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
};

describe('X24 people who come, talk and go', () => {
  let app: TestApp;
  let shop: Tenant;
  let server: ChatServer;
  const came: WeakRef<ChatSocket>[] = [];

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
    server = app.app.get(ChatServer);
    server.io.on('connection', (socket) => came.push(new WeakRef(socket)));
  });
  afterAll(() => app.close());

  /** Half of them say good bye, the others are cut. */
  const leave = ({ raw }: TestSocket, index: number): void => {
    if (index % 2 === 0) raw.disconnect();
    else raw.io.engine.close();
  };
  const wave = async (): Promise<void> => {
    const talks = await Promise.all([...Array(TALKS)].map(() => buildTalk(app.url, shop)));
    await Promise.all(
      talks.map(async ({ roomId, guest, agent, guestSocket, agentSocket }) => {
        const more = await Promise.all(
          [...Array(SOCKETS_EACH).keys()].map((index) => connect(app.url, (index % 2 === 0 ? guest : agent).token)),
        );
        await Promise.all(more.map((socket) => socket.call('room.join', { roomId })));
        await agentSocket.call('room.claim', { roomId });
        for (const socket of [guestSocket, agentSocket, ...more]) {
          await socket.call('typing.start', { roomId });
          const { seq } = await socket.call('message.send', { roomId, clientMessageId: newKey(), body: 'Hello' });
          await socket.call('message.mark', { roomId, read: seq });
        }
        await Promise.all(more.slice(0, 2).map((socket) => socket.call('room.leave', { roomId })));
        // Some go in the middle of a question.
        for (const socket of more.slice(-2)) void socket.ask('room.join', { roomId }).catch(() => undefined);
        [guestSocket, agentSocket, ...more].forEach(leave);
      }),
    );
    closeSockets();
    await until(() => server.io.engine.clientsCount === 0, 'all are gone');
  };
  const kept = (): Record<string, number> =>
    Object.fromEntries(Object.entries(keptBy(app)).filter(([name]) => !BOUNDED.test(name) && !name.includes(POOL)));
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const files = (): number => readdirSync('/proc/self/fd').length;
  const alive = (): number => {
    collectGarbage();
    return came.filter((socket) => socket.deref()?.id !== undefined).length;
  };

  it('leave nothing behind: no room, list, listener, timer, file or socket', async () => {
    await wave();
    await wave();
    // What was told last, and who typed last, is over within so many seconds.
    await new Promise((done) => setTimeout(done, 7_000));
    const before = { kept: kept(), timers: timers(), files: files() };
    for (let n = 0; n < WAVES; n++) await wave();
    const grown = (): string[] =>
      Object.entries(kept())
        .filter(([name, size]) => size > (before.kept[name] ?? 0))
        .map(([name, size]) => `${name}: ${before.kept[name] ?? 0}, now ${size}`);
    await until(() => grown().length === 0, 'what is kept is what was kept before', 15_000).catch(() => undefined);
    expect(grown()).toEqual([]);
    await until(() => timers() <= before.timers + 5, 'the timers are as many as before');
    const left = await eventually(
      () => Promise.resolve(alive()),
      (count) => count <= came.length / 50,
      10_000,
    );
    expect(left).toBeLessThanOrEqual(came.length / 50);
    expect(files()).toBeLessThanOrEqual(before.files + MORE_FILES);
    process.stdout.write(
      `X24: ${came.length} sockets came, ${left} are not forgotten; timers ${before.timers}, now ${timers()}; files ${before.files}, now ${files()}\n`,
    );
  }, 120_000);
});
