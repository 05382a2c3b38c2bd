import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildBusiness, buildRoom, newKey, until as eventually } from './support/factories.js';
import { rest, type Answer } from './support/rest.js';
import { cleanUp, newDataDir, startServer, stopServer, until, type ServerProcess } from './support/server-process.js';
import { closeSockets, connect } from './support/socket.js';

/** It takes memory only for what is on it. With less than 200 MB to spare a server does not call itself well. */
const SIZE = 400 * 1024 ** 2;
const AT_ONCE = 20;
/** So many are refused before there is room again. */
const REFUSED = 60;
const MOST = 20_000;

const setSize = (folder: string, size: number): void => {
  execFileSync('mount', ['-o', `remount,size=${size}`, folder]);
};

/** How often PostgreSQL had to come back from a death so far. */
const deaths = (): number => readFileSync(join(dataDir, 'postgres.log'), 'utf8').split('was not properly shut down').length - 1;

/** A small disk in memory, in place of a folder; false where there can be none. */
const mountOn = (folder: string): boolean => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=755`, 'parley-test', folder], { stdio: 'pipe' });
    return true;
  } catch (error) {
    if (process.env.CI && process.getuid?.() === 0) throw error;
    process.stderr.write('no disk can be mounted here: the suite that fills one is left out\n');
    return false;
  }
};

const dataDir = newDataDir();
const disk = dirname(dataDir);

(mountOn(disk) ? describe : describe.skip)('X12 a disk that is full under PostgreSQL', () => {
  let server: ServerProcess | undefined;

  beforeAll(async () => {
    server = await startServer({ DATA_DIR: dataDir, BCRYPT_COST: '4', LOG_LEVEL: 'error' });
  }, 120_000);
  afterEach(closeSockets);
  afterAll(async () => {
    if (server) await stopServer(server);
    execFileSync('umount', ['-l', disk]);
    await cleanUp();
  });

  // For a table there is too little; then for its log, of which PostgreSQL takes 16 MB at a time and cannot live without.
  it.each([3, 14])(
    'with %i MB to go: what cannot be stored is refused as something that passes, nothing is lost, and it goes on by itself',
    async (leftMb) => {
      const { url } = server!;
      const shop = await buildBusiness(url);
      const { room, guest } = await buildRoom(url, shop);
      const { token } = guest;
      const path = `/api/rooms/${room.id}/messages`;
      const acked = new Map<string, number>();
      const send = async (): Promise<Answer> => {
        // As random as a disk cannot make it smaller.
        const body = { clientMessageId: newKey(), body: randomBytes(2_000).toString('hex') };
        const answer = await rest(url, 'POST', path, { token, body });
        if (answer.status === 201) acked.set(answer.body.id, answer.body.seq);
        return answer;
      };
      await send();
      const before = deaths();
      const { blocks, bfree, bsize } = statfsSync(disk);
      setSize(disk, (blocks - bfree) * bsize + leftMb * 1024 ** 2);
      const refused: Answer[] = [];
      for (let sent = 0; refused.length < REFUSED && sent < MOST; sent += AT_ONCE) {
        const answers = await Promise.all([...Array(AT_ONCE)].map(send));
        refused.push(...answers.filter(({ status }) => status !== 201));
      }
      expect(acked.size).toBeGreaterThan(0);
      expect(new Set(refused.map(({ status, body }) => `${status} ${body.code} ${body.retryable}`))).toEqual(
        new Set(['503 unavailable true']),
      );
      expect((await fetch(`${url}/health/live`)).status).toBe(200);
      setSize(disk, SIZE);
      const began = Date.now();
      await until(async () => (await send()).status === 201, 'it stores again', 60_000);
      const outcome = deaths() === before ? 'lived on' : 'died and was started again';
      process.stdout.write(
        `X12: ${acked.size} stored, ${refused.length} refused; PostgreSQL ${outcome}, and stored again after ${Date.now() - began} ms\n`,
      );
      const socket = await connect(url, token);
      await socket.call('message.send', { roomId: room.id, clientMessageId: newKey(), body: 'by socket' });
      const { status } = await eventually(
        () => rest(url, 'GET', '/health/ready'),
        (ready) => ready.status === 200,
        10_000,
      );
      expect(status).toBe(200);
      const stored = new Map<string, number>();
      for (let after = 0, hasMore = true; hasMore;) {
        const page = await rest(url, 'GET', `${path}?after=${after}&limit=200`, { token });
        for (const { id, seq } of page.body.items) {
          stored.set(id, seq);
          expect(seq).toBe(++after);
        }
        hasMore = page.body.hasMore;
      }
      expect([...acked].filter(([id, seq]) => stored.get(id) !== seq)).toEqual([]);
    },
    180_000,
  );
});
