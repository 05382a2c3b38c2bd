import { request } from 'node:http';
import { WebSocket } from 'ws';
import { startApp, type TestApp } from './support/app.js';
import type { SocketError } from '../src/contract/error-code.js';
import { buildBusiness, buildGuest, until, type Person, type Tenant } from './support/factories.js';
import { closeSockets, connect, refusedHandshake } from './support/socket.js';

const QUIET_MS = 300;

describe('handshake out of the ordinary', () => {
  let app: TestApp;
  let shop: Tenant;
  let guest: Person;

  /** The process is there, and lets the right ones in. */
  const expectAlive = async (): Promise<void> => {
    const socket = await connect(app.url, guest.token);
    expect(await socket.call('presence.heartbeat')).toMatchObject({ userId: guest.id });
    socket.close();
  };
  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
    guest = await buildGuest(app.url, shop);
  });
  afterEach(async () => {
    await expectAlive();
    closeSockets();
  });
  afterAll(() => app.close());

  it('A93 an unknown namespace is refused', async () => {
    for (const name of ['/admin', '/../', '/%00', '/__proto__', '/constructor']) {
      expect((await refusedHandshake(app.url + name, { token: guest.token })).message).toBe('Invalid namespace');
    }
  });

  describe('T1 P16 A83 A86 a handshake out of the ordinary leaves the process alive', () => {
    const raw = (
      path: string,
      headers: Record<string, string | string[]> = {},
      method = 'GET',
      body?: string,
      patienceMs = 10_000,
    ): Promise<{ status: number; text: string }> =>
      new Promise((done, fail) => {
        const { hostname, port } = new URL(app.url);
        const call = request({ hostname, port, path, method, headers, agent: false }, (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += chunk.toString()));
          response.on('end', () => done({ status: response.statusCode ?? 0, text }));
        });
        // The server may take the upgrade and hang up behind it.
        call.on('upgrade', (_, socket) => {
          let text = '';
          socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
          socket.on('close', () => done({ status: 101, text }));
          socket.setTimeout(QUIET_MS, () => socket.destroy());
        });
        call.setTimeout(patienceMs, () => call.destroy());
        // Without an answer: the server has hung up, or has nothing to say.
        call.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? done({ status: 0, text: '' }) : fail(error)));
        call.end(body);
      });
    const upgrade = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    const opened: string[] = [];
    const open = async (headers: Record<string, string> = {}): Promise<string> => {
      const { text } = await raw('/socket.io/?EIO=4&transport=polling', headers);
      const { sid } = JSON.parse(text.slice(1)) as { sid: string };
      opened.push(sid);
      return sid;
    };
    // A connection that nobody polls would keep its timers for a while.
    afterAll(() => Promise.all(opened.map((sid) => raw(`/socket.io/?EIO=4&transport=polling&sid=${sid}`, {}, 'POST', '1'))));

    it.each([
      ['another protocol', '/socket.io/?EIO=99&transport=polling'],
      ['an old protocol', '/socket.io/?EIO=3&transport=polling'],
      ['no transport', '/socket.io/?EIO=4'],
      ['an unknown transport', '/socket.io/?EIO=4&transport=__proto__'],
      ['a made-up sid', '/socket.io/?EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA'],
      ['a sid named like a prototype', '/socket.io/?EIO=4&transport=polling&sid=__proto__'],
      ['a repeated sid', '/socket.io/?EIO=4&transport=polling&sid=a&sid=b'],
    ])('%s', async (_, path) => {
      expect((await raw(path)).status).toBe(400);
      const { status, text } = await raw(path.replace('polling', 'websocket'), upgrade);
      expect([101, 400]).toContain(status);
      expect(text).not.toContain('"sid"');
    });

    it('two upgrades of one connection, a body without a connection, another method', async () => {
      const sid = await open();
      const path = `/socket.io/?EIO=4&transport=websocket&sid=${sid}`;
      for (const { text } of await Promise.all([raw(path, upgrade), raw(path, upgrade)])) expect(text).not.toContain('"sid"');
      expect((await raw('/socket.io/?EIO=4&transport=polling', {}, 'POST', '1')).status).toBe(400);
      expect((await raw(`/socket.io/?EIO=4&transport=polling&sid=${await open()}`, {}, 'PUT', 'x')).status).toBeGreaterThanOrEqual(400);
    });

    it('headers and packets that make careless code throw', async () => {
      const strange = {
        'X-Forwarded-For': 'x, ,;',
        Origin: '%%%',
        'User-Agent': '\u00ff'.repeat(2000),
        Cookie: '=;=;',
        Authorization: 'Bearer',
      };
      expect(await open(strange)).toMatch(/^[\w-]{20}$/);
      const headers = (count: number, value: string): Record<string, string> =>
        Object.fromEntries(Array.from({ length: count }, (_, i) => [`x${i}`, value]));
      // More headers than Node counts, so that those of the upgrade are lost; then more bytes than it reads.
      expect((await raw('/socket.io/?EIO=4&transport=websocket', { ...headers(2100, ''), ...upgrade })).text).not.toContain('"token"');
      expect([0, 431]).toContain(
        (await raw('/socket.io/?EIO=4&transport=websocket', { ...upgrade, ...headers(200, 'x'.repeat(100)) })).status,
      );
      const packets = [
        '40',
        '40null',
        '40[]',
        '407',
        '40{"token":{"__proto__":{"token":"x"}}}',
        '40{"__proto__":{"token":"x"}}',
        '40{',
        '42["room.open",{}]',
        '45-["x"]',
        '4',
        '9',
        '',
        '40/admin,',
        '40'.repeat(50),
      ];
      for (const packet of packets) {
        const sid = await open();
        // Polls meanwhile, so that the server can say that it hangs up.
        const [{ text }, { status }] = await Promise.all([
          raw(`/socket.io/?EIO=4&transport=polling&sid=${sid}`, {}, 'GET', undefined, QUIET_MS),
          raw(`/socket.io/?EIO=4&transport=polling&sid=${sid}`, { 'Content-Type': 'text/plain' }, 'POST', packet),
        ]);
        expect([200, 400, 0]).toContain(status);
        expect([packet, text]).not.toEqual([packet, expect.stringMatching(/"sid"|"ok":true/)]);
      }
      expect(({} as Record<string, unknown>).token).toBeUndefined();
    });
  });
});

