import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import { examine } from '../src/cli/doctor.js';
import { Chores } from '../src/database/chores.js';
import { startApp, type TestApp } from './support/app.js';
import { buildBusiness, buildRoom, newKey, say, until, type Person } from './support/factories.js';
import { note, picture, tryUpload, upload } from './support/files.js';
import { rest } from './support/rest.js';

const folders: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-storage-'));
  folders.push(folder);
  return folder;
};
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

interface Place {
  app: TestApp;
  roomId: string;
  guest: Person;
  rows(): Promise<number>;
}

const open = async (settings: Record<string, string>): Promise<Place> => {
  const app = await startApp(settings);
  const { room, guest } = await buildRoom(app.url, await buildBusiness(app.url));
  const rows = async (): Promise<number> => (await app.sql<{ n: number }>('SELECT count(*)::integer AS n FROM upload'))[0]?.n ?? 0;
  return { app, roomId: room.id, guest, rows };
};

describe('files in a bucket', () => {
  let bucket: S3rver;
  let address: AddressInfo;
  let s3Url: string;
  let place: Place;
  const folder = newFolder();
  const uploadDir = newFolder();

  const start = async (port: number): Promise<void> => {
    bucket = new S3rver({ port, address: '127.0.0.1', silent: true, directory: folder, configureBuckets: [{ name: 'chat', configs: [] }] });
    address = await bucket.run();
  };

  beforeAll(async () => {
    await start(0);
    s3Url = `http://S3RVER:S3RVER@127.0.0.1:${address.port}/chat/files?region=us-east-1`;
    place = await open({ S3_URL: s3Url, UPLOAD_DIR: uploadDir });
  });
  afterAll(async () => {
    await place.app.close();
    await bucket.close();
  });

  const keys = (): string[] => filesIn(folder).filter((name) => name.endsWith('_object'));

  it('are put, read whole and in part, and removed with their message', async () => {
    const { app, roomId, guest } = place;
    const [letter, parcel] = [
      await upload(app.url, guest, roomId, note('0123456789')),
      await upload(app.url, guest, roomId, await picture('png', 400, 400)),
    ];
    const load = (path: string, range?: string): Promise<Response> =>
      fetch(`${app.url}/api/uploads/${path}`, { headers: { Authorization: `Bearer ${guest.token}`, ...(range && { Range: range }) } });
    expect(await (await load(letter.id)).text()).toBe('0123456789');
    const part = await load(letter.id, 'bytes=3-5');
    expect([part.status, await part.text()]).toEqual([206, '345']);
    expect((await (await load(parcel.id)).arrayBuffer()).byteLength).toBe(parcel.size);
    expect((await load(`${parcel.id}/thumbnail`)).headers.get('content-type')).toBe('image/webp');
    expect(keys()).toHaveLength(3);
    expect(filesIn(uploadDir)).toEqual([]);
    const body = { clientMessageId: newKey(), attachmentIds: [letter.id, parcel.id] };
    const sent = await rest(app.url, 'POST', `/api/rooms/${roomId}/messages`, { token: guest.token, body });
    await rest(app.url, 'DELETE', `/api/rooms/${roomId}/messages/${sent.body.id}`, { token: guest.token });
    expect(
      await until(
        () => Promise.resolve(keys()),
        (left) => left.length === 0,
      ),
    ).toEqual([]);
    expect((await load(letter.id)).status).toBe(404);
  });

  it('without a row are found by the chore', async () => {
    const { app, roomId, guest } = place;
    const [kept, orphan] = [await upload(app.url, guest, roomId), await upload(app.url, guest, roomId)];
    await app.sql('DELETE FROM upload WHERE id = $1', [orphan.id]);
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 3_700_000);
    await app.app
      .get(Chores)
      .run('uploads')
      .finally(() => jest.restoreAllMocks());
    expect(keys().map((name) => name.slice(0, 36))).toEqual([kept.id]);
    // The library has corrected its clock by the turned one, and the next answers set it right.
    const read = (): Promise<Response> =>
      fetch(`${app.url}/api/uploads/${kept.id}`, { headers: { Authorization: `Bearer ${guest.token}` } });
    expect((await until(read, ({ status }) => status === 200)).status).toBe(200);
  });

  it('the doctor sees whether it can be used, and names no secret', async () => {
    const uploads = async (url: string): Promise<string> => {
      const found = (await examine({ S3_URL: url, DATABASE_URL: 'postgres://127.0.0.1:1/none' })).find(({ check }) => check === 'uploads');
      return `${found?.state}: ${found?.message}`;
    };
    expect(await uploads(s3Url)).toBe(`ok: files are kept in the bucket chat at 127.0.0.1:${address.port}`);
    const wrong = await uploads(s3Url.replace('/chat', '/nowhere'));
    expect(wrong).toMatch(/^fault: /);
    expect(wrong).not.toContain('S3RVER');
  });

  it('a bucket that is away is `unavailable`, and chat goes on', async () => {
    const { app, roomId, guest, rows } = place;
    const made = await upload(app.url, guest, roomId);
    const before = await rows();
    await bucket.close();
    expect((await tryUpload(app.url, guest, roomId, note())).body).toMatchObject({ status: 503, code: 'unavailable', retryable: true });
    expect((await rest(app.url, 'GET', `/api/uploads/${made.id}`, { token: guest.token })).body.code).toBe('unavailable');
    await say(app.url, guest, roomId, 'Still here?');
    expect([await rows(), filesIn(uploadDir)]).toEqual([before, []]);
    await start(address.port);
    await upload(app.url, guest, roomId);
  });
});

