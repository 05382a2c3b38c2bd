import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import pg from 'pg';
import { pack } from 'tar-stream';
import { readArchive } from '../src/backup/archive.js';
import { Env } from '../src/config/env.js';
import { CountService } from '../src/report/count.service.js';
import { startApp, type TestApp } from './support/app.js';
import { cli } from './support/cli.js';
import { buildBusiness, buildTalk, newKey, say, until } from './support/factories.js';
import { note, picture, upload } from './support/files.js';
import { rest } from './support/rest.js';
import { cleanUp, newDataDir, postgresUrl, startServer, stopServer } from './support/server-process.js';
import { settleSearch } from './support/settle-search.js';
import { closeSockets, connect } from './support/socket.js';

/** What a server changes by itself as soon as it runs, and the epoch, which a restore changes. */
const PASSING = ['chore', 'presence', 'presence_lease', 'stream_epoch'];

/** Every table with its number of rows and a sum over all of them. */
const sumsOf = async (url: string): Promise<Record<string, string>> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1");
  const sums: Record<string, string> = {};
  for (const { name } of rows.filter((one) => !PASSING.includes(one.name))) {
    const what = name === 'migrations' ? 'name' : 't::text';
    const { rows: sum } = await client.query<{ sum: string }>(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(${what}, '|' ORDER BY ${what})), '') AS sum FROM "${name}" t`,
    );
    sums[name] = sum[0]?.sum ?? '';
  }
  await client.end();
  return sums;
};

describe('backup and restore', () => {
  let app: TestApp;
  let folder: string;
  let settings: Record<string, string>;

  beforeAll(async () => {
    app = await startApp();
    folder = mkdtempSync(join(tmpdir(), 'parley-backup-'));
    settings = {
      DATABASE_URL: app.databaseUrl,
      JWT_ACCESS_SECRET: 'b9c1f2d3a4e5968778695a4b3c2d1e0f',
      DATA_DIR: join(folder, 'data'),
      UPLOAD_DIR: app.app.get(Env).uploadDir,
    };
  });
  afterEach(closeSockets);
  afterAll(async () => {
    await app.close();
    await cleanUp();
    rmSync(folder, { recursive: true, force: true });
  });

  it('X23 brings back what was there in an empty folder, and tells clients that were beyond it to start over', async () => {
    const shop = await buildBusiness(app.url);
    const { roomId, guest, agentSocket } = await buildTalk(app.url, shop);
    for (const body of ['one', 'a "quoted"\ttab \\N\nline', '👋 three']) await say(app.url, guest, roomId, body);
    const pause = new AbortController();
    const sending = (async (): Promise<void> => {
      while (!pause.signal.aborted) await agentSocket.call('message.send', { roomId, clientMessageId: newKey(), body: 'meanwhile' });
    })();
    const file = join(folder, 'first.tar.gz');
    const made = await cli(settings, 'backup', file);
    pause.abort();
    await sending;
    expect([made.code, made.err, made.out]).toEqual([0, '', expect.stringContaining('Keep it like a password')]);
    // What was sent meanwhile is in it up to some moment; a second one, of a server at rest, is compared to the row.
    await settleSearch(app);
    await app.app.get(CountService).catchUp();
    await until(
      () => app.sql('SELECT FROM room r JOIN stream_counter c ON c.room_id = r.id WHERE r.active_at < c.active_at'),
      (behind) => behind.length === 0,
    );
    const still = join(folder, 'still.tar.gz');
    expect((await cli(settings, 'backup', still)).code).toBe(0);
    const before = await sumsOf(app.databaseUrl);
    await say(app.url, guest, roomId, 'after the backup');
    const [{ n: beyond } = { n: 0 }] = await app.sql<{ n: number }>('SELECT public_seq AS n FROM stream_counter WHERE room_id = $1', [
      roomId,
    ]);
    const { body: room } = await rest(app.url, 'GET', `/api/rooms/${roomId}`, { token: guest.token });

    const dataDir = newDataDir();
    const own = { DATA_DIR: dataDir, JWT_ACCESS_SECRET: settings.JWT_ACCESS_SECRET as string };
    const restored = await cli(own, 'restore', still);
    expect([restored.code, restored.err]).toEqual([0, '']);
    const server = await startServer(own);
    const after = await sumsOf(postgresUrl(dataDir));
    expect(after).toEqual(before);
    const socket = await connect(server.url, guest.token);
    const joined = await socket.call('room.join', { roomId, after: { epoch: room.epoch, public: beyond } });
    expect(joined.reset).toBe(true);
    expect(joined.room.epoch).not.toBe(room.epoch);
    const { items, lastSeq } = (await rest(server.url, 'GET', `/api/rooms/${roomId}/messages?after=0&limit=200`, { token: guest.token }))
      .body;
    expect(items.map(({ seq }: { seq: number }) => seq).slice(0, 3)).toEqual([1, 2, 3]);
    expect(lastSeq).toBe(beyond - 1);
    expect((await rest(server.url, 'POST', '/api/auth/refresh', { body: { refreshToken: guest.refreshToken } })).status).toBe(200);

    const running = await cli(own, 'restore', '--force', file);
    expect([running.code, running.err]).toEqual([1, expect.stringContaining('Another Parley server already runs')]);
    await stopServer(server);
    const full = await cli(own, 'restore', file);
    expect([full.code, full.err]).toEqual([1, 'parley: The database is not empty: --force replaces what is in it\n']);
    expect((await cli(own, 'restore', '--force', file)).err).toBe('');
    const again = await startServer(own);
    const gaps = `SELECT room_id FROM message GROUP BY room_id, stream HAVING max(seq) <> count(*) OR min(seq) <> 1`;
    const client = new pg.Client({ connectionString: postgresUrl(dataDir) });
    await client.connect();
    expect((await client.query(gaps)).rows).toEqual([]);
    await client.end();
    await stopServer(again);
  }, 180_000);

  it('X23 brings back uploaded files and their small pictures, byte by byte', async () => {
    const { roomId, guest } = await buildTalk(app.url, await buildBusiness(app.url));
    const sent = [await upload(app.url, guest, roomId, await picture('png', 640, 480)), await upload(app.url, guest, roomId, note())];
    const draft = { clientMessageId: newKey(), attachmentIds: sent.map(({ id }) => id) };
    expect((await rest(app.url, 'POST', `/api/rooms/${roomId}/messages`, { token: guest.token, body: draft })).status).toBe(201);
    const unsent = await upload(app.url, guest, roomId, await picture('gif'));
    const load = async (url: string): Promise<unknown[]> => {
      const found: unknown[] = [];
      for (const path of [...sent, unsent].flatMap(({ id }) => [`/api/uploads/${id}`, `/api/uploads/${id}/thumbnail`])) {
        const response = await fetch(url + path, { headers: { Authorization: `Bearer ${guest.token}` } });
        found.push([path, response.status, response.status === 200 && Buffer.from(await response.arrayBuffer()).toString('base64')]);
      }
      return found;
    };
    const before = await load(app.url);
    const file = join(folder, 'files.tar.gz');
    expect((await cli(settings, 'backup', file)).out).toMatch(/ rows and \d+ files\. Keep/);
    const own = { DATA_DIR: newDataDir(), JWT_ACCESS_SECRET: settings.JWT_ACCESS_SECRET as string };
    expect((await cli(own, 'restore', file)).err).toBe('');
    const filesIn = (uploadDir: string): string[] =>
      readdirSync(join(uploadDir, 'files'), { recursive: true, encoding: 'utf8', withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => name)
        .sort();
    expect(filesIn(join(own.DATA_DIR, 'uploads'))).toEqual(filesIn(app.app.get(Env).uploadDir));
    const server = await startServer(own);
    // A text has no small picture.
    expect(before.map((one) => (one as unknown[])[1])).toEqual([200, 200, 200, 404, 200, 200]);
    expect(await load(server.url)).toEqual(before);
    await stopServer(server);
  }, 120_000);

  it('says that files in a bucket are not in it, without the secrets of the bucket', async () => {
    const { code, out } = await cli({ ...settings, S3_URL: 'https://key:hush@s3.example/chat/files' }, 'backup', join(folder, 's3.tar.gz'));
    expect([code, out]).toEqual([0, expect.stringContaining('files are NOT in it: they are in the bucket s3.example/chat/files. Copy')]);
    expect(out).not.toContain('hush');
  });

  it('refuses what is damaged, cut short, foreign or newer, in one line, and writes nothing', async () => {
    const file = join(folder, 'good.tar.gz');
    await app.sql("INSERT INTO chore VALUES ('a-made-up-chore', now() + interval '1 day')");
    expect((await cli(settings, 'backup', file)).code).toBe(0);
    const good = readFileSync(file);
    const plain = gunzipSync(good);
    const changed = (from: string, to: string): Buffer => {
      const at = plain.indexOf(from);
      expect(at).toBeGreaterThan(0);
      return gzipSync(Buffer.concat([plain.subarray(0, at), Buffer.from(to), plain.subarray(at + from.length)]));
    };
    const bad: [string, Buffer, RegExp][] = [
      ['cut', good.subarray(0, good.length / 2), /damaged or was cut short/],
      ['bent', Buffer.concat([good.subarray(0, -400), randomBytes(40), good.subarray(-360)]), /damaged/],
      ['edited', changed('a-made-up-chore', 'a-made-up-chord'), /damaged: tables\/chore/],
      ['newer', changed('CreateTables1763600000000', 'CreateTables9763600000000'), /newer Parley/],
      ['later', changed('"format":1', '"format":2'), /cannot read/],
      ['foreign', gzipSync('hello'), /no backup of Parley/],
      ['text', Buffer.from('hello'), /no backup of Parley/],
      ['empty', Buffer.alloc(0), /cut short/],
    ];
    const dataDir = newDataDir();
    for (const [name, content, reason] of bad) {
      const path = join(folder, name);
      writeFileSync(path, content);
      const { code, err } = await cli({ DATA_DIR: dataDir }, 'restore', path);
      expect([name, code, err]).toEqual([name, 1, expect.stringMatching(reason)]);
      expect(err.trim().split('\n')).toHaveLength(1);
    }
    expect(() => readFileSync(join(dataDir, 'secrets.json'))).toThrow('ENOENT');
  });

  it('X23 a row that PostgreSQL does not take is told in one line, and leaves what was there', async () => {
    const good = join(folder, 'taken.tar.gz');
    const bad = join(folder, 'not-taken.tar.gz');
    // More than is on its way at once: it is refused while the rest is still being sent.
    await app.sql("INSERT INTO chore SELECT 'chore ' || n, timestamptz '2030-01-01' FROM generate_series(1, 300000) AS n");
    expect((await cli(settings, 'backup', good)).code).toBe(0);
    await app.sql("DELETE FROM chore WHERE name LIKE 'chore %'");
    const entries = new Map<string, Buffer>();
    await readArchive(good, async (name, content) => void entries.set(name, await buffer(content)));
    const replace = (name: string, from: string, to: string): void =>
      void entries.set(name, Buffer.from((entries.get(name) ?? '').toString().replace(from, to)));
    const parts = [...entries.keys()].filter((name) => name.startsWith('tables/chore'));
    const sum = (): string =>
      createHash('sha256')
        .update(Buffer.concat(parts.map((name) => entries.get(name) ?? Buffer.of())))
        .digest('hex');
    const before = sum();
    replace(parts[0] ?? '', '2030-01-01', '2030-99-99');
    replace('manifest.json', before, sum());
    const packed = pack();
    for (const [name, content] of entries) packed.entry({ name }, content);
    packed.finalize();
    writeFileSync(bad, gzipSync(await buffer(packed)));

    const place = { DATA_DIR: newDataDir() };
    expect((await cli(place, 'restore', good)).code).toBe(0);
    const { code, err } = await cli(place, 'restore', bad, '--force');
    expect([code, err]).toEqual([1, expect.stringContaining('2030-99-99')]);
    expect(err.trim().split('\n')).toHaveLength(1);
    // It is the first one still, and nothing holds it.
    expect((await cli(place, 'doctor')).code).toBe(0);
    const server = await startServer(place);
    expect((await rest(server.url, 'GET', '/health/ready')).status).toBe(200);
    await stopServer(server);
  }, 120_000);

  it('never writes over a file, and makes nothing where nothing is', async () => {
    const file = join(folder, 'there.tar.gz');
    writeFileSync(file, 'mine');
    expect((await cli(settings, 'backup', file)).err).toContain('is there already');
    expect(readFileSync(file, 'utf8')).toBe('mine');
    const empty = join(folder, 'empty-dir');
    mkdirSync(empty);
    expect((await cli({ DATA_DIR: empty }, 'backup', folder)).err).toContain('There is nothing to back up');
  });
});
