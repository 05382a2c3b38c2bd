import { readdirSync, writeFileSync } from 'node:fs';
import { connect as connectTcp, type Socket } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import sharp from 'sharp';
import type { Attachment, Message } from '../src/contract/message.js';
import { Env } from '../src/config/env.js';
import { Chores } from '../src/database/chores.js';
import { AttachmentPresenter } from '../src/upload/attachment.presenter.js';
import { startApp, type TestApp } from './support/app.js';
import {
  buildAgent,
  buildBusiness,
  buildCustomer,
  buildGuest,
  buildRoom,
  buildTalk,
  newKey,
  PASSWORD,
  setUp,
  until,
  type Person,
  type Tenant,
} from './support/factories.js';
import { decode, longGif, mp4, note, office, pdf, picture, tryUpload, upload, vastPng, zip, type Sample } from './support/files.js';
import { raw } from './support/raw.js';
import { rest, type Answer } from './support/rest.js';
import { closeSockets, connect } from './support/socket.js';

/** Connections that are cut in the middle; CI sets more. */
const CUTS = Number(process.env.UPLOAD_CUTS ?? 50);
const LIMIT = 300_000;

describe('uploads', () => {
  let app: TestApp;
  let shop: Tenant;
  let folder: string;
  let talk: Awaited<ReturnType<typeof buildRoom>>;

  beforeAll(async () => {
    app = await startApp({ MAX_FILE_SIZE: String(LIMIT) });
    folder = app.app.get(Env).uploadDir;
    shop = await buildBusiness(app.url);
    talk = await buildRoom(app.url, shop);
  });
  afterAll(async () => {
    closeSockets();
    await app.close();
  });

  const load = (path: string, token?: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(path.startsWith('http') ? path.replace(/^https?:\/\/[^/]+/, app.url) : app.url + path, {
      headers: { ...(token && { Authorization: `Bearer ${token}` }), ...headers },
    });
  const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());
  const pathOf = ({ id }: { id: string }): string => `/api/uploads/${id}`;
  const send = (person: Person, roomId: string, attachmentIds: string[], more: object = {}): Promise<Answer> =>
    rest(app.url, 'POST', `/api/rooms/${roomId}/messages`, {
      token: person.token,
      body: { clientMessageId: newKey(), attachmentIds, ...more },
    });
  const stored = (): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort();
  const onTheWay = (): string[] => readdirSync(join(folder, 'tmp'));
  const rows = async (): Promise<number> => (await app.sql<{ n: number }>('SELECT count(*)::integer AS n FROM upload'))[0]?.n ?? 0;
  const refused = async (person: Person, roomId: string, sample: Sample): Promise<unknown[]> => {
    const { status, body } = await tryUpload(app.url, person, roomId, sample);
    return [sample.name, status, body.code];
  };

  it('takes what is on the list, and gives it back', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    const samples: [Sample, string][] = [
      [note(), 'text/plain'],
      [pdf(), 'application/pdf'],
      [mp4(), 'video/mp4'],
      [office('docx'), 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
      [office('xlsx'), 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
      [await picture('gif'), 'image/gif'],
      [{ ...note('a;b\n1;2\n'), name: 'table.csv', type: 'text/csv' }, 'text/plain'],
      // What Windows calls it when Excel is installed.
      [{ ...note('a;b\n1;2\n'), name: 'table.csv', type: 'application/vnd.ms-excel' }, 'text/plain'],
      [{ ...mp4(4096, 'M4V '), name: 'film.m4v', type: 'video/x-m4v' }, 'video/mp4'],
    ];
    for (const [sample, mime] of samples) {
      const made = await upload(app.url, guest, room.id, sample);
      expect(made).toMatchObject({ name: sample.name, mime, size: Buffer.byteLength(sample.bytes) });
      const response = await load(pathOf(made), guest.token);
      expect(await bytesOf(response)).toEqual(Buffer.from(sample.bytes as string));
      expect(response.headers.get('content-disposition')).toMatch(/^attachment; /);
    }
    for (const format of ['png', 'jpeg', 'webp'] as const) {
      const made = await upload(app.url, guest, room.id, await picture(format, 640, 480));
      expect(made).toMatchObject({ mime: `image/${format}`, width: 640, height: 480 });
      const response = await load(made.url);
      const served = await bytesOf(response);
      expect([served.length, (await decode(served).metadata()).format]).toEqual([made.size, format]);
      expect(response.headers.get('content-disposition')).toMatch(/^inline; /);
      const small = await decode(await bytesOf(await load(made.thumbnailUrl as string))).metadata();
      expect([small.format, small.width, small.height]).toEqual(['webp', 320, 240]);
    }
  });

  it('A59 serves files so that nothing in them runs', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    const { headers } = await load((await upload(app.url, guest, room.id, pdf())).url);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': 'attachment; filename="invoice.pdf"; filename*=UTF-8\'\'invoice.pdf',
      'content-security-policy': "sandbox; default-src 'none'",
      'cross-origin-resource-policy': 'same-site',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  });

  it('sends the range of bytes that is asked for', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    const made = await upload(app.url, guest, room.id, note('0123456789'));
    const ranges = { 'bytes=2-4': '234', 'bytes=7-': '789', 'bytes=-2': '89', 'bytes=8-99': '89' };
    for (const [range, text] of Object.entries(ranges)) {
      const response = await load(pathOf(made), guest.token, { Range: range });
      expect([range, response.status, await response.text()]).toEqual([range, 206, text]);
      expect(response.headers.get('content-range')).toMatch(/^bytes \d-\d\/10$/);
    }
    for (const range of ['bytes=10-', 'bytes=99-100', 'bytes=-0']) {
      const { status, body, headers } = await rest(app.url, 'GET', pathOf(made), { token: guest.token, headers: { Range: range } });
      expect([range, status, body.code, headers.get('content-range')]).toEqual([range, 416, 'upload.range_unsatisfiable', 'bytes */10']);
    }
    for (const range of ['bytes=5-2', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=-']) {
      const response = await load(pathOf(made), guest.token, { Range: range });
      expect([range, response.status, await response.text()]).toEqual([range, 200, '0123456789']);
    }
  });

  it('writes pictures anew: upright, and without what the camera noted', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    const bytes = await sharp({ create: { width: 40, height: 20, channels: 3, background: '#fff' } })
      .withExif({ IFD0: { Copyright: 'Gwen', Orientation: '6' }, IFD3: { GPSLatitudeRef: 'N' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect((await decode(bytes).metadata()).exif).toBeDefined();
    const made = await upload(app.url, guest, room.id, { name: 'me.jpg', type: 'image/jpeg', bytes });
    expect(made).toMatchObject({ width: 20, height: 40 });
    expect((await decode(await bytesOf(await load(made.url))).metadata()).exif).toBeUndefined();
  });

  it.each([
    ['../../x.txt', 'x.txt'],
    ['..\\..\\y.txt', 'y.txt'],
    ['/etc/z.txt', 'z.txt'],
    ['%2e%2e%2fq.txt', '%2e%2e%2fq.txt'],
    ['.', 'file'],
    ['..', 'file'],
    ['CON', 'CON'],
    ['a\r\nSet-Cookie: x=1.txt', 'aSet-Cookie: x=1.txt'],
    ['evil\u202etxt.exe.txt', 'eviltxt.exe.txt'],
    ['Brief für 日本 "x".txt', 'Brief für 日本 "x".txt'],
    [`${'ü'.repeat(300)}.txt`, `${'ü'.repeat(251)}.txt`],
  ])('A57 A46 A52 the name %j is shown as %j, and names nothing on the disk', async (name, shown) => {
    const { room, guest } = talk;
    const made = await upload(app.url, guest, room.id, { ...note(), name });
    expect(made.name).toBe(shown);
    expect(stored()).toContain(made.id);
    const header = (await load(made.url)).headers.get('content-disposition') as string;
    expect(header).toMatch(/^attachment; filename="[\x20-\x7e]*"; filename\*=UTF-8''[\w.%~!'*()-]*$/);
    expect(decodeURIComponent(header.split("UTF-8''")[1] as string)).toBe(shown);
  });

  describe('who may load a file', () => {
    it('A58 whoever reads the room; everybody else is told what is told of none', async () => {
      const { roomId, guest, agent } = await buildTalk(app.url, shop);
      const abroad = await buildBusiness(app.url);
      const [other, customer] = [await buildGuest(app.url, shop), await buildCustomer(app.url, shop)];
      const made = await upload(app.url, guest, roomId, await picture());
      const bare = async (path: string, token?: string): Promise<unknown> => {
        const { requestId, ...body } = (await (await load(path, token)).json()) as { requestId: string };
        expect(requestId).toBeDefined();
        return body;
      };
      for (const suffix of ['', '/thumbnail', '/url']) {
        const none = await bare(`/api/uploads/${newKey()}${suffix}`, guest.token);
        expect(none).toMatchObject({ status: 404, code: 'upload.not_found' });
        const path = pathOf(made) + suffix;
        // Not attached yet: nobody's but the sender's.
        for (const token of [other.token, customer.token, abroad.admin.token, agent.token]) expect(await bare(path, token)).toEqual(none);
        if (suffix !== '/url') expect(await bare(path)).toEqual(none);
        expect((await load(path, guest.token)).status).toBe(200);
        expect((await load(path, 'x.y.z')).status).toBe(401);
        expect((await load(path, undefined, { Authorization: 'Basic eDp5' })).status).toBe(401);
      }
      expect((await load(`${pathOf(made)}/url`)).status).toBe(401);
      expect((await load('/api/uploads/1', guest.token)).status).toBe(400);
      expect((await load('/api/uploads/1/url', guest.token)).status).toBe(400);
      expect((await load('/api/uploads/1/thumbnail', guest.token)).status).toBe(400);
      const { body: message } = await send(guest, roomId, [made.id]);
      expect((await load(pathOf(made), agent.token)).status).toBe(200);
      for (const token of [other.token, abroad.admin.token]) expect((await load(pathOf(made), token)).status).toBe(404);
      await setUp(app.url, shop, { agentScope: 'own' });
      expect((await load(pathOf(made), agent.token)).status).toBe(404);
      await setUp(app.url, shop, { agentScope: 'all' });
      await rest(app.url, 'DELETE', `/api/rooms/${roomId}/messages/${message.id}`, { token: guest.token });
      expect((await load(pathOf(made), guest.token)).status).toBe(404);
      expect((await load(made.url)).status).toBe(404);
      expect(
        await until(
          () => Promise.resolve(stored()),
          (names) => !names.some((name) => name.startsWith(made.id)),
        ),
      ).not.toContain(made.id);
    });

    it('A58 an internal message’s files are for staff', async () => {
      const { roomId, guest, agent } = await buildTalk(app.url, shop);
      const made = await upload(app.url, agent, roomId);
      expect((await send(agent, roomId, [made.id], { stream: 'internal' })).status).toBe(201);
      expect((await load(pathOf(made), shop.admin.token)).status).toBe(200);
      expect((await load(pathOf(made), guest.token)).status).toBe(404);
    });

    it('A58 A19 a signed URL opens one variant of one file, until it ends', async () => {
      const { room, guest } = await buildRoom(app.url, shop);
      const [made, other] = [await upload(app.url, guest, room.id, await picture()), await upload(app.url, guest, room.id)];
      expect(new URL(made.url).origin).toBe(app.app.get(Env).PUBLIC_URL);
      const { searchParams } = new URL(made.url);
      const [expires, signature] = [Number(searchParams.get('expires')), searchParams.get('signature') as string];
      expect(expires * 1000 - Date.now()).toBeLessThanOrEqual(300_000);
      expect((await load(made.url)).status).toBe(200);
      const bad = [
        made.url.replace(made.id, other.id),
        made.url.replace(made.id, `${made.id}/thumbnail`),
        made.url.replace(String(expires), String(expires + 1)),
        made.url.replace(signature, signature.slice(1)),
        made.url.replace(signature, `${signature}A`),
        `${pathOf(made)}?expires=${expires}`,
        `${pathOf(made)}?signature=${signature}`,
        `${pathOf(made)}?expires=1&signature=${signature}`,
        `${pathOf(made)}?expires=NaN&signature=${signature}`,
      ];
      for (const url of bad) expect([url, (await load(url)).status]).toEqual([url, 404]);
      for (const url of [`${made.url}&token=x`, `${pathOf(made)}?token=${guest.token}`]) expect((await load(url)).status).toBe(400);
      const isSigned = (now: number): boolean =>
        app.app.get(AttachmentPresenter).isSigned(made.id, 'file', { expires: String(expires), signature }, now);
      expect([isSigned(expires * 1000 - 1), isSigned(expires * 1000)]).toEqual([true, false]);
      const fresh = (await (await load(`${pathOf(made)}/url`, guest.token)).json()) as Attachment;
      expect({ ...fresh, url: '', thumbnailUrl: '' }).toEqual({ ...made, url: '', thumbnailUrl: '' });
      expect((await load(fresh.url)).status).toBe(200);
    });
  });

  it('only who may write there uploads, and is told so before the bytes are read', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    const stranger = await buildGuest(app.url, shop);
    expect((await tryUpload(app.url, { token: 'x' }, room.id, note())).status).toBe(401);
    expect((await raw(app.url, 'POST', '/api/uploads')).status).toBe(401);
    for (const roomId of [room.id, newKey()]) expect((await tryUpload(app.url, stranger, roomId, note())).body.code).toBe('room.not_found');
    expect((await tryUpload(app.url, guest, 'x', note())).body).toMatchObject({ code: 'validation.failed', errors: [{ path: 'roomId' }] });
    const customer = await buildCustomer(app.url, shop);
    const own = (await buildRoom(app.url, shop, customer)).room;
    await rest(app.url, 'POST', `/api/customers/${customer.id}/block`, { token: shop.admin.token });
    const { body } = await rest(app.url, 'POST', '/api/auth/login', {
      body: { email: customer.email, password: PASSWORD, business: shop.slug },
    });
    expect((await tryUpload(app.url, { token: body.accessToken }, own.id, note())).body.code).toBe('access.denied');
    await rest(app.url, 'DELETE', `/api/rooms/${room.id}`, { token: shop.admin.token });
    expect((await tryUpload(app.url, guest, room.id, note())).body.code).toBe('room.closed');
    expect(onTheWay()).toEqual([]);
  });

  describe('what is refused', () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    const html = '<!doctype html><script>alert(1)</script>';

    it.each<[string, () => Promise<Sample> | Sample]>([
      ['A59 a script in SVG', () => ({ name: 'a.svg', type: 'image/svg+xml', bytes: svg })],
      ['A59 SVG as PNG', () => ({ name: 'a.png', type: 'image/png', bytes: svg })],
      ['A59 SVG as text', () => ({ name: 'a.txt', type: 'text/plain', bytes: `\ufeff \n${svg}` })],
      ['A59 HTML as PNG', () => ({ name: 'a.png', type: 'image/png', bytes: html })],
      ['A59 HTML as text', () => ({ name: 'a.txt', type: 'text/plain', bytes: `Hello\n${html}` })],
      ['A59 XML', () => ({ name: 'a.xml', type: 'text/xml', bytes: '<?xml version="1.0"?><a/>' })],
      ['A59 a GIF that is a script', () => ({ name: 'a.js', type: 'text/javascript', bytes: 'GIF89a=1;alert(1)//' })],
      ['A59 a script that begins as a GIF', () => ({ name: 'a.gif', type: 'image/gif', bytes: 'GIF89a=1;alert(1)//' })],
      ['A60 a PDF as PNG', () => ({ ...pdf(), type: 'image/png' })],
      ['A60 a PNG as PDF', async () => ({ ...(await picture()), name: 'a.pdf' })],
      ['A60 .png.exe', async () => ({ ...(await picture()), name: 'a.png.exe' })],
      ['A60 .txt.html', () => ({ ...note(), name: 'a.txt.html' })],
      ['A60 text as a table', () => ({ ...note(), type: 'application/vnd.ms-excel' })],
      ['A60 text as HTML', () => ({ ...note(), type: 'text/html' })],
      ['A67 an archive', () => ({ name: 'a.zip', type: 'application/zip', bytes: zip({ 'a.txt': 'x' }) })],
      ['A67 an archive as a picture', () => ({ name: 'a.png', type: 'image/png', bytes: zip({ 'a.txt': 'x' }) })],
      ['A67 an archive as a document', () => ({ ...office('docx'), bytes: zip({ 'a.txt': 'x' }) })],
      ['A70 a document with macros', () => office('docm')],
      ['A70 a document with macros under another name', () => ({ ...office('docm'), name: 'a.docx', type: office('docx').type })],
      ['A70 an executable', () => ({ name: 'a.txt', type: 'text/plain', bytes: Buffer.from('MZ\x90\x00\x03\x00', 'latin1') })],
      ['A70 text that is not UTF-8', () => ({ name: 'a.txt', type: 'text/plain', bytes: Buffer.from('für', 'latin1') })],
      ['A70 text with NUL', () => ({ name: 'a.txt', type: 'text/plain', bytes: 'a\0b' })],
      [
        'A61 an ASF file that stalls',
        () => ({ name: 'a.mp4', bytes: Buffer.concat([Buffer.from('3026b2758e66cf11a6d900aa0062ce6c', 'hex'), Buffer.alloc(9000)]) }),
      ],
      ['A61 an archive that stalls', () => ({ name: 'a.docx', bytes: Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(200_000)]) })],
      ['a broken picture', async () => ({ ...(await picture('png', 64, 64)), bytes: (await picture('png', 64, 64)).bytes.slice(0, 90) })],
    ])('%s', async (_, sample) => {
      const { room, guest } = talk;
      const before = stored();
      const since = Date.now();
      expect(await refused(guest, room.id, await sample())).toEqual([expect.any(String), 415, 'upload.type_refused']);
      expect(Date.now() - since).toBeLessThan(10_000);
      expect(stored()).toEqual(before);
    });

    it('A66 what would be vast, by its header alone', async () => {
      const { room, guest } = await buildRoom(app.url, shop);
      for (const sample of [vastPng(), vastPng(5001), longGif()]) {
        expect(await refused(guest, room.id, sample)).toEqual([sample.name, 413, 'upload.too_large']);
      }
    });

    it('A67 a document that would unfold is kept as it is', async () => {
      const { room, guest } = await buildRoom(app.url, shop);
      const sample = office('docx', {
        'bomb.zip': zip({ 'x.zip': zip({ zeros: '0'.repeat(50_000) }).toString('latin1') }).toString('latin1'),
      });
      expect((await upload(app.url, guest, room.id, sample)).size).toBe(sample.bytes.length);
    });
  });

  const BOUNDARY = 'xxxxxxxx';
  const form = (parts: string[], isWhole = true): string =>
    parts.map((part) => `--${BOUNDARY}\r\n${part}\r\n`).join('') + (isWhole ? `--${BOUNDARY}--\r\n` : '');
  const field = (name: string, value: string): string => `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`;
  const file = (text = 'hello', name = 'file'): string =>
    `Content-Disposition: form-data; name="${name}"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n${text}`;
  const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;
  const post = async (person: Person, body: string, headers: Record<string, string> = {}): Promise<unknown[]> => {
    const all = {
      Authorization: `Bearer ${person.token}`,
      'Content-Type': TYPE,
      'Content-Length': String(Buffer.byteLength(body)),
      ...headers,
    };
    const { status, text } = await raw(app.url, 'POST', '/api/uploads', all, body);
    return [status, (JSON.parse(text) as { code?: string }).code];
  };

  it('A62 forms that are none are refused, and nothing is left of them', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    const roomId = field('roomId', room.id);
    const [failed, before] = [[400, 'validation.failed'], stored()];
    expect(await post(guest, form([roomId, file()]))).toEqual([201, undefined]);
    expect(await post(guest, form([file(), roomId]))).toEqual([201, undefined]);
    const bad: [string, Record<string, string>?][] = [
      [form([field('', 'x'), roomId, file()])],
      [form([roomId, file('hello', '')])],
      [form(['Content-Disposition: form-data\r\n\r\nx', roomId, file()])],
      [form(['Content-Dispos\x01ition: form-data; name="a"\r\n\r\nx', roomId, file()])],
      [form([roomId, file()]), { 'Content-Type': 'multipart/form-data' }],
      [form([roomId, file()]), { 'Content-Type': 'multipart/form-data; boundary=other' }],
      [form([roomId, file()], false)],
      [form([roomId, file()]).slice(0, 150)],
      [form([roomId])],
      [form([file()])],
      [form([roomId, file('')])],
      [form([roomId, file(), file()])],
      [form([roomId, file('hello', 'files')])],
      [form([roomId, roomId, file()])],
      [form([roomId, field('__proto__', 'x'), file()])],
      [form([roomId, field('x[y][z]', 'x'), file()])],
      [form([roomId, field('admin', 'true'), file()])],
      [form([roomId, field('x'.repeat(1000), 'x'), file()])],
      [form([roomId, field('x', 'x'.repeat(5000)), file()])],
      [form([...Array.from({ length: 10_000 }, (_, i) => field(`f${i}`, 'x')), roomId, file()]).slice(0, 300_000)],
      [form([file(), ...Array.from({ length: 3_000 }, () => roomId)])],
      [form([roomId, file('hello').replace('a.txt', 'a\0.txt')])],
      [''],
    ];
    for (const [body, headers] of bad)
      expect([body.slice(0, 200), ...(await post(guest, body, headers))]).toEqual([body.slice(0, 200), ...failed]);
    const headers = { Authorization: `Bearer ${guest.token}`, 'Content-Type': TYPE };
    for (const sign of ['\0', '\x01', '\x7f', '\n']) {
      const { text } = await raw(app.url, 'POST', '/api/uploads', headers, form([roomId, file().replace('a.txt', `a${sign}.txt`)]));
      expect([sign, (JSON.parse(text) as { errors: object[] }).errors]).toEqual([
        sign,
        [{ path: '', message: 'has a part whose header cannot be read; names of files must be sent without control characters' }],
      ]);
    }
    expect(await post(guest, '{}', { 'Content-Type': 'application/json' })).toEqual([415, 'media.unsupported']);
    expect(await post(guest, form([roomId, file()]), { 'Content-Encoding': 'gzip' })).toEqual([415, 'media.unsupported']);
    expect(
      await until(
        () => Promise.resolve(onTheWay()),
        (names) => names.length === 0,
      ),
    ).toEqual([]);
    expect(stored().length).toBe(before.length + 2);
  });

  /** A form that is sent piece by piece; resolves with what the server said before it closed the connection. */
  const drip = (person: Person, head: string, pieces: (socket: Socket) => void, length?: number): Promise<string> =>
    new Promise((done) => {
      const { hostname, port } = new URL(app.url);
      const socket = connectTcp(Number(port), hostname);
      let heard = '';
      socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
      socket.on('error', () => undefined);
      socket.on('close', () => done(heard));
      const size = length === undefined ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`;
      socket.write(
        `POST /api/uploads HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${person.token}\r\nContent-Type: ${TYPE}\r\n${size}\r\n\r\n${head}`,
      );
      pieces(socket);
    });

  it('A65 one byte too many is refused, also without a length or with a false one', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    const roomId = field('roomId', room.id);
    const large = [413, 'upload.too_large'];
    expect(await post(guest, form([roomId, file('x'.repeat(LIMIT))]))).toEqual([201, undefined]);
    expect(await post(guest, form([roomId, file('x'.repeat(LIMIT + 1))]))).toEqual(large);
    const told = await drip(guest, '', () => undefined, 1e12);
    expect(told).toMatch(/^HTTP\/1\.1 413 [^]*upload\.too_large/);
    const start = form([roomId, file('x')], false);
    const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
    const endless = await drip(guest, chunk(start), (socket) => {
      const more = (): void => {
        if (!socket.destroyed) socket.write(chunk('x'.repeat(50_000)), () => setTimeout(more, 5));
      };
      more();
    });
    expect(endless).toMatch(/^HTTP\/1\.1 413 [^]*upload\.too_large/);
    // Says it has less than it sends: the rest is no request.
    const short = await drip(guest, form([roomId, file('hello')]), (socket) => setTimeout(() => socket.destroy(), 500), 40);
    expect(short).toMatch(/^HTTP\/1\.1 400 /);
    expect(
      await until(
        () => Promise.resolve(onTheWay()),
        (names) => names.length === 0,
      ),
    ).toEqual([]);
  });

  it('A64 what comes a byte a second is cut, and nobody else waits', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    const since = Date.now();
    const slow = drip(
      guest,
      form([field('roomId', room.id), file('x')], false).slice(0, -2),
      (socket) => {
        const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write('x')), 1_000);
      },
      200_000,
    );
    expect((await tryUpload(app.url, guest, room.id, note())).status).toBe(201);
    expect(await slow).toMatch(/^HTTP\/1\.1 408 /);
    expect(Date.now() - since).toBeLessThan(15_000);
    expect(
      await until(
        () => Promise.resolve(onTheWay()),
        (names) => names.length === 0,
      ),
    ).toEqual([]);
  });

  it(
    `A63 ${CUTS} connections that are cut in the middle leave nothing`,
    async () => {
      const { room, guest } = await buildRoom(app.url, shop);
      await upload(app.url, guest, room.id);
      const open = (): number => readdirSync('/proc/self/fd').length;
      const [fds, files, count] = [open(), stored().length, await rows()];
      for (let cut = 0; cut < CUTS; cut++) {
        const whole = form([field('roomId', room.id), file('x'.repeat(100_000))], false);
        await drip(guest, whole.slice(0, (cut * 977) % whole.length), (socket) => setTimeout(() => socket.destroy(), cut % 20), 150_000);
      }
      expect(
        await until(
          () => Promise.resolve(onTheWay()),
          (names) => names.length === 0,
        ),
      ).toEqual([]);
      expect(
        await until(
          () => Promise.resolve(open()),
          (now) => now <= fds + 5,
        ),
      ).toBeLessThanOrEqual(fds + 5);
      expect([stored().length, await rows()]).toEqual([files, count]);
      expect(app.log.filter((line) => line.includes('"level":50'))).toEqual([]);
    },
    60_000 + CUTS * 300,
  );

  it('A68 a visitor sends 100 MB a day, and parallel uploads do not get past it', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    await upload(app.url, guest, room.id);
    const nearly = 100 * 1024 ** 2 - 2_500;
    await app.sql('UPDATE upload_day SET bytes = $1 WHERE user_id = $2', [nearly, guest.id]);
    const answers = await Promise.all(Array.from({ length: 8 }, () => tryUpload(app.url, guest, room.id, note('x'.repeat(1_000)))));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    const late = answers.find(({ status }) => status !== 201);
    expect(late).toMatchObject({ status: 413, body: { code: 'upload.too_large', details: { retryAfterMs: expect.any(Number) } } });
    expect(Number(late?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(stored().length).toBeGreaterThan(0);
    // Staff have none.
    expect((await tryUpload(app.url, shop.admin, room.id, note('x'.repeat(5_000)))).status).toBe(201);
  });

  describe('with a quota', () => {
    let small: TestApp;
    beforeAll(async () => {
      small = await startApp({ UPLOAD_QUOTA: '10000' });
    });
    afterAll(() => small.close());

    it('A68 a business keeps no more than the operator says, until something is removed', async () => {
      const [one, other] = [await buildBusiness(small.url), await buildBusiness(small.url)];
      const { room, guest } = await buildRoom(small.url, one);
      const answers = await Promise.all(
        [guest, one.admin, guest, one.admin, guest].map((person) => tryUpload(small.url, person, room.id, note('x'.repeat(3_000)))),
      );
      const late = answers.filter(({ status }) => status !== 201);
      expect(late.map(({ status, body }) => [status, body.code])).toEqual(Array.from({ length: 2 }, () => [413, 'upload.too_large']));
      expect((await tryUpload(small.url, guest, room.id, note('x'.repeat(1_000)))).status).toBe(201);
      const { status, body } = await tryUpload(small.url, one.admin, room.id, note('x'));
      expect([status, body.code, body.detail]).toEqual([413, 'upload.too_large', expect.stringContaining('all the room')]);
      const beside = await buildRoom(small.url, other);
      expect((await tryUpload(small.url, beside.guest, beside.room.id, note())).status).toBe(201);
      expect((await rest(small.url, 'DELETE', '/api/auth/me', { token: guest.token })).status).toBe(204);
      const next = await buildRoom(small.url, one);
      expect((await tryUpload(small.url, next.guest, next.room.id, note('x'.repeat(100)))).status).toBe(201);
    });
  });

  describe('in messages', () => {
    it('a message of pictures is an image, every other one a file; its text may be left out', async () => {
      const { roomId, guest, agentSocket } = await buildTalk(app.url, shop);
      const [one, two, letter] = [
        await upload(app.url, guest, roomId, await picture('png')),
        await upload(app.url, guest, roomId, await picture('gif')),
        await upload(app.url, guest, roomId),
      ];
      const { status, body } = await send(guest, roomId, [two.id, one.id]);
      expect([status, body.kind, body.body]).toEqual([201, 'image', null]);
      expect(body.attachments.map(({ id }: Attachment) => id)).toEqual([two.id, one.id]);
      expect(await agentSocket.waitFor('message.created', ({ id }: Message) => id === body.id)).toEqual(body);
      const mixed = (await send(guest, roomId, [letter.id], { body: 'See the letter' })).body;
      expect([mixed.kind, mixed.body]).toEqual(['file', 'See the letter']);
      const history = await rest(app.url, 'GET', `/api/rooms/${roomId}/messages`, { token: guest.token });
      expect(history.body.items.map(({ attachments }: Message) => attachments.map(({ id }) => id))).toEqual([
        [two.id, one.id],
        [letter.id],
      ]);
      const joined = await agentSocket.call('room.sync', { roomId, after: { public: 0 } });
      expect(joined.entries[0].attachments[0]).toMatchObject({ id: two.id, mime: 'image/gif', width: 8, height: 6 });
      expect((await load(joined.entries[0].attachments[0].url)).status).toBe(200);
      expect((await agentSocket.call('room.get', { roomId })).lastMessage.attachments).toMatchObject([{ id: letter.id }]);
      const edited = await rest(app.url, 'PATCH', `/api/rooms/${roomId}/messages/${body.id}`, {
        token: guest.token,
        body: { body: 'Look' },
      });
      expect([edited.body.body, edited.body.attachments.length]).toEqual(['Look', 2]);
    });

    it('A69 only the own, of that room, that no message has yet', async () => {
      const { roomId, guest, guestSocket } = await buildTalk(app.url, shop);
      const other = await buildRoom(app.url, shop);
      const made = await upload(app.url, guest, roomId);
      const theirs = await upload(app.url, other.guest, other.room.id);
      const ofStaff = await upload(app.url, shop.admin, roomId);
      const elsewhere = await upload(app.url, shop.admin, other.room.id);
      for (const id of [theirs.id, ofStaff.id, newKey()]) {
        expect((await send(guest, roomId, [made.id, id])).body).toMatchObject({ status: 404, code: 'upload.not_found' });
      }
      expect((await send(shop.admin, roomId, [elsewhere.id])).body.code).toBe('upload.not_found');
      expect((await send(guest, roomId, [made.id, made.id])).body.code).toBe('validation.failed');
      const key = newKey();
      const first = await send(guest, roomId, [made.id, made.id.toUpperCase()], { clientMessageId: key });
      expect([first.status, first.body.attachments.length]).toEqual([201, 1]);
      expect((await send(guest, roomId, [made.id])).body).toMatchObject({ status: 409, code: 'upload.not_attachable' });
      expect((await guestSocket.refused('message.send', { roomId, clientMessageId: newKey(), attachmentIds: [made.id] })).code).toBe(
        'upload.not_attachable',
      );
      // The same message again is the same message, over either door.
      const again = await send(guest, roomId, [made.id], { clientMessageId: key });
      expect([again.status, again.body.id, again.body.attachments[0].id]).toEqual([200, first.body.id, made.id]);
      const overSocket = await guestSocket.call('message.send', { roomId, clientMessageId: key, attachmentIds: [made.id] });
      expect(overSocket.id).toBe(first.body.id);
      expect((await send(guest, roomId, [], { clientMessageId: key, body: 'x' })).body.code).toBe('message.idempotency_mismatch');
    });

    it('A69 of parallel messages with one file one wins, and the numbers stay dense', async () => {
      const { roomId, guest } = await buildTalk(app.url, shop);
      const socket = await connect(app.url, guest.token);
      const [made, free] = [await upload(app.url, guest, roomId), await upload(app.url, guest, roomId)];
      const drafts = Array.from({ length: 6 }, () => ({ roomId, clientMessageId: newKey(), attachmentIds: [made.id] }));
      const answers = await Promise.all([
        ...drafts.map((draft) => socket.ask('message.send', draft)),
        socket.ask('message.send', { roomId, clientMessageId: newKey(), attachmentIds: [free.id] }),
        socket.ask('message.send', { roomId, clientMessageId: newKey(), body: 'beside them' }),
      ]);
      const codes = answers.map((answer) => (answer.ok ? 'ok' : answer.error.code)).sort();
      expect(codes).toEqual(['ok', 'ok', 'ok', ...Array.from({ length: 5 }, () => 'upload.not_attachable')]);
      const { body } = await rest(app.url, 'GET', `/api/rooms/${roomId}/messages`, { token: guest.token });
      expect(body.items.map(({ seq }: Message) => seq)).toEqual([1, 2, 3]);
      expect(await app.sql('SELECT DISTINCT message_id FROM upload WHERE id = $1 AND message_id IS NOT NULL', [made.id])).toHaveLength(1);
    });

    it('A69 a message that loses its file to another one changes nothing: the room sleeps on', async () => {
      const { roomId, guest } = await buildTalk(app.url, shop);
      const [made, body] = [await upload(app.url, guest, roomId), { snoozedUntil: new Date(Date.now() + 3_600_000).toISOString() }];
      expect((await rest(app.url, 'PATCH', `/api/rooms/${roomId}`, { token: shop.admin.token, body })).status).toBe(200);
      const state = (): Promise<object[]> =>
        app.sql('SELECT r.*, c.* FROM room r JOIN stream_counter c ON c.room_id = r.id WHERE r.id = $1', [roomId]);
      const before = await state();
      // The other one takes the file while the writer waits for the room, after it was looked at.
      const other = new pg.Client({ connectionString: app.databaseUrl });
      await other.connect();
      await other.query('BEGIN');
      await other.query('SELECT FROM room WHERE id = $1 FOR UPDATE', [roomId]);
      const lost = send(guest, roomId, [made.id]);
      await until(
        () => app.sql("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"),
        (waiting) => waiting.length > 0,
      );
      await other.query('UPDATE upload SET message_id = gen_random_uuid(), place = 1 WHERE id = $1', [made.id]);
      await other.query('COMMIT');
      await other.end();
      expect((await lost).body).toMatchObject({ status: 409, code: 'upload.not_attachable' });
      expect(await state()).toEqual(before);
      // One that is taken wakes it.
      expect((await send(guest, roomId, [(await upload(app.url, guest, roomId)).id])).status).toBe(201);
      expect(await state()).toMatchObject([{ status: 'open', snoozed_until: null }]);
    });

    it('who is erased takes its files along, attached or not', async () => {
      const { room, guest } = await buildRoom(app.url, shop);
      const [shown, unsent] = [await upload(app.url, guest, room.id, await picture()), await upload(app.url, guest, room.id)];
      await send(guest, room.id, [shown.id]);
      expect((await rest(app.url, 'DELETE', '/api/auth/me', { token: guest.token })).status).toBe(204);
      expect(await app.sql('SELECT FROM upload WHERE uploader_id = $1', [guest.id])).toEqual([]);
      const left = (): Promise<string[]> =>
        Promise.resolve(stored().filter((name) => name.startsWith(shown.id) || name.startsWith(unsent.id)));
      expect(await until(left, (names) => names.length === 0)).toEqual([]);
    });
  });

  it('the chore removes what nobody attached for a day, and files without a row', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    const [old, young, sent, orphan] = await Promise.all(Array.from({ length: 4 }, () => upload(app.url, guest, room.id)));
    const ids = [old, young, sent, orphan].map((made) => (made as Attachment).id) as [string, string, string, string];
    await send(guest, room.id, [ids[2]]);
    await app.sql("UPDATE upload SET created_at = now() - interval '25 hours' WHERE id = ANY ($1)", [[ids[0], ids[2]]]);
    await app.sql('DELETE FROM upload WHERE id = $1', [ids[3]]);
    // Of somebody else, who keeps files there as well.
    const strange = 'nightly-dump-of-2026-01-01-all-tables.tar.gz';
    const { parentPath = '' } = readdirSync(folder, { recursive: true, withFileTypes: true }).find(({ name }) => name === ids[3]) ?? {};
    writeFileSync(join(parentPath, strange), 'x');
    const clean = (): Promise<void> => app.app.get(Chores).run('uploads');
    await clean();
    const left = (): string[] => stored().filter((name) => ids.includes(name));
    expect(left()).toEqual([ids[1], ids[2], ids[3]].sort());
    // An hour later, in the eyes of the chore.
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 3_700_000);
    await clean();
    jest.restoreAllMocks();
    expect(left()).toEqual([ids[1], ids[2]].sort());
    expect(stored()).toContain(strange);
  });

  it('A47 no more than 20 a minute', async () => {
    const strict = await startApp({ RATE_LIMIT_FACTOR: '1' });
    const tenant = await buildBusiness(strict.url);
    const { room, guest } = await buildRoom(strict.url, tenant);
    await buildAgent(strict.url, tenant);
    const answers = await Promise.all(Array.from({ length: 22 }, () => tryUpload(strict.url, guest, room.id, note())));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(2);
    await strict.close();
  });
});