/** A disk of one megabyte, which takes root to make. */
const smallDisk = (): string | undefined => {
  const folder = newFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'pipe' });
    return folder;
  } catch {
    return undefined;
  }
};

describe('a disk that takes nothing more', () => {
  const disk = smallDisk();
  afterAll(() => {
    if (disk !== undefined) execFileSync('umount', ['-l', disk]);
  });

  const known = (): boolean => {
    if (disk !== undefined) return true;
    process.stderr.write('skipped: a full disk cannot be tried without the right to mount one\n');
    expect(process.env.CI).not.toBe('true');
    return false;
  };

  it('X11 is told as `storage.full`, and leaves neither a row nor a file', async () => {
    if (!known()) return;
    const { app, roomId, guest, rows } = await open({ UPLOAD_DIR: disk as string });
    const small = await upload(app.url, guest, roomId, note('x'.repeat(300_000)));
    const refused = [
      await tryUpload(app.url, guest, roomId, note('x'.repeat(900_000))),
      await tryUpload(app.url, guest, roomId, note('x'.repeat(5_000_000))),
    ];
    for (const { status, body } of refused) expect([status, body.code, body.retryable]).toEqual([507, 'storage.full', false]);
    expect([filesIn(disk as string), await rows()]).toEqual([[small.id], 1]);
    expect((await rest(app.url, 'GET', '/health')).body).toMatchObject({
      status: 'degraded',
      checks: { disk: 'unavailable', database: 'ok' },
    });
    const found = await examine({ DATABASE_URL: app.databaseUrl, UPLOAD_DIR: disk });
    expect(found).toContainEqual({
      check: 'uploads',
      state: 'fault',
      message: `only 0.0 GiB free at ${disk}`,
      fix: 'Make room there, or set UPLOAD_DIR to a folder on another disk.',
    });
    expect(found.find(({ check }) => check === 'database')?.state).toBe('ok');
    await say(app.url, guest, roomId, 'Still here?');
    execFileSync('mount', ['-o', 'remount,ro', disk as string]);
    const readOnly = await tryUpload(app.url, guest, roomId, await picture());
    expect([readOnly.status, readOnly.body.code]).toEqual([507, 'storage.full']);
    expect((await fetch(small.url.replace(/^https?:\/\/[^/]+/, app.url))).status).toBe(200);
    execFileSync('mount', ['-o', 'remount,rw', disk as string]);
    expect((await tryUpload(app.url, guest, roomId, await picture())).status).toBe(201);
    expect(app.log.filter((line) => line.includes('"level":50'))).toEqual([]);
    await app.close();
  });
});
