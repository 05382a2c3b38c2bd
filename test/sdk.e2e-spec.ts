import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { transform } from '@swc/core';
import {
  bodyOf,
  memoryStore,
  Parley,
  unreadOf,
  type LiveRoom,
  type Message,
  type OwnUser,
  type ParleyOptions,
  type Store,
} from '../sdk/src/index.js';
import { startApp, type TestApp } from './support/app.js';
import { buildAgent, buildBusiness, PASSWORD, say, until, type Person, type Tenant } from './support/factories.js';
import { startProxy, type Proxy } from './support/proxy.js';
import { rest } from './support/rest.js';

/** Losses of the connection; `.ci/run` makes more. */
const CUTS = Number(process.env.SDK_CUTS ?? 60);
const FAST: Partial<ParleyOptions> = { firstRetryMs: 20, answerWithinMs: 400 };

describe('the typed client', () => {
  let app: TestApp;
  let shop: Tenant;
  let agent: Person;
  let proxy: Proxy;
  const open = new Set<Parley>();

  const openParley = async (options: Partial<ParleyOptions> = {}): Promise<Parley> => {
    const parley = await Parley.open({ url: proxy.url, store: memoryStore(), ...FAST, ...options });
    open.add(parley);
    return parley;
  };
  const openGuest = async (options: Partial<ParleyOptions> = {}): Promise<Parley> => {
    const guest = await openParley(options);
    await guest.signInAsGuest({ business: shop.slug, name: 'Gwen' });
    guest.connect();
    return guest;
  };
  const live = async (room: LiveRoom): Promise<LiveRoom> => {
    await seen(
      () => room.snapshot,
      ({ isLive }) => isLive,
    );
    return room;
  };
  const settled = (room: LiveRoom, count: number): Promise<LiveRoom['snapshot']> =>
    seen(
      () => room.snapshot,
      ({ isLive, outgoing, entries }) => isLive && outgoing.length === 0 && entries.public.length >= count,
      15_000,
    );
  const history = async (roomId: string): Promise<Message[]> => {
    const all: Message[] = [];
    for (let hasMore = true; hasMore;) {
      const after = all.at(-1)?.seq ?? 0;
      const page = await rest(app.url, 'GET', `/api/rooms/${roomId}/messages?after=${after}&limit=200`, { token: shop.admin.token });
      all.push(...page.body.items);
      hasMore = page.body.hasMore;
    }
    return all;
  };
  const bodies = (entries: readonly Message[]): (string | null)[] => entries.map(({ body }) => body);

  beforeAll(async () => {
    app = await startApp({ RATE_LIMIT_FACTOR: '100000' });
    shop = await buildBusiness(app.url);
    agent = await buildAgent(app.url, shop);
    proxy = await startProxy(app.url);
  });
  afterEach(() => {
    for (const parley of open) parley.close();
    open.clear();
    proxy.open();
    proxy.thaw();
    proxy.delay(0);
  });
  afterAll(async () => {
    await proxy.close();
    await app.close();
  });

  it('one tab more than a guest may have takes the place of the oldest, which does not fight for it', async () => {
    const tight = await startApp({ RATE_LIMIT_FACTOR: '1' }, app.databaseUrl);
    try {
      const [store, url] = [memoryStore(), tight.url];
      const tabs = [await openGuest({ store, url })];
      const drops: number[] = [];
      for (let n = 1; n < 5; n++) tabs.push(await openParley({ store, url }));
      for (const [n, { connection }] of tabs.entries()) {
        connection.on('state', ({ status }) => status === 'waiting' && drops.push(n));
        connection.open();
        await seen(
          () => connection.isOnline,
          (isOnline) => isOnline,
        );
      }
      await pause(1_000);
      expect(drops).toEqual([0]);
      expect(tabs.map(({ connection }) => connection.isOnline)).toEqual([false, true, true, true, true]);
      tabs[0]?.connection.hurry();
      await seen(
        () => tabs.map(({ connection }) => connection.isOnline),
        ([first, second]) => first === true && second === false,
      );
    } finally {
      await tight.close();
    }
  });

  it('talks: a guest and an agent, with marks and typing', async () => {
    const guest = await openGuest();
    const staff = await openParley();
    const tokens = { accessToken: agent.token, refreshToken: agent.refreshToken, tokenType: 'Bearer', expiresIn: 900 } as const;
    await staff.enter({ ...tokens, user: { id: agent.id } as OwnUser });
    staff.connect();
    const room = guest.room(null);
    await room.send({ body: 'Hello' });
    await settled(room, 1);
    expect(room.id).toEqual(room.snapshot.room?.id);
    const desk = await live(staff.room(room.id));
    desk.type();
    await seen(
      () => room.snapshot.typing,
      (typing) => typing[0]?.user.id === agent.id,
    );
    await desk.send({ body: 'A note', stream: 'internal' });
    await desk.send({ body: 'What is it?' });
    await Promise.all([settled(room, 2), settled(desk, 2)]);
    expect(room.snapshot.typing).toEqual([]);
    expect(bodies(room.snapshot.entries.public)).toEqual(['Hello', 'What is it?']);
    expect(room.snapshot.entries.internal).toEqual([]);
    expect(bodies(desk.snapshot.entries.internal)).toEqual(['A note']);
    const unread = (): Message[] => unreadOf(room.snapshot, guest.user?.id as string);
    expect(unread()).toHaveLength(1);
    room.markRead();
    await seen(unread, ({ length }) => length === 0);
    await seen(
      () => desk.snapshot.room?.marks.find(({ userId }) => userId === guest.user?.id),
      (mark) => mark?.readSeq === 2,
    );
  });

  it(`P1 P2 P3 has what the history has, after ${CUTS} cuts, freezes and delays`, async () => {
    const guest = await openGuest();
    const room = guest.room(null);
    await room.send({ body: 'guest 0' });
    await settled(room, 1);
    const roomId = room.id as string;
    const sent = { guest: 1, agent: 0 };
    let random = 7;
    const next = (below: number): number => {
      random = (random * 48_271) % 2_147_483_647;
      return random % below;
    };
    for (let cuts = 0; cuts < CUTS; cuts++) {
      for (let n = next(3); n >= 0; n--) await room.send({ body: `guest ${sent.guest++}` });
      if (next(2) === 0) await say(app.url, agent, roomId, `agent ${sent.agent++}`);
      const kind = next(10);
      if (kind < 7) {
        await seen(
          () => guest.connection.isOnline,
          (isOnline) => isOnline,
          20_000,
        );
        proxy.delay(next(15));
        await pause(next(40));
        if (kind === 6) proxy.deafen();
        await pause(next(20));
        proxy.cut();
      } else {
        proxy.freeze();
        await pause(next(600));
        proxy.thaw();
      }
    }
    proxy.delay(0);
    const { entries } = await settled(room, sent.guest + sent.agent);
    const all = await history(roomId);
    expect(entries.public.map(({ id, seq }) => `${seq} ${id}`)).toEqual(all.map(({ id, seq }) => `${seq} ${id}`));
    for (const who of ['guest', 'agent'] as const) {
      const own = bodies(all).filter((body) => body?.startsWith(who));
      expect(own).toEqual(Array.from({ length: sent[who] }, (_, n) => `${who} ${n}`));
    }
  }, 240_000);

  it('P2 keeps what was written without a connection over a reload, and sends it in order', async () => {
    const store = memoryStore();
    const first = await openGuest({ store });
    const before = first.room(null);
    await before.send({ body: 'one' });
    await settled(before, 1);
    const roomId = before.id as string;
    proxy.shut();
    for (const body of ['two', 'three', 'four']) await before.send({ body });
    expect(before.snapshot.outgoing.map(({ body }) => body)).toEqual(['two', 'three', 'four']);
    first.close();
    const second = await openParley({ store });
    expect(second.user?.id).toBe(first.user?.id);
    const after = second.room(roomId);
    expect(after.snapshot.outgoing).toHaveLength(3);
    second.connect();
    expect(second.connection.state.status).not.toBe('online');
    proxy.open();
    expect(bodies((await settled(after, 4)).entries.public)).toEqual(['one', 'two', 'three', 'four']);
    expect(await history(roomId)).toHaveLength(4);
  });

  it('sends what its store does not take', async () => {
    const memory = memoryStore();
    const full = (key: string): boolean => key.startsWith('outbox ');
    const refuse = (): Promise<void> => Promise.reject(new DOMException('full', 'QuotaExceededError'));
    const store: Store = {
      ...memory,
      set: (key, value) => (full(key) ? refuse() : memory.set(key, value)),
      delete: (key) => (full(key) ? refuse() : memory.delete(key)),
    };
    const guest = await openGuest({ store });
    guest.connect();
    const room = guest.room(null);
    for (const body of ['one', 'two']) await room.send({ body });
    expect(bodies((await settled(room, 2)).entries.public)).toEqual(['one', 'two']);
    await until(
      () => Promise.resolve(room.snapshot.outgoing.length),
      (left) => left === 0,
    );
    expect(room.snapshot.outgoing).toEqual([]);
  });

  it('P2 sends what was written in a room that was left before it could go out', async () => {
    const guest = await openGuest({});
    guest.connect();
    const room = guest.room(null);
    await room.send({ body: 'one' });
    await settled(room, 1);
    const roomId = room.id as string;
    proxy.shut();
    await room.send({ body: 'two' });
    guest.leave(room);
    await room.send({ body: 'three' });
    expect(guest.unsent.map(({ body }) => body)).toEqual(['two', 'three']);
    proxy.open();
    const all = await until(
      () => history(roomId),
      (found) => found.length === 3,
      20_000,
    );
    expect(bodies(all)).toEqual(['one', 'two', 'three']);
    expect(guest.unsent).toEqual([]);
    guest.close();
  });

  it('P2 makes one room of the first message, although its answer was lost', async () => {
    const guest = await openGuest();
    await seen(
      () => guest.connection.isOnline,
      (isOnline) => isOnline,
    );
    const room = guest.room(null);
    proxy.deafen();
    await room.send({ body: 'Hello' });
    await room.send({ body: 'Anybody?' });
    await pause(200);
    proxy.cut();
    expect(bodies((await settled(room, 2)).entries.public)).toEqual(['Hello', 'Anybody?']);
    const { items } = await bodyOf(guest.rest.GET('/api/rooms'));
    expect(items).toHaveLength(1);
  });

  it('P4 two tabs that share a store send a message once, and both have it', async () => {
    const store = memoryStore();
    const one = await openGuest({ store });
    const first = one.room(null);
    await first.send({ body: 'Hello' });
    await settled(first, 1);
    const other = await openParley({ store });
    other.connect();
    const second = await live(other.room(first.id));
    await Promise.all(Array.from({ length: 5 }, (_, n) => (n % 2 === 0 ? first : second).send({ body: `${n}` })));
    await Promise.all([settled(first, 6), settled(second, 6)]);
    const all = await history(first.id as string);
    expect(all).toHaveLength(6);
    for (const room of [first, second]) expect(room.snapshot.entries.public.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
  });

  it('says why a message was refused, and sends it again or gives it up', async () => {
    const guest = await openGuest();
    const room = guest.room(null);
    await room.send({ body: 'Hello' });
    await settled(room, 1);
    await bodyOf(guest.rest.POST('/api/rooms/{roomId}/end', { params: { path: { roomId: room.id as string } } }));
    const { clientMessageId } = await room.send({ body: 'One more' });
    await seen(
      () => room.snapshot.outgoing[0],
      (message) => message?.state === 'failed',
    );
    expect(room.snapshot.outgoing[0]?.error?.code).toBe('room.closed');
    await rest(app.url, 'POST', `/api/rooms/${room.id}/reopen`, { token: shop.admin.token });
    await room.retry(clientMessageId);
    const { entries } = await settled(room, 4);
    expect(bodies(entries.public)).toEqual(['Hello', null, null, 'One more']);
    for (const [length, code] of [[4_001, 'message.too_long'] as const, [70_000, 'payload.too_large'] as const]) {
      const long = await room.send({ body: 'x'.repeat(length) });
      await seen(
        () => room.snapshot.outgoing[0],
        (message) => message?.state === 'failed',
      );
      expect(room.snapshot.outgoing[0]?.error?.code).toBe(code);
      await room.discard(long.clientMessageId);
    }
    expect(room.snapshot.outgoing).toEqual([]);
  });

  it('goes on when a listener of the page throws, whose fault is told to whoever looks after the page', async () => {
    const told: (() => void)[] = [];
    const tell = jest.spyOn(globalThis, 'queueMicrotask').mockImplementation((work) => void told.push(work));
    try {
      const guest = await openGuest();
      const room = guest.room(null);
      room.on('message', () => {
        throw new Error('of the page');
      });
      await room.send({ body: 'Hello' });
      await settled(room, 1);
      proxy.shut();
      proxy.cut();
      await say(app.url, agent, room.id as string, 'While you were away');
      proxy.open();
      await settled(room, 2);
      await room.send({ body: 'Here I am' });
      const { entries } = await settled(room, 3);
      expect(bodies(entries.public)).toEqual(['Hello', 'While you were away', 'Here I am']);
      expect(told).toHaveLength(2);
      expect(told[0]).toThrow('of the page');
    } finally {
      tell.mockRestore();
    }
  });

  it('shows edits and deletions that it has missed', async () => {
    const guest = await openGuest();
    const room = guest.room(null);
    await room.send({ body: 'Hello' });
    await settled(room, 1);
    const roomId = room.id as string;
    const edited = await say(app.url, agent, roomId, 'Hapy to help');
    const deleted = await say(app.url, agent, roomId, 'Oops');
    await settled(room, 3);
    proxy.shut();
    const path = `/api/rooms/${roomId}/messages`;
    await rest(app.url, 'PATCH', `${path}/${edited.id}`, { token: agent.token, body: { body: 'Happy to help' } });
    await rest(app.url, 'DELETE', `${path}/${deleted.id}`, { token: agent.token });
    proxy.open();
    const { entries } = await settled(room, 5);
    expect(bodies(entries.public.slice(0, 3))).toEqual(['Hello', 'Happy to help', null]);
    const told = (all: readonly Message[]): object[] =>
      all.map(({ editedAt, deletedAt, ...rest }) => ({ ...rest, isEdited: editedAt !== null, isDeleted: deletedAt !== null }));
    expect(told(entries.public)).toEqual(told(await history(roomId)));
  });

  it('reads older pages without a gap', async () => {
    const guest = await openGuest();
    const room = guest.room(null);
    await room.send({ body: '0' });
    await settled(room, 1);
    for (let n = 1; n < 130; n++) await say(app.url, agent, room.id as string, `${n}`);
    const fresh = await live(guest.room(room.id));
    expect(fresh.snapshot.entries.public).toHaveLength(50);
    while (fresh.snapshot.hasOlder.public) await fresh.older();
    const all = Array.from({ length: 130 }, (_, n) => `${n}`);
    expect(bodies(fresh.snapshot.entries.public)).toEqual(all);
    const again = await live(guest.room(room.id));
    await again.back(again.snapshot.entries.public[0]?.createdAt as string);
    expect(bodies(again.snapshot.entries.public)).toEqual(all);
    await again.back(new Date(0).toISOString());
    expect(again.snapshot.hasOlder.public).toBe(false);
  });

  it('begins anew where the server was restored from a backup', async () => {
    const guest = await openGuest();
    const room = guest.room(null);
    for (const body of ['one', 'two', 'three']) await room.send({ body });
    await settled(room, 3);
    proxy.shut();
    await app.sql('DELETE FROM message WHERE room_id = $1 AND seq = 3', [room.id]);
    await app.sql('UPDATE stream_counter SET public_seq = 2 WHERE room_id = $1', [room.id]);
    proxy.open();
    const { entries } = await seen(
      () => room.snapshot,
      ({ isLive, entries: { public: all } }) => isLive && all.length === 2,
    );
    expect(bodies(entries.public)).toEqual(['one', 'two']);
    await say(app.url, agent, room.id as string, 'another three');
    expect(bodies((await settled(room, 3)).entries.public)).toEqual(['one', 'two', 'another three']);
  });

  it('A57 sends files whatever they are called', async () => {
    const guest = await openGuest();
    const room = await guest.openRoom();
    const named = (name: string): Promise<{ name: string }> => guest.upload(room.id as string, new Blob(['hello']), name);
    expect((await named('a\u0000b\u0001\n\u007f "c".txt')).name).toBe('ab "c".txt');
  });

  it('is told when the session has ended, and asks no more', async () => {
    const guest = await openGuest();
    const room = guest.room(null);
    await room.send({ body: 'Hello' });
    await settled(room, 1);
    await rest(app.url, 'POST', '/api/auth/logout', { token: await guest.credentials.accessToken() });
    const state = await seen(
      () => guest.connection.state,
      ({ status }) => status === 'ended',
    );
    expect(state).toEqual({ status: 'ended', reason: 'logout' });
    const { count } = proxy;
    await pause(300);
    expect(proxy.count).toBe(count);
  });

  it('does what its README shows', async () => {
    const heard: string[] = [];
    const log = (...words: string[]): void => void heard.push(words.join(' '));
    const readme = readFileSync(join(__dirname, '../sdk/README.md'), 'utf8');
    const blocks = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => code);
    expect(blocks).toHaveLength(2);
    for (const block of blocks) {
      const own = block
        .replace(/^import .*$/m, '')
        .replaceAll('http://localhost:3000', proxy.url)
        .replaceAll("'demo'", `'${shop.slug}'`)
        .replaceAll('agent@demo.example', agent.email as string)
        .replaceAll('correct horse battery staple', PASSWORD);
      const { code } = await transform(`(async () => {${own}})()`, { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } });
      const client = { ...Parley, open: (options: ParleyOptions) => openParley(options) };
      await (runInNewContext(code, { Parley: client, bodyOf, console: { log } }) as Promise<void>);
      await pause(300);
    }
    expect(heard.filter((line) => !line.startsWith('connection'))).toEqual(['Alex: Yes, within three days.']);
    expect(heard).toContain('connection online');
  });

  describe('tokens', () => {
    let short: TestApp;
    let business: Tenant;
    let way: Proxy;

    beforeAll(async () => {
      // Every token ends a second after it is given, for a client that renews it half a minute before.
      short = await startApp({ RATE_LIMIT_FACTOR: '100000', JWT_ACCESS_EXPIRES_IN: '31s' });
      business = await buildBusiness(short.url);
      way = await startProxy(short.url);
    });
    afterAll(async () => {
      await way.close();
      await short.close();
    });
    const signIn = async (store: Store): Promise<Parley> => {
      const parley = await openParley({ url: way.url, store });
      await parley.signInAsGuest({ business: business.slug });
      return parley;
    };

    it('A14 are renewed once by all tabs together', async () => {
      const store = memoryStore();
      const parley = await signIn(store);
      const tabs = [parley, ...(await Promise.all([1, 2, 3].map(() => openParley({ url: way.url, store }))))];
      await pause(1_100);
      const tokens = await Promise.all(tabs.flatMap((tab) => [tab.credentials.accessToken(), tab.credentials.accessToken()]));
      expect(new Set(tokens).size).toBe(1);
      const found = await Promise.all(tabs.map((tab) => bodyOf(tab.rest.GET('/api/auth/me'))));
      expect(new Set(found.map(({ id }) => id)).size).toBe(1);
      expect(await short.sql('SELECT 1 FROM refresh_token WHERE used_at IS NOT NULL')).toHaveLength(1);
    });

    it('outlive an answer that was lost on the way', async () => {
      const parley = await signIn(memoryStore());
      await pause(1_100);
      way.deafen();
      const asked = parley.credentials.accessToken().catch((error: unknown) => error);
      await pause(300);
      way.cut();
      expect(await asked).toMatchObject({ code: 'client.no_connection', retryable: true });
      expect((await bodyOf(parley.rest.GET('/api/auth/me'))).id).toBe(parley.user?.id);
    });
  });
});

/** What is there once it fits. */
const seen = async <Value>(look: () => Value, fits: (value: Value) => boolean, ms = 8_000): Promise<Value> => {
  const end = Date.now() + ms;
  for (;;) {
    const value = look();
    if (fits(value)) return value;
    if (Date.now() > end) throw new Error(`It never came to be: ${JSON.stringify(value).slice(0, 2_000)}`);
    await pause(5);
  }
};

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
