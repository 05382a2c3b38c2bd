import { ChatServer } from '../src/chat/chat-server.js';
import { RoomPump } from '../src/chat/room.pump.js';
import type { Message } from '../src/contract/message.js';
import { startApp, type TestApp } from './support/app.js';
import { buildBusiness, buildRoom, buildTalk, newKey, say, until, type Person, type Tenant } from './support/factories.js';
import { startProxy, type Proxy } from './support/proxy.js';
import { rest } from './support/rest.js';
import { closeSockets, connect, type TestSocket } from './support/socket.js';

/** How soon both sides must know, in milliseconds. */
const NOTICED_MS = 45_000;
/** The server's times are made so many times shorter here. */
const HASTE = 15;

describe('a bad network', () => {
  let app: TestApp;
  let shop: Tenant;
  let proxy: Proxy;
  let server: ChatServer;

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
    proxy = await startProxy(app.url);
    server = app.app.get(ChatServer);
  });
  afterEach(() => {
    closeSockets();
    proxy.cut();
    proxy.delay(0);
    proxy.split(Infinity);
  });
  afterAll(async () => {
    await proxy.close();
    await app.close();
  });

  const history = async (roomId: string, { token }: Person): Promise<Message[]> =>
    (await rest(app.url, 'GET', `/api/rooms/${roomId}/messages?limit=200`, { token })).body.items;
  const open = (): Promise<number> => Promise.resolve(server.io.engine.clientsCount);

  describe('X7 that carries nothing any more, and tells nobody', () => {
    const lasting: { pingInterval: number; pingTimeout: number }[] = [];

    beforeAll(() => {
      const { opts } = server.io.engine as unknown as { opts: { pingInterval: number; pingTimeout: number } };
      lasting.push({ ...opts });
      opts.pingInterval /= HASTE;
      opts.pingTimeout /= HASTE;
    });
    afterAll(() => {
      const { opts } = server.io.engine as unknown as { opts: object };
      Object.assign(opts, lasting[0]);
    });

    it.each(['freeze', 'deafen'] as const)(
      'in both directions or in one (%s): both sides notice, and a sync closes the hole',
      async (fault) => {
        const [{ pingInterval, pingTimeout } = { pingInterval: NaN, pingTimeout: NaN }] = lasting;
        expect(pingInterval + pingTimeout).toBeLessThanOrEqual(NOTICED_MS);
        const { room, guest } = await buildRoom(app.url, shop);
        const socket = await connect(proxy.url, guest.token);
        await socket.call('room.join', { roomId: room.id });
        await say(app.url, shop.admin, room.id, 'one');
        await socket.waitFor('message.created');
        const { id = '' } = socket.raw;
        const began = Date.now();
        proxy[fault]();
        await say(app.url, shop.admin, room.id, 'two');
        expect(await socket.disconnected).toBe('ping timeout');
        await until(
          () => Promise.resolve(server.socket(id)),
          (one) => one === undefined,
          NOTICED_MS,
        );
        expect(server.socket(id)).toBeUndefined();
        // As generous as it may be on a busy machine; what it is by its times is a fifteenth of 45 s.
        expect(Date.now() - began).toBeLessThan(NOTICED_MS / 3);
        const { rooms } = app.app.get<unknown>(RoomPump) as { rooms: Map<string, unknown> };
        expect(rooms.has(room.id)).toBe(false);
        proxy.cut();
        const back = await connect(proxy.url, guest.token);
        await say(app.url, shop.admin, room.id, 'three');
        const { entries, hasMore } = await back.call('room.join', { roomId: room.id, after: { public: 1 } });
        expect([entries.map(({ body }: Message) => body), hasMore]).toEqual([['two', 'three'], false]);
        await say(app.url, shop.admin, room.id, 'four');
        await back.waitFor('message.created', ({ seq }) => seq === 4);
      },
    );
  });

  it('X2 P6 loses the answer to what was stored: sent again over either door, it is the same message', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    const command = { clientMessageId: newKey(), body: 'Hello' };
    const socket = await connect(proxy.url, guest.token);
    proxy.deafen();
    const unanswered = socket.raw.timeout(60_000).emitWithAck('message.send', { roomId: room.id, ...command });
    const [stored] = await until(
      () => history(room.id, guest),
      ({ length }) => length === 1,
    );
    proxy.cut();
    await expect(unanswered).rejects.toThrow('disconnected');
    const again = await connect(proxy.url, guest.token);
    const answer = await again.call<Message>('message.send', { roomId: room.id, ...command });
    const { status, body } = await rest(app.url, 'POST', `/api/rooms/${room.id}/messages`, { token: guest.token, body: command });
    expect([answer.id, answer.seq, status, body.id, body.seq]).toEqual([stored?.id, 1, 200, stored?.id, 1]);
    expect(await history(room.id, guest)).toHaveLength(1);
  });

  it.each(['websocket', 'polling'])(
    'X9 with a round trip of 300 ms, where packets come late and in pieces, by %s: order, answers and what is heard are the same',
    async (transport) => {
      const options = { transports: [transport], upgrade: false };
      const { roomId, guest, agent } = await buildTalk(app.url, shop);
      proxy.delay(150);
      proxy.split(700);
      const ends: TestSocket[] = await Promise.all([connect(proxy.url, guest.token, options), connect(proxy.url, agent.token, options)]);
      await Promise.all(ends.map((end) => end.call('room.join', { roomId })));
      const began = Date.now();
      const sent = await Promise.all(
        ends.flatMap((end, side) =>
          [...Array(20).keys()].map((n) =>
            end.call<Message>('message.send', { roomId, clientMessageId: newKey(), body: `${side} ${n} ${'ü'.repeat(500)}` }),
          ),
        ),
      );
      process.stdout.write(
        `X9: ${sent.length} messages of 1 KB at once over 300 ms by ${transport}: all answered after ${Date.now() - began} ms\n`,
      );
      const stored = await history(roomId, guest);
      expect(stored.map(({ seq }) => seq)).toEqual([...Array(40).keys()].map((n) => n + 1));
      for (const [side, end] of ends.entries()) {
        const own = stored.filter(({ body }) => body?.startsWith(`${side} `)).map(({ body }) => Number(body?.split(' ')[1]));
        expect(own).toEqual([...Array(20).keys()]);
        const heard = await until(
          () => Promise.resolve(end.all<Message>('message.created')),
          ({ length }) => length === 20,
          20_000,
        );
        expect(heard).toEqual(stored.filter(({ body }) => !body?.startsWith(`${side} `)));
      }
      expect(await open()).toBe(4);
    },
  );
});
