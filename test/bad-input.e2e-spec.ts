import type { ClientToServerEvents } from '../src/contract/socket-events.js';
import { WebSocket } from 'ws';
import { startApp, type TestApp } from './support/app.js';
import { buildBusiness, buildGuest, buildTalk, newKey, type Tenant } from './support/factories.js';
import { rest } from './support/rest.js';
import { closeSockets, connect, type TestSocket } from './support/socket.js';

const ID = '01900000-0000-7000-8000-000000000000';

/** A payload that each command takes: what is done to it makes it a bad one. */
const GOOD: { [Command in keyof ClientToServerEvents]: Record<string, unknown> } = {
  'room.open': { customerId: ID },
  'room.join': { roomId: ID },
  'room.leave': { roomId: ID },
  'room.sync': { roomId: ID, after: { public: 0 } },
  'room.list': {},
  'room.get': { roomId: ID },
  'room.viewers': { roomId: ID },
  'room.update': { roomId: ID, priority: 'low' },
  'room.claim': { roomId: ID },
  'room.assign': { roomId: ID, agentId: null },
  'room.transfer': { roomId: ID, agentId: ID },
  'room.close': { roomId: ID },
  'room.end': { roomId: ID },
  'room.reopen': { roomId: ID },
  'ai.toggle': { roomId: ID, enabled: true },
  'message.send': { roomId: ID, clientMessageId: ID, body: 'x' },
  'message.edit': { roomId: ID, messageId: ID, body: 'x' },
  'message.delete': { roomId: ID, messageId: ID },
  'message.list': { roomId: ID },
  'message.mark': { roomId: ID, read: 1 },
  'typing.start': { roomId: ID },
  'typing.stop': { roomId: ID },
  'presence.set': { status: 'online' },
  'presence.list': {},
  'presence.heartbeat': {},
  'auth.refresh': { token: 'x' },
};
const COMMANDS = Object.keys(GOOD) as (keyof ClientToServerEvents)[];
const nested = (depth: number): unknown => JSON.parse('{"a":'.repeat(depth) + '1' + '}'.repeat(depth));

