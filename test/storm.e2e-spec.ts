import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { inParallel } from '../bench/client.js';
import { cpuOf, residentOf } from '../bench/proc.js';
import { quantile } from '../bench/stats.js';
import { fingerprintOf } from '../src/message/fingerprint.js';
import { toArguments, type NewEntry } from '../src/stream/new-entry.js';
import { newDatabase } from './support/app.js';
import { buildAgent, buildBusiness, buildRoom, newKey, say, type Person, type Tenant } from './support/factories.js';
import { cleanUp, newDataDir, startServer, stopServer, until, type ServerProcess } from './support/server-process.js';
import { closeSockets, connect } from './support/socket.js';
import { StormClient } from './support/storm-client.js';

/** `STORM_SOCKETS=5000` for the whole of it; that takes minutes, and both cores. */
const SOCKETS = Number(process.env.STORM_SOCKETS ?? 400);
const ROOMS = 10;
const MISSED = 1_000;
const POOL = 10;
/** Reads by key have one of their own. */
const MOST_CONNECTIONS = POOL + 1;
const ALL_BACK_MS = 30_000;
/** What they have missed is sent to each of them. */
const CAUGHT_UP_MS = ALL_BACK_MS + SOCKETS * 100;
const MOST_BYTES = 800_000_000;

interface Chat {
  roomId: string;
  guest: Person;
}