describe('A89 sockets of one person', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ RATE_LIMIT_FACTOR: '1' });
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  it.each([
    ['a guest', 4],
    ['an agent', 10],
  ])('%s has %i at a time; one more cuts the oldest, which is told why', async (who, allowed) => {
    const shop = await buildBusiness(app.url);
    const { token } = who === 'a guest' ? await buildGuest(app.url, shop) : shop.admin;
    const sockets = [];
    for (let i = 0; i < allowed; i++) sockets.push(await connect(app.url, token));
    for (const socket of sockets) await socket.call('presence.heartbeat');
    const next = await connect(app.url, token);
    expect(await sockets[0]?.disconnected).toBe('io server disconnect');
    expect(sockets[0]?.all('session.ended')).toEqual([{ reason: 'too_many_sockets' }]);
    for (const socket of [...sockets.slice(1), next]) await socket.call('presence.heartbeat');
    // Another person is not concerned.
    await connect(app.url, (await buildGuest(app.url, shop)).token);
    expect(sockets.slice(1).every(({ raw }) => raw.connected)).toBe(true);
  });
});

describe('A89 handshakes of one network', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ RATE_LIMIT_FACTOR: '1', TRUST_PROXY: '1' });
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  it('past its share they are refused, with the time to wait, and the others come in', async () => {
    const { token } = await buildGuest(app.url, await buildBusiness(app.url));
    const url = `${app.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
    const answers: string[] = [];
    const greedy = new WebSocket(url, { headers: { 'X-Forwarded-For': '203.0.113.1' } });
    greedy.on('message', (data: Buffer) => answers.push(data.toString()));
    await until(
      () => Promise.resolve(answers),
      ([first]) => first?.startsWith('0') === true,
    );
    // Without a credential, on one connection.
    for (let i = 0; i < 600; i++) greedy.send('40');
    const all = await until(
      () => Promise.resolve(answers),
      ({ length }) => length > 600,
    );
    const errors = all.slice(1).map((packet) => (JSON.parse(packet.slice(2)) as { data: SocketError }).data);
    const [refused, limited] = ['auth.required', 'rate.limited'].map((code) => errors.filter((error) => error.code === code));
    // A few more where time passes.
    expect(refused?.length).toBeGreaterThanOrEqual(200);
    expect(refused?.length).toBeLessThan(230);
    expect(limited).toHaveLength(600 - (refused?.length ?? 0));
    expect(limited?.[0]).toMatchObject({ retryable: true, details: { retryAfterMs: expect.any(Number) } });
    // Another one comes in while the first one goes on.
    for (let i = 0; i < 600; i++) greedy.send('40');
    await connect(app.url, token, { extraHeaders: { 'X-Forwarded-For': '203.0.113.2' } });
    greedy.close();
  });
});