describe('bad input', () => {
  let app: TestApp;
  let shop: Tenant;

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  const countEntries = async (): Promise<number> => Number((await app.sql<{ n: string }>('SELECT count(*) AS n FROM message'))[0]?.n);

  describe.each(COMMANDS)('T7 T8 A84 %s', (command) => {
    const isForGuests = command === 'room.end';
    const connectFor = async (): Promise<TestSocket> =>
      connect(app.url, isForGuests ? (await buildGuest(app.url, shop)).token : shop.admin.token);

    it('refuses what is not one plain object', async () => {
      const socket = await connectFor();
      const payloads = [
        [[]],
        [[GOOD[command]]],
        [null],
        ['text'],
        [7],
        [true],
        [Buffer.from('x')],
        [],
        [GOOD[command], GOOD[command]],
        [GOOD[command], 'two'],
      ];
      for (const args of payloads) {
        const answer = await socket.ask(command, ...args);
        expect([answer.ok, !answer.ok && answer.error.code]).toEqual([false, 'validation.failed']);
      }
    });

    it('A44 A45 refuses unknown fields, NUL, lone surrogates, prototypes and deep nesting', async () => {
      const socket = await connectFor();
      const bad: Record<string, unknown>[] = [
        { unknown: 1 },
        { senderId: ID },
        { businessId: ID },
        JSON.parse('{"__proto__":{"polluted":true}}') as Record<string, unknown>,
        { constructor: { prototype: {} } },
        { 'a\u0000b': 1 },
        { text: '\u0000' },
        { text: '\uD800' },
        { deep: nested(40) },
      ];
      for (const extra of bad) {
        const payload = Object.assign(Object.create(null) as object, JSON.parse(JSON.stringify(GOOD[command])));
        for (const key of Object.keys(extra)) Object.defineProperty(payload, key, { value: extra[key], enumerable: true });
        const answer = await socket.ask(command, payload);
        expect([JSON.stringify(extra), !answer.ok && answer.error.code]).toEqual([JSON.stringify(extra), 'validation.failed']);
      }
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    });

    it('T14 A24 A43 refuses every field of a wrong type, and a missing one', async () => {
      const socket = await connectFor();
      for (const field of Object.keys(GOOD[command])) {
        for (const value of [undefined, '', [], { $ne: null }, 1.5, '\uDC00', 'x'.repeat(5000)]) {
          if (field === 'body' && value === 'x'.repeat(5000)) continue;
          if (
            value === undefined &&
            ['customerId', 'priority', 'read', 'body', 'roomId'].includes(field) &&
            !(field === 'roomId' && command !== 'message.send')
          )
            continue;
          const answer = await socket.ask(command, { ...GOOD[command], [field]: value });
          const code = !answer.ok && answer.error.code;
          expect([field, value, code]).toEqual([
            field,
            value,
            field === 'token' && typeof value === 'string' && value.length < 5000
              ? expect.stringMatching('auth.invalid_credentials|validation.failed|auth.required')
              : 'validation.failed',
          ]);
        }
      }
    });
  });

  it('A84 an emit without an ack, or with one that is no function, does no harm', async () => {
    const { roomId, guestSocket } = await buildTalk(app.url, shop);
    guestSocket.raw.emit('message.send', { roomId, clientMessageId: newKey(), body: 'no ack' });
    guestSocket.raw.emit('message.send', null);
    guestSocket.raw.emit('message.send', {}, 'not a function');
    guestSocket.raw.emit('no.such.event', 1);
    await guestSocket.call('message.send', { roomId, clientMessageId: newKey(), body: 'with ack' });
    const { items } = await guestSocket.call('message.list', { roomId });
    expect(items.map(({ body }: { body: string }) => body)).toEqual(['no ack', 'with ack']);
  });

  it('P7 T5 T8 answers unknown, reserved and numeric events', async () => {
    const socket = await connect(app.url, shop.admin.token);
    for (const name of ['no.such', 'message.created', 'constructor', '__proto__', 'toString', 'hasOwnProperty', '']) {
      const answer = await socket.ask(name, {});
      expect([name, answer]).toEqual([name, { ok: false, error: expect.objectContaining({ code: 'event.unknown', retryable: false }) }]);
    }
    expect(Object.keys(await socket.refused('no.such')).sort()).toEqual(['code', 'message', 'requestId', 'retryable']);
    expect(socket.all('exception')).toEqual([]);
  });

  it('A44 a field with a name that every object has is told like any other that is not known', async () => {
    const { roomId, guest, guestSocket } = await buildTalk(app.url, shop);
    for (const name of ['toString', 'hasOwnProperty', 'valueOf', 'isPrototypeOf']) {
      const errors = [{ path: name, message: 'is not a known field' }];
      expect(await guestSocket.refused('message.mark', { roomId, [name]: 1 })).toMatchObject({ code: 'validation.failed', errors });
      const { status, body } = await rest(app.url, 'POST', `/api/rooms/${roomId}/marks`, { token: guest.token, body: { [name]: 1 } });
      expect([status, body.code, body.errors]).toEqual([400, 'validation.failed', errors]);
    }
  });

  it('A29 names of Socket.IO rooms are nobody’s to choose', async () => {
    const { guestSocket, agentSocket, roomId } = await buildTalk(app.url, shop);
    for (const bad of ['agents', `business:${shop.id}:staff`, agentSocket.raw.id, '../', `${roomId}:internal`, `${roomId} `]) {
      expect((await guestSocket.refused('room.join', { roomId: bad })).code).toBe('validation.failed');
    }
  });

  it('A47 A88 a frame over 64 KB ends that connection and no other', async () => {
    const { roomId, guestSocket, agentSocket } = await buildTalk(app.url, shop);
    const closed = new Promise<unknown[]>((done) => guestSocket.raw.once('disconnect', (...told) => done(told)));
    const acked = jest.fn();
    guestSocket.raw.emit('message.send', { roomId, clientMessageId: newKey(), body: 'x'.repeat(70_000) }, acked);
    await guestSocket.disconnected;
    // The only thing that says why.
    expect(await closed).toEqual(['transport close', expect.objectContaining({ context: expect.objectContaining({ code: 1009 }) })]);
    expect(acked).not.toHaveBeenCalled();
    await agentSocket.call('message.send', { roomId, clientMessageId: newKey(), body: 'still here' });
  });

  it('A49 50,000 tiny events in one frame and a wide object cost little and write nothing', async () => {
    const socket = await connect(app.url, shop.admin.token);
    const before = await countEntries();
    const wide = Object.fromEntries([...Array(3000).keys()].map((i) => [`k${i}`, i]));
    const { code } = await socket.refused('message.send', { roomId: ID, clientMessageId: ID, body: 'x', ...wide });
    expect(code).toBe('validation.failed');
    const { status } = await rest(app.url, 'POST', '/api/rooms', { token: shop.admin.token, body: '{"a":'.repeat(30_000) });
    expect(status).toBe(413);
    const deep = await rest(app.url, 'POST', '/api/rooms', {
      token: shop.admin.token,
      body: `{"context":${'['.repeat(40_000)}${']'.repeat(40_000)}}`,
    });
    expect(deep.status).toBe(400);
    expect(await countEntries()).toBe(before);
  });

  it('A91 A48 sync and pages from places that are none', async () => {
    const { roomId, guestSocket, guest } = await buildTalk(app.url, shop);
    for (const seq of [-1, 2 ** 53, 1e309, 1.5, '1', null]) {
      expect((await guestSocket.refused('room.sync', { roomId, after: { public: seq } })).code).toBe('validation.failed');
    }
    expect((await guestSocket.call('room.sync', { roomId, after: { public: 2 ** 31 - 1 } })).reset).toBe(true);
    for (const query of [
      'limit=0',
      'limit=-1',
      'limit=201',
      'limit=1e2',
      'limit=0x10',
      'limit=',
      'limit=1&limit=2',
      'before=-1',
      'after=x',
      'id[]=1',
      'x=1',
    ]) {
      const { status, body } = await rest(app.url, 'GET', `/api/rooms/${roomId}/messages?${query}`, { token: guest.token });
      expect([query, status, body.code]).toEqual([query, 400, 'validation.failed']);
    }
  });

  it('A45 a query that is no UTF-8 is refused, and not read as something else', async () => {
    for (const query of ['q=%ED%A0%80', 'q=x&label=%FF', '%C3=1', 'q=%e2%82']) {
      const { status, body } = await rest(app.url, 'GET', `/api/rooms?${query}`, { token: shop.admin.token });
      expect([query, status, body.code]).toEqual([query, 400, 'validation.failed']);
    }
    for (const query of ['q=%EF%BF%BD', 'q=100%', 'q=%F0%9F%98%80+x']) {
      expect([query, (await rest(app.url, 'GET', `/api/rooms?${query}`, { token: shop.admin.token })).status]).toEqual([query, 200]);
    }
  });

  it('A48 a day that no calendar has is refused, in a cursor and as a time', async () => {
    const { roomId, agentSocket } = await buildTalk(app.url, shop);
    const { token } = shop.admin;
    const cursorOf = (...values: string[]): string => Buffer.from(JSON.stringify(values)).toString('base64url');
    for (const at of ['2027-02-30T10:00:00.000Z', '2027-02-29T10:00:00.000Z', '2027-04-31T00:00:00.000Z', '2027-02-28T24:00:00.000Z']) {
      for (const path of [
        `/api/rooms?cursor=${cursorOf('newest', '0', at, roomId)}`,
        `/api/rooms?sort=waiting&cursor=${cursorOf('waiting', '0', at, roomId)}`,
        `/api/rooms/${roomId}/routing?cursor=${cursorOf(at, roomId)}`,
        `/api/audit?from=${at}`,
        `/api/reports/overview?to=${at}`,
      ]) {
        const { status, body } = await rest(app.url, 'GET', path, { token });
        expect([at, path, status, body.code]).toEqual([at, path, 400, 'validation.failed']);
      }
      expect((await agentSocket.refused('room.list', { cursor: cursorOf('newest', '0', at, roomId) })).code).toBe('validation.failed');
      expect((await agentSocket.refused('room.update', { roomId, snoozedUntil: at })).code).toBe('validation.failed');
      const patched = await rest(app.url, 'PATCH', `/api/rooms/${roomId}`, { token, body: { snoozedUntil: at } });
      expect([at, patched.status, patched.body.code]).toEqual([at, 400, 'validation.failed']);
    }
  });

  it('a customer that names the internal stream is told so, also beside what no such route takes', async () => {
    const { roomId, guest } = await buildTalk(app.url, shop);
    const note = { clientMessageId: newKey(), body: 'x', stream: 'internal' };
    const ways: [string, string, unknown][] = [
      ['POST', '/messages?nonsense=1', note],
      ['POST', '/marks?limit=1', { stream: 'internal', read: 1 }],
      ['DELETE', '/draft?stream=internal', { nonsense: 1 }],
      ['GET', '/messages?stream=internal&nonsense=1', undefined],
    ];
    for (const [method, path, body] of ways) {
      const answer = await rest(app.url, method, `/api/rooms/${roomId}${path}`, { token: guest.token, body });
      expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'access.denied']);
    }
  });

  it('P15 A22 a foreign room answers byte for byte like one that does not exist', async () => {
    const other = await buildBusiness(app.url);
    const { roomId } = await buildTalk(app.url, other);
    const ways: [string, string, unknown][] = [
      ['GET', '', undefined],
      ['PATCH', '', { subject: 'x' }],
      ['DELETE', '', undefined],
      ['POST', '/claim', undefined],
      ['POST', '/messages', { clientMessageId: newKey(), body: 'x' }],
      ['POST', '/messages', { clientMessageId: newKey(), body: 'x', replyTo: ID }],
      ['GET', '/messages', undefined],
      ['POST', '/marks', { read: 1 }],
    ];
    for (const [method, path, body] of ways) {
      const bytes = async (id: string): Promise<string> => {
        const answer = await rest(app.url, method, `/api/rooms/${id}${path}`, { token: shop.admin.token, body });
        expect(answer.status).toBe(404);
        return JSON.stringify({ ...answer.body, requestId: '-' });
      };
      expect(await bytes(roomId)).toBe(await bytes(ID));
    }
  });

  it('T2 A82 an event that comes before the handshake is over is handled for nobody', async () => {
    const { roomId } = await buildTalk(app.url, shop);
    const before = await countEntries();
    for (const token of ['forged', shop.admin.token]) {
      const socket = new WebSocket(`${app.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
      const frames: string[] = [];
      socket.onmessage = ({ data }) => frames.push(data as string);
      await new Promise((done) => (socket.onopen = done));
      socket.send(`40{"token":${JSON.stringify(token)}}`);
      socket.send(`421["message.send",${JSON.stringify({ roomId, clientMessageId: newKey(), body: 'too early' })}]`);
      socket.send(`422["room.list",{}]`);
      await new Promise((done) => setTimeout(done, 200));
      socket.close();
      expect(frames.filter((frame) => frame.includes('"ok":true'))).toEqual([]);
    }
    expect(await countEntries()).toBe(before);
  });

  it('P16 A85 raw bytes that are no protocol end the connection, not the process', async () => {
    const frames = [
      '0{"token":',
      '42',
      '42["message.send"',
      '451-["x",{"_placeholder":true,"num":9}]',
      '99999',
      '4',
      '\u0000',
      '42[0]',
      '42["disconnect"]',
      '2probe',
      '45999999-["x"]',
      '40/unknown,{}',
    ];
    for (const frame of frames) {
      const socket = new WebSocket(`${app.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
      await new Promise((done) => (socket.onopen = done));
      socket.send('40{"token":' + JSON.stringify(shop.admin.token) + '}');
      socket.send(frame);
      await new Promise((done) => setTimeout(done, 30));
      socket.close();
    }
    expect((await rest(app.url, 'GET', '/health')).body.status).toBe('ok');
    expect(app.log.filter((line) => line.includes('"level":50') || line.includes('"level":60'))).toEqual([]);
  });
});