describe(`${SOCKETS} sockets that come back at once`, () => {
  let server: ServerProcess;
  let database: string;
  let sql: pg.Pool;
  let shop: Tenant;
  let chats: Chat[];
  let clients: StormClient[] = [];
  let outsider: Chat;

  const start = (port?: string): Promise<ServerProcess> =>
    startServer({
      DATABASE_URL: database,
      DATABASE_POOL: String(POOL),
      JWT_ACCESS_SECRET: 'only-of-this-test-6f1d0c9b8a7e5d4c3b2a',
      DATA_DIR: newDataDir(),
      BCRYPT_COST: '4',
      LOG_LEVEL: 'error',
      ...(port !== undefined && { PORT: port }),
    });
  const openConnections = async (): Promise<number> => {
    const { rows } = await sql.query<{ count: string }>(
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'parley'",
    );
    return Number(rows[0]?.count);
  };
  const history = async (roomId: string): Promise<string[]> => {
    const { rows } = await sql.query<{ id: string }>("SELECT id FROM message WHERE room_id = $1 AND stream = 'public' ORDER BY seq", [
      roomId,
    ]);
    return rows.map(({ id }) => id);
  };
  /** Says one thing in each room, and waits until all have everything. */
  const allHave = async (body: string, ms: number): Promise<void> => {
    for (const { roomId, guest } of chats) await say(server.url, guest, roomId, body);
    const all = await Promise.all(chats.map(({ roomId }) => history(roomId)));
    const lags = (client: StormClient, index: number): boolean => client.applied.length !== all[index % ROOMS]?.length;
    await until(() => !clients.some(lags), 'all have everything', ms);
    expect(clients.filter((client, index) => client.applied.join() !== all[index % ROOMS]?.join())).toEqual([]);
  };
  /** Kills the server, does something, starts it again, and waits until all are back; what it took in the meantime. */
  const storm = async (meanwhile: () => Promise<void>, others?: () => Promise<void>): Promise<Record<string, number>> => {
    const { port } = new URL(server.url);
    await stopServer(server, 'SIGKILL');
    await until(() => !clients.some(({ isCurrent }) => isCurrent), 'all are cut');
    await meanwhile();
    for (const client of clients) Object.assign(client, { refusals: 0, pages: 0 });
    server = await start(port);
    const began = Date.now();
    let isOver = false;
    let connections = 0;
    let bytes = 0;
    const watch = async (): Promise<void> => {
      connections = Math.max(connections, await openConnections());
      bytes = Math.max(bytes, residentOf(server.pid));
      await sleep(100);
      if (!isOver) await watch();
    };
    const watching = watch();
    const going = others?.();
    await until(() => clients.every(({ isCurrent }) => isCurrent), 'all are back', CAUGHT_UP_MS);
    const tookMs = Date.now() - began;
    await going;
    isOver = true;
    await watching;
    const sum = (of: (client: StormClient) => number): number => clients.reduce((all, client) => all + of(client), 0);
    return {
      tookMs,
      'CPU ms': cpuOf(server.pid, undefined).node * 1_000,
      connections,
      megabytes: bytes / 1e6,
      pages: sum(({ pages }) => pages),
      tries: sum(({ refusals }) => refusals),
    };
  };
  const report = (id: string, figures: Record<string, number>): void => {
    const told = Object.entries(figures).map(([name, figure]) => `${name} ${Math.round(figure)}`);
    process.stdout.write(`${id}: ${SOCKETS} sockets, ${told.join(', ')}\n`);
  };

  beforeAll(async () => {
    database = await newDatabase();
    server = await start();
    sql = new pg.Pool({ connectionString: database, max: 2 });
    shop = await buildBusiness(server.url);
    const agents = await Promise.all([...Array(ROOMS)].map(() => buildAgent(server.url, shop)));
    const [first, ...more] = await Promise.all(
      [...Array(ROOMS + 1)].map(async () => {
        const { room, guest } = await buildRoom(server.url, shop);
        return { roomId: room.id, guest };
      }),
    );
    outsider = first!;
    chats = more;
    const numbers = [...Array(SOCKETS).keys()];
    clients = await inParallel(numbers, 50, async (index) => {
      const { roomId, guest } = chats[index % ROOMS]!;
      const person = index % 2 === 0 ? guest : agents[index % ROOMS]!;
      const client = new StormClient(server.url, person.token, roomId);
      await until(() => client.isCurrent, 'it is there', 60_000);
      return client;
    });
    await allHave('hello', 30_000);
  }, 300_000);
  afterAll(async () => {
    for (const client of clients) client.close();
    closeSockets();
    await cleanUp();
    await sql.end();
  });

  it(
    'X16 after the server was killed are all in their rooms again, over no more connections of the database than it may have',
    async () => {
      const figures = await storm(() => Promise.resolve());
      report('X16', figures);
      expect(figures.tookMs).toBeLessThan(ALL_BACK_MS);
      expect(figures.connections).toBeLessThanOrEqual(MOST_CONNECTIONS);
      expect(figures.megabytes).toBeLessThan(MOST_BYTES / 1e6);
      await allHave('after the storm', 30_000);
    },
    CAUGHT_UP_MS + 2 * ALL_BACK_MS,
  );

  it(
    `X17 with ${MISSED} messages that each has missed: all get them in pages, and who is in another room is served meanwhile`,
    async () => {
      const talkOf = ({ roomId, guest }: Chat): NewEntry[] =>
        [...Array(MISSED).keys()].map((n) => {
          const draft = { clientMessageId: newKey(), body: `what was said meanwhile ${n}` };
          const fingerprint = fingerprintOf(draft);
          const kind = 'text' as const;
          return { id: randomUUID(), businessId: shop.id, roomId, stream: 'public', kind, senderId: guest.id, fingerprint, ...draft };
        });
      const fill = async (): Promise<void> => {
        for (const chat of chats) await sql.query('SELECT count(*) FROM append_entries($1, $2, $3, $4)', toArguments(talkOf(chat)));
      };
      const took: number[] = [];
      const talk = async (): Promise<void> => {
        const [from, to] = await Promise.all([connect(server.url, outsider.guest.token), connect(server.url, shop.admin.token)]);
        for (const end of [from, to]) await end.call('room.join', { roomId: outsider.roomId });
        for (let n = 0; n < 10; n++) {
          const began = Date.now();
          const body = `heard in the storm ${n}`;
          const isHeard = to.waitFor('message.created', (entry) => entry.body === body, 10_000);
          await from.call('message.send', { roomId: outsider.roomId, clientMessageId: newKey(), body });
          await isHeard;
          took.push(Date.now() - began);
        }
      };
      const figures = await storm(fill, talk);
      report('X17', { ...figures, 'others, typical ms': quantile(took, 0.5), 'others, longest ms': Math.max(...took) });
      expect(figures.tookMs).toBeLessThan(CAUGHT_UP_MS);
      expect(figures.connections).toBeLessThanOrEqual(MOST_CONNECTIONS);
      expect(figures.megabytes).toBeLessThan(MOST_BYTES / 1e6);
      expect(figures.pages).toBeGreaterThanOrEqual((SOCKETS * MISSED) / 200);
      expect(quantile(took, 0.5)).toBeLessThan(5_000);
      await allHave('after the flood', 30_000);
    },
    CAUGHT_UP_MS + 2 * ALL_BACK_MS,
  );
});
