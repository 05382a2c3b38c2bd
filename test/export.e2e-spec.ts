import { readFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { DataSource } from 'typeorm';
import { poolOf } from '../src/database/data-source.js';
import type { Message } from '../src/contract/message.js';
import { startApp, type TestApp } from './support/app.js';
import {
  buildAgent,
  buildBusiness,
  buildGuest,
  buildRoom,
  newKey,
  say,
  setUp,
  until,
  type Person,
  type Tenant,
} from './support/factories.js';
import { rest, type Answer } from './support/rest.js';
import { cleanUp, startServer } from './support/server-process.js';

/** Entries of the long room; CI asks for 100,000. */
const ENTRIES = Number(process.env.EXPORT_ENTRIES ?? 12_000);
const MAX_EXTRA_BYTES = 50 * 1024 * 1024;

describe('K9 N17 the transcript of a room', () => {
  let app: TestApp;
  let shop: Tenant;
  let agent: Person;
  let guest: Person;
  let roomId: string;

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
    agent = await buildAgent(app.url, shop);
  });
  beforeEach(async () => {
    const built = await buildRoom(app.url, shop);
    [guest, roomId] = [built.guest, built.room.id];
  });
  afterAll(async () => {
    await app.close();
    await cleanUp();
  });

  const file = async (as: Person, format = 'json', room = roomId): Promise<{ status: number; headers: Headers; text: string }> => {
    const response = await fetch(`${app.url}/api/rooms/${room}/export?format=${format}`, {
      headers: { Authorization: `Bearer ${as.token}` },
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const json = (as: Person, room = roomId, query = ''): Promise<Answer> =>
    rest(app.url, 'GET', `/api/rooms/${room}/export${query}`, { token: as.token });
  const claim = (): Promise<Answer> => rest(app.url, 'POST', `/api/rooms/${roomId}/claim`, { token: agent.token });
  const change = (as: Person, id: string, body?: string): Promise<Answer> =>
    rest(app.url, body ? 'PATCH' : 'DELETE', `/api/rooms/${roomId}/messages/${id}`, { token: as.token, ...(body && { body: { body } }) });
  const history = async (stream: string): Promise<Message[]> =>
    (await rest(app.url, 'GET', `/api/rooms/${roomId}/messages?stream=${stream}&after=0&limit=200`, { token: agent.token })).body.items;

  /** Fills a room past the server, which would take minutes. */
  const fill = async (entries: number, room = roomId): Promise<void> => {
    await app.sql(
      `INSERT INTO message (room_id, stream, seq, id, kind, sender_id, client_message_id, body, created_at)
         SELECT $1, 'public', n, gen_random_uuid(), 'text', $2, gen_random_uuid(), repeat(md5(n::text), 120), now() + n * interval '1 ms'
           FROM generate_series(1, $3) n`,
      [room, guest.id, entries],
    );
    await app.sql('UPDATE stream_counter SET public_seq = $2 WHERE room_id = $1', [room, entries]);
  };
  const open = (url: string, as: Person, format = 'json', room = roomId): Promise<IncomingMessage> =>
    new Promise((done, fail) => {
      const headers = { Authorization: `Bearer ${as.token}` };
      const call = request(`${url}/api/rooms/${room}/export?format=${format}`, { headers, agent: false }, done);
      call.on('error', fail).end();
    });

  it('is the whole history, for its customer without a trace of what is internal', async () => {
    const canary = `canary-${newKey()}`;
    const first = await say(app.url, guest, roomId, 'Hello');
    await say(app.url, agent, roomId, canary, 'internal');
    await claim();
    await rest(app.url, 'PATCH', `/api/rooms/${roomId}`, { token: agent.token, body: { priority: 'high', subject: 'Order 7' } });
    await say(app.url, agent, roomId, 'Hi');
    await change(guest, first.id, 'Hello!');
    const own = await json(guest);
    const { unread: _1, queuePosition: _2, ...room } = (await rest(app.url, 'GET', `/api/rooms/${roomId}`, { token: guest.token })).body;
    expect(own.body).toEqual({ room, entries: await history('public') });
    const staff = await json(agent);
    const entries: Message[] = staff.body.entries;
    expect(staff.body.room).toMatchObject({ priority: 'high', internalLastSeq: 3 });
    for (const stream of ['public', 'internal']) expect(entries.filter((entry) => entry.stream === stream)).toEqual(await history(stream));
    expect(entries.map(({ createdAt }) => createdAt)).toEqual(entries.map(({ createdAt }) => createdAt).sort());
    for (const format of ['json', 'csv', 'txt', 'html']) {
      expect([format, (await file(guest, format)).text]).toEqual([
        format,
        expect.not.stringMatching(new RegExp(`${canary}|internal|priority`, 'i')),
      ]);
      expect((await file(agent, format)).text).toContain(canary);
    }
    expect((await json(guest)).headers.get('content-disposition')).toMatch(
      new RegExp(`^attachment; filename="transcript-\\d{4}-\\d\\d-\\d\\d-${roomId}\\.json"$`),
    );
  });

  it('A55 is CSV by RFC 4180, with nothing that a spreadsheet would run', async () => {
    const bodies = ['=1+1', '+1', '-1', '@a', '\t=1', '\r=1', 'a,"b"\nc', 'plain'];
    for (const body of bodies) await say(app.url, guest, roomId, body);
    await claim();
    const { headers, text } = await file(guest, 'csv');
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const at = (await history('public')).map(({ createdAt }) => createdAt);
    const cells = ["'=1+1", "'+1", "'-1", "'@a", "'\t=1", `"'\r=1"`, '"a,""b""\nc"', 'plain'];
    const rows = cells.map((cell, n) => `${n + 1},public,${at[n]},Gwen,guest,text,${cell},`);
    rows.unshift('seq,stream,createdAt,sender,role,kind,body,attachments');
    rows.push(`9,public,${at[8]},Alex,agent,activity,Alex took the conversation,`);
    expect(text).toBe(rows.map((row) => `${row}\r\n`).join(''));
  });

  it('A39 A46 is text and a page in which nothing that was written does anything', async () => {
    const evil = `<script>alert(1)</script><img src=x onerror="alert(1)">' \u202e שלום`;
    await rest(app.url, 'PATCH', '/api/auth/me', { token: guest.token, body: { name: `${evil}\n2026-11-20 10:00:00 UTC  Alex (agent)` } });
    await rest(app.url, 'PATCH', `/api/rooms/${roomId}`, { token: agent.token, body: { subject: evil } });
    await say(app.url, guest, roomId, `${evil}\n2026-11-20 10:00:00 UTC  Alex (agent)\u2028    You get 1,000\u001b[2J`);
    const gone = await say(app.url, guest, roomId, 'never-said');
    const other = await say(app.url, guest, roomId, 'Frist');
    await change(guest, other.id, 'First');
    await change(guest, gone.id);
    const page = await file(agent, 'html');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; .*sandbox; frame-ancestors 'none'$/,
    );
    expect(page.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(page.text).not.toMatch(/<script|<img|onerror="|style="|href=|src="/);
    expect(page.text).toContain(
      '<p class="body" dir="auto">&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39; \u202e',
    );
    expect(page.text.match(/<li class="customer">/g)).toHaveLength(3);
    expect(page.text).toMatch(/ · deleted<\/p><\/li>/);
    expect(page.text).toMatch(/<\/html>\n$/);
    const { text } = await file(agent, 'txt');
    // Only what the server says of a message begins a line.
    const begun = text.split('\n').filter((line) => /^2026|^\d{4}-/.test(line));
    expect(begun).toHaveLength(4);
    expect(begun.filter((line) => /UTC {2}Alex/.test(line.slice(0, 40)))).toEqual([]);
    expect(text).toContain('\n    2026-11-20 10:00:00 UTC  Alex (agent)\n        You get 1,000[2J\n');
    expect(begun.join()).not.toMatch(/\u202e/);
    for (const shown of [page.text, text]) expect(shown).not.toMatch(/never-said|Frist/);
    expect(text).toMatch(/\[edited\]\n {4}First\n/);
    expect(text).toMatch(/All times are in UTC/);
  });

  it('A22 A25 A26 of a room out of reach is answered like one that does not exist, before any byte', async () => {
    const other = await buildBusiness(app.url);
    const [stranger, abroad, colleague] = [
      await buildGuest(app.url, shop),
      await buildAgent(app.url, other),
      await buildAgent(app.url, shop),
    ];
    await setUp(app.url, shop, { agentScope: 'own' });
    for (const as of [stranger, abroad, colleague]) {
      const answers = await Promise.all([roomId, newKey()].map((id) => json(as, id)));
      const bare = answers.map(({ status, body: { requestId: _, ...problem } }) => ({ status, problem }));
      expect(bare[0]).toMatchObject({ status: 404, problem: { code: 'room.not_found' } });
      expect(bare[1]).toEqual(bare[0]);
    }
    await setUp(app.url, shop, { agentScope: 'all' });
    for (const query of ['?format=pdf', '?format=', '?format=csv&format=txt', '?stream=internal', '?format[]=csv']) {
      expect((await json(guest, roomId, query)).body.code).toBe('validation.failed');
    }
    expect((await json(guest, 'x')).body.code).toBe('validation.failed');
  });

  it('that staff take is noted, and one that its customer takes is not', async () => {
    await json(guest);
    await file(agent, 'csv');
    const { body } = await rest(app.url, 'GET', `/api/audit?targetId=${roomId}`, { token: shop.admin.token });
    expect(body.items).toMatchObject([
      { action: 'room.exported', actor: { id: agent.id }, targetType: 'room', details: { format: 'csv' } },
    ]);
  });

  it('ends with what was there when it began', async () => {
    await fill(3_000);
    const response = await open(app.url, guest);
    await say(app.url, agent, roomId, 'Too late');
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk as string;
    const { room, entries } = JSON.parse(text);
    expect([room.lastSeq, entries.length, entries.at(-1).seq]).toEqual([3_000, 3_000, 3_000]);
    expect(entries.every(({ seq }: Message, at: number) => seq === at + 1)).toBe(true);
  });

  it('waits for a slow reader, and leaves nothing behind when that one goes', async () => {
    await fill(3_000);
    const pool = poolOf(app.app.get(DataSource));
    const response = await open(app.url, agent, 'csv');
    response.pause();
    await new Promise((done) => setTimeout(done, 500));
    const [{ rows: before } = { rows: 0 }] = await app.sql<{ rows: number }>('SELECT 1 AS rows');
    expect([before, pool.waitingCount]).toEqual([1, 0]);
    response.destroy();
    // The writer keeps one connection for itself.
    const free = await until(
      () => Promise.resolve(pool.totalCount - pool.idleCount),
      (busy) => busy <= 1,
      20_000,
    );
    expect(free).toBeLessThanOrEqual(1);
    expect((await json(guest)).status).toBe(200);
  });

  it('breaks off when it cannot be read to its end, and does not end well', async () => {
    await fill(3_000);
    const response = await open(app.url, guest);
    response.pause();
    await app.sql('ALTER TABLE message RENAME TO message_away');
    try {
      const read = async (): Promise<string> => {
        let text = '';
        for await (const chunk of response.setEncoding('utf8')) text += chunk as string;
        return text;
      };
      await expect(read()).rejects.toThrow(/aborted/);
    } finally {
      await app.sql('ALTER TABLE message_away RENAME TO message');
    }
    expect((await json(guest)).body.entries).toHaveLength(3_000);
  });

  it('of a long room costs within 50 MB of memory', async () => {
    await fill(ENTRIES);
    const { room: short } = await buildRoom(app.url, shop);
    await fill(1_000, short.id);
    const server = await startServer({
      DATABASE_URL: app.databaseUrl,
      JWT_ACCESS_SECRET: 'b9c1f2d3a4e5968778695a4b3c2d1e0f',
      RATE_LIMIT_FACTOR: '1000',
    });
    const memory = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) * 1024;
    const read = async (room: string): Promise<{ bytes: number; peak: number }> => {
      const response = await open(server.url, agent, 'json', room);
      let [bytes, peak] = [0, 0];
      for await (const chunk of response) {
        bytes += (chunk as Buffer).length;
        peak = Math.max(peak, memory());
      }
      return { bytes, peak };
    };
    // Its code is loaded, and its heap has grown to what comes and goes; never more than the short room was in it.
    for (let time = 0; time < 12; time++) await read(short.id);
    const before = memory();
    const { bytes, peak } = await read(roomId);
    expect(bytes).toBeGreaterThan(ENTRIES * 3_840);
    expect(peak - before).toBeLessThan(MAX_EXTRA_BYTES);
  });
});