describe('A87 floods', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startApp({ RATE_LIMIT_FACTOR: '1' });
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  it('T10 a guest that sends too fast is told so, alone, and cut at ten times the measure', async () => {
    const shop = await buildBusiness(app.url);
    const { roomId, guestSocket, agentSocket } = await buildTalk(app.url, shop);
    const sends = await Promise.all(
      [...Array(15).keys()].map(() => guestSocket.ask('message.send', { roomId, clientMessageId: newKey(), body: 'x' })),
    );
    expect(sends.filter(({ ok }) => ok)).toHaveLength(10);
    const refused = sends.find(({ ok }) => !ok);
    expect(refused).toMatchObject({ error: { code: 'rate.limited', retryable: true, details: { retryAfterMs: expect.any(Number) } } });
    const before = Number((await app.sql<{ n: string }>('SELECT count(*) AS n FROM message'))[0]?.n);
    for (let i = 0; i < 4000; i++)
      guestSocket.raw.emit(['message.send', 'typing.start', 'room.join', 'room.sync', 'nothing'][i % 5] as string, { roomId });
    await guestSocket.disconnected;
    // The other side of the talk is not touched by it.
    await agentSocket.call('message.send', { roomId, clientMessageId: newKey(), body: 'still here' });
    expect(Number((await app.sql<{ n: string }>('SELECT count(*) AS n FROM message'))[0]?.n)).toBe(before + 1);
  });
});
