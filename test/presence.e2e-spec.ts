import type { TypingEvent } from '../src/contract/room.js';
import { startApp, type TestApp } from './support/app.js';
import {
  buildAgent,
  buildBusiness,
  buildCustomer,
  buildGuest,
  buildRoom,
  newKey,
  PASSWORD,
  setUp,
  until,
  type Person,
  type Tenant,
} from './support/factories.js';
import { passIdle, presenceOf } from './support/idle.js';
import { rest, type Answer } from './support/rest.js';
import { cleanUp, freePort, startServer } from './support/server-process.js';
import { closeSockets, connect, type TestSocket } from './support/socket.js';

interface Told {
  userId: string;
  status: string;
  lastSeenAt: string | null;
}

describe('presence', () => {
  let app: TestApp;
  let shop: Tenant;
  let watcher: TestSocket;

  const of =
    ({ id }: Person, status?: string) =>
    (told: Told): boolean =>
      told.userId === id && (status === undefined || told.status === status);
  const heardOf = (socket: TestSocket, person: Person): string[] =>
    socket
      .all<Told>('presence.changed')
      .filter(of(person))
      .map(({ status }) => status);
  const list = (query = '', token = shop.admin.token): Promise<Answer> => rest(app.url, 'GET', `/api/presence${query}`, { token });
  const online = async (query = '', token?: string): Promise<string[]> => (await list(query, token)).body.items.map(({ id }: Person) => id);
  const shownAs = async ({ id }: Person): Promise<{ presence: string; lastSeenAt: string | null }> =>
    (await rest(app.url, 'GET', '/api/agents', { token: shop.admin.token })).body.items.find((agent: Person) => agent.id === id);
  /** Connects and waits until the others know. */
  const arrive = async (person: Person): Promise<TestSocket> => {
    const socket = await connect(app.url, person.token);
    await until(
      () => online(),
      (ids) => ids.includes(person.id),
    );
    return socket;
  };

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
  });
  beforeEach(async () => {
    watcher = await arrive(shop.admin);
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  it('an agent is online on connect, and the staff of the business hear it', async () => {
    const agent = await buildAgent(app.url, shop);
    expect(await shownAs(agent)).toMatchObject({ presence: 'offline', lastSeenAt: null });
    await connect(app.url, agent.token);
    const told = await watcher.waitFor<Told>('presence.changed', of(agent));
    expect(told).toEqual({ userId: agent.id, status: 'online', lastSeenAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) });
    expect(Math.abs(Date.parse(told.lastSeenAt as string) - Date.now())).toBeLessThan(5_000);
    expect(await shownAs(agent)).toMatchObject({ presence: 'online', lastSeenAt: told.lastSeenAt });
    // A second socket is nothing new.
    await connect(app.url, agent.token);
    await rest(app.url, 'PUT', '/api/presence', { token: agent.token, body: { status: 'away' } });
    await watcher.waitFor('presence.changed', of(agent, 'away'));
    expect(heardOf(watcher, agent)).toEqual(['online', 'away']);
  });

  it('A31 nobody else hears it: not another business, not a customer, but those whom the agent looks after', async () => {
    const agent = await buildAgent(app.url, shop);
    const other = await buildBusiness(app.url);
    const [own, waiting] = [await buildRoom(app.url, shop), await buildRoom(app.url, shop)];
    await rest(app.url, 'POST', `/api/rooms/${own.room.id}/claim`, { token: agent.token });
    const [foreign, customer, apart, served] = await Promise.all(
      [other.admin, await buildCustomer(app.url, shop), waiting.guest, own.guest].map(({ token }) => connect(app.url, token)),
    );
    await apart?.call('room.join', { roomId: waiting.room.id });
    await served?.call('room.join', { roomId: own.room.id });
    const socket = await arrive(agent);
    await socket.call('presence.set', { status: 'busy' });
    expect(await watcher.waitFor('presence.changed', of(agent, 'busy'))).toMatchObject({ userId: agent.id });
    await served?.waitFor('presence.changed', of(agent, 'busy'));
    for (const one of [foreign, customer, apart]) {
      await one?.call('presence.heartbeat');
      expect(one && heardOf(one, agent)).toEqual([]);
    }
    for (const one of [customer, apart]) expect(one?.all('presence.changed')).toEqual([]);
    // What the customer hears of is its assignee alone.
    const colleague = await buildAgent(app.url, shop);
    await connect(app.url, colleague.token);
    await watcher.waitFor('presence.changed', of(colleague));
    await served?.call('presence.heartbeat');
    expect(new Set(served?.all<Told>('presence.changed').map(({ userId }) => userId))).toEqual(new Set([agent.id]));
  });

  it('nobody is told that a customer came', async () => {
    const guest = await buildGuest(app.url, shop);
    await arrive(guest);
    await watcher.call('presence.heartbeat');
    expect(heardOf(watcher, guest)).toEqual([]);
  });

  it('a status is chosen through both doors, and shows while there is a connection', async () => {
    const agent = await buildAgent(app.url, shop);
    const put = (status: unknown): Promise<Answer> => rest(app.url, 'PUT', '/api/presence', { token: agent.token, body: { status } });
    // Chosen beforehand: it shows from the first connection on.
    expect((await put('busy')).body).toEqual({ userId: agent.id, status: 'busy', lastSeenAt: expect.any(String) });
    expect(await shownAs(agent)).toMatchObject({ presence: 'offline' });
    const socket = await connect(app.url, agent.token);
    await watcher.waitFor('presence.changed', of(agent, 'busy'));
    for (const status of ['away', 'offline', 'online']) {
      expect(await socket.call('presence.set', { status })).toEqual({ userId: agent.id, status, lastSeenAt: expect.any(String) });
      await watcher.waitFor('presence.changed', of(agent, status));
      expect(await shownAs(agent)).toMatchObject({ presence: status });
      expect((await online()).includes(agent.id)).toBe(status !== 'offline');
    }
    await socket.call('presence.set', { status: 'online' });
    await socket.call('presence.set', { status: 'away' });
    await watcher.waitFor('presence.changed', () => heardOf(watcher, agent).length === 5);
    expect(heardOf(watcher, agent)).toEqual(['busy', 'away', 'offline', 'online', 'away']);
    for (const status of ['ONLINE', 'gone', '', null, 7, ['online']]) expect((await put(status)).body.code).toBe('validation.failed');
    const guest = await buildGuest(app.url, shop);
    expect((await rest(app.url, 'PUT', '/api/presence', { token: guest.token, body: { status: 'busy' } })).body.code).toBe('access.denied');
  });

  it('lists everyone of the business who is there, customers included', async () => {
    const other = await buildBusiness(app.url);
    const people = [await buildAgent(app.url, shop), await buildGuest(app.url, shop), await buildCustomer(app.url, shop)];
    await connect(app.url, other.admin.token);
    for (const person of people) await arrive(person);
    const [agent, guest, customer] = people as [Person, Person, Person];
    const ids = await online();
    expect(ids).toEqual(expect.arrayContaining([shop.admin.id, agent.id, guest.id, customer.id]));
    expect(ids).not.toContain(other.admin.id);
    for (const [role, own, others] of [
      ['customer', customer, [agent, guest, shop.admin]],
      ['admin', shop.admin, [agent, guest, customer]],
    ] as const) {
      const found = await online(`?role=${role}`);
      expect(found).toContain(own.id);
      for (const { id } of others) expect(found).not.toContain(id);
    }
    const { items } = (await list('?role=guest')).body;
    expect(items.find(({ id }: Person) => id === guest.id)).toEqual({
      id: guest.id,
      role: 'guest',
      name: 'Gwen',
      labels: [],
      avatarUrl: null,
      email: null,
      username: null,
      externalId: null,
      attributes: {},
      verified: false,
      presence: 'online',
      lastSeenAt: expect.any(String),
      createdAt: expect.any(String),
      blocked: false,
    });
    expect(await watcher.call('presence.list')).toEqual((await list()).body);
    for (const query of ['?role=bot', '?role=', '?role=guest&role=admin', '?limit=5']) expect((await list(query)).status).toBe(400);
    for (const person of [guest, customer]) {
      expect((await list('', person.token)).body).toMatchObject({ status: 403, code: 'access.denied' });
    }
  });

  it('the public profile counts the agents who are there', async () => {
    const own = await buildBusiness(app.url);
    const count = async (): Promise<number> => (await rest(app.url, 'GET', `/api/businesses/${own.slug}`)).body.availability.agentsOnline;
    await connect(app.url, (await buildGuest(app.url, own)).token);
    expect(await count()).toBe(0);
    const socket = await connect(app.url, own.admin.token);
    expect(await until(count, (agents) => agents === 1)).toBe(1);
    await socket.call('presence.set', { status: 'offline' });
    expect(await count()).toBe(0);
  });

  it('a heartbeat renews last seen, for everybody', async () => {
    for (const person of [await buildAgent(app.url, shop), await buildGuest(app.url, shop)]) {
      const socket = await arrive(person);
      await app.sql("UPDATE presence SET last_seen_at = now() - interval '1 hour' WHERE user_id = $1", [person.id]);
      const { userId, status, lastSeenAt } = await socket.call<Told>('presence.heartbeat');
      expect({ userId, status }).toEqual({ userId: person.id, status: 'online' });
      expect(Math.abs(Date.parse(lastSeenAt as string) - Date.now())).toBeLessThan(5_000);
      expect((await socket.refused('presence.heartbeat', { status: 'busy' })).code).toBe('validation.failed');
    }
  });

  it('offline is told 15 s after the last socket closed; a reload is no absence and keeps the status', async () => {
    const [leaver, reloader, halfway] = [await buildAgent(app.url, shop), await buildAgent(app.url, shop), await buildAgent(app.url, shop)];
    const sockets = await Promise.all([leaver, reloader, halfway].map(arrive));
    const stays = await arrive(halfway);
    await sockets[1]?.call('presence.set', { status: 'busy' });
    await watcher.waitFor('presence.changed', of(reloader, 'busy'));
    const since = Date.now();
    for (const socket of sockets) socket.close();
    const back = await connect(app.url, reloader.token);
    expect(await back.call('presence.heartbeat')).toMatchObject({ status: 'busy' });
    const told = await watcher.waitFor<Told>('presence.changed', of(leaver, 'offline'), 20_000);
    const seconds = (Date.now() - since) / 1000;
    expect(seconds).toBeGreaterThan(14.5);
    expect(seconds).toBeLessThan(17);
    expect(Math.abs(Date.parse(told.lastSeenAt as string) - since)).toBeLessThan(1_500);
    expect(await shownAs(leaver)).toMatchObject({ presence: 'offline', lastSeenAt: told.lastSeenAt });
    expect(heardOf(watcher, leaver)).toEqual(['online', 'offline']);
    expect(heardOf(watcher, reloader)).toEqual(['online', 'busy']);
    expect(heardOf(watcher, halfway)).toEqual(['online']);
    expect(await stays.call('presence.heartbeat')).toMatchObject({ status: 'online' });
    expect(await shownAs(reloader)).toMatchObject({ presence: 'busy' });
    // The choice outlives the absence.
    await back.call('presence.heartbeat');
    await rest(app.url, 'PUT', '/api/presence', { token: leaver.token, body: { status: 'away' } });
    await connect(app.url, leaver.token);
    await watcher.waitFor('presence.changed', of(leaver, 'away'));
  });

  describe('the lease on a clock that can be turned', () => {
    const leave = async (socket: TestSocket, agent: Person): Promise<void> => {
      socket.close();
      await until(
        () => app.sql('SELECT 1 FROM presence_lease WHERE user_id = $1 AND is_connected', [agent.id]),
        ({ length }) => length === 0,
      );
    };

    /** Connects by itself, and waits until it is known whether somebody is there. */
    const comeBack = async (agent: Person): Promise<TestSocket> => {
      const socket = await connect(app.url, agent.token);
      await until(
        () => Promise.resolve(presenceOf(app).connected.get(agent.id)?.isIdle),
        (isIdle) => typeof isIdle === 'boolean',
      );
      return socket;
    };

    it('whoever does nothing for ten minutes is away, until doing something', async () => {
      const [idler, worker, chooser] = [await buildAgent(app.url, shop), await buildAgent(app.url, shop), await buildAgent(app.url, shop)];
      const [idle, working, choosing] = [await arrive(idler), await arrive(worker), await arrive(chooser)];
      await choosing.call('presence.set', { status: 'busy' });
      await passIdle(app, 9);
      await working.call('presence.heartbeat');
      // What a page does by itself is no sign of life.
      await idle.call('room.list');
      await passIdle(app, 2);
      await watcher.waitFor('presence.changed', of(idler, 'away'));
      expect(await shownAs(idler)).toMatchObject({ presence: 'away' });
      expect(heardOf(watcher, worker)).toEqual(['online']);
      expect(await shownAs(chooser)).toMatchObject({ presence: 'busy' });
      expect(await idle.call('presence.heartbeat')).toMatchObject({ status: 'online' });
      await watcher.waitFor('presence.changed', () => heardOf(watcher, idler).length === 3);
      expect(heardOf(watcher, idler)).toEqual(['online', 'away', 'online']);
      expect(heardOf(watcher, chooser)).toEqual(['online', 'busy']);
    });

    it('whoever is away stays away when its page connects again, and is there by a command, a sign of life or signing in', async () => {
      const [sleeper, signer] = [await buildAgent(app.url, shop), await buildAgent(app.url, shop)];
      const hears = (agent: Person, ...statuses: string[]): Promise<unknown> =>
        watcher
          .waitFor('presence.changed', () => heardOf(watcher, agent).length >= statuses.length)
          .then(() => expect(heardOf(watcher, agent)).toEqual(statuses));
      const [first, signing] = [await arrive(sleeper), await arrive(signer)];
      await passIdle(app, 11);
      await hears(sleeper, 'online', 'away');
      // The connection breaks and comes back, at once and after the grace; a second window opens.
      await leave(first, sleeper);
      const sleeping = await comeBack(sleeper);
      await comeBack(sleeper);
      expect(await shownAs(sleeper)).toMatchObject({ presence: 'away' });
      await leave(signing, signer);
      await app.sql(`UPDATE presence_lease SET expires_at = now() WHERE user_id = $1`, [signer.id]);
      await hears(signer, 'online', 'away', 'offline');
      await comeBack(signer);
      await hears(signer, 'online', 'away', 'offline', 'away');
      await sleeping.call('room.open', { customerId: (await buildGuest(app.url, shop)).id });
      await hears(sleeper, 'online', 'away', 'online');
      expect(heardOf(watcher, signer)).toEqual(['online', 'away', 'offline', 'away']);
      // Who signs in is there, whatever else is open.
      await rest(app.url, 'POST', '/api/auth/login', { body: { email: signer.email, password: PASSWORD } });
      await comeBack(signer);
      await hears(signer, 'online', 'away', 'offline', 'away', 'online');
    });

    it('a connection that comes back now and then keeps nobody online', async () => {
      const [sleeper, reader] = [await buildAgent(app.url, shop), await buildAgent(app.url, shop)];
      let [sleeping, reading] = [await arrive(sleeper), await arrive(reader)];
      for (let broken = 0; broken < 3; broken++) {
        await passIdle(app, 4);
        await reading.call('presence.heartbeat');
        await passIdle(app, 1);
        await Promise.all([leave(sleeping, sleeper), leave(reading, reader)]);
        [sleeping, reading] = await Promise.all([comeBack(sleeper), comeBack(reader)]);
      }
      await watcher.waitFor('presence.changed', of(sleeper, 'away'));
      expect(heardOf(watcher, sleeper)).toEqual(['online', 'away']);
      expect(heardOf(watcher, reader)).toEqual(['online']);
    });

    it('on two servers nobody is away who does something on one of them', async () => {
      const second = await startApp({}, app.databaseUrl);
      try {
        const agent = await buildAgent(app.url, shop);
        await arrive(agent);
        const other = await connect(second.url, agent.token);
        await until(
          () => app.sql('SELECT 1 FROM presence_lease WHERE user_id = $1', [agent.id]),
          ({ length }) => length === 2,
        );
        const idleLeases = (): Promise<unknown[]> => app.sql('SELECT 1 FROM presence_lease WHERE user_id = $1 AND is_idle', [agent.id]);
        await passIdle(app, 11);
        await until(idleLeases, ({ length }) => length === 1);
        expect(await shownAs(agent)).toMatchObject({ presence: 'online' });
        await passIdle(second, 11);
        await until(idleLeases, ({ length }) => length === 2);
        expect(await shownAs(agent)).toMatchObject({ presence: 'away' });
        expect(await other.call('presence.set', { status: 'online' })).toMatchObject({ status: 'online' });
      } finally {
        await second.close();
      }
    });
  });

  it('X1 a server that is killed takes its people with it when their leases end, and a customer gets another agent', async () => {
    const port = await freePort();
    const killed = await startServer({
      NODE_ENV: 'test',
      PORT: String(port),
      DATABASE_URL: app.databaseUrl,
      JWT_ACCESS_SECRET: 'b9c1f2d3a4e5968778695a4b3c2d1e0f',
      DATABASE_POOL: '5',
    });
    try {
      const own = await buildBusiness(app.url);
      await setUp(app.url, own, { routing: { mode: 'auto', giveBackAfterSeconds: 20 } });
      const [lost, rescuer] = [await buildAgent(app.url, own), await buildAgent(app.url, own)];
      await connect(killed.url, lost.token);
      const guest = await buildGuest(app.url, own);
      const customer = await connect(app.url, guest.token);
      const { id } = await customer.call('room.open');
      // Either server may have given the room; the entry is heard on both.
      await customer.waitFor('message.created', ({ activity }) => activity?.assignee?.id === lost.id);
      await customer.call('message.send', { roomId: id, clientMessageId: newKey(), body: 'Hello?' });
      killed.signal('SIGKILL');
      await killed.exited;
      const desk = await connect(app.url, rescuer.token);
      const past = async (seconds: number): Promise<void> => {
        await app.sql(`UPDATE presence_lease SET expires_at = expires_at - interval '${seconds} seconds' WHERE user_id = $1`, [lost.id]);
        await app.sql(`UPDATE presence SET last_seen_at = last_seen_at - interval '1 hour' WHERE user_id = $1`, [lost.id]);
        await app.sql(`UPDATE room SET assigned_at = assigned_at - interval '1 hour' WHERE id = $1`, [id]);
      };
      // A lease lasts for 30 s, and was renewed at most 10 s before the end.
      await past(20);
      const { lastSeenAt } = await desk.waitFor<Told>('presence.changed', of(lost, 'offline'), 12_000);
      expect(Date.now() - Date.parse(lastSeenAt as string)).toBeLessThan(60_000);
      await customer.waitFor('room.updated', ({ assignee }) => assignee?.id === rescuer.id, 15_000);
      const lines = customer.all('message.created').map(({ activity }) => activity?.type);
      expect(lines.slice(-2)).toEqual(['unassigned', 'assigned']);
    } finally {
      await cleanUp();
    }
  });

  it('N34 staff see who else has a room open and who is writing there, and the customer does not', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    const [agent, colleague] = [await buildAgent(app.url, shop), await buildAgent(app.url, shop)];
    const [mine, theirs, customer] = await Promise.all([agent, colleague, guest].map(({ token }) => connect(app.url, token)));
    const viewers = async (person = shop.admin): Promise<Answer> =>
      rest(app.url, 'GET', `/api/rooms/${room.id}/viewers`, { token: person.token });
    expect((await viewers()).body).toEqual({ items: [] });
    for (const socket of [customer, mine, theirs]) await socket?.call('room.join', { roomId: room.id });
    await theirs?.call('typing.start', { roomId: room.id, stream: 'internal' });
    const { body } = await viewers();
    const user = (person: Person): object => ({ id: person.id, role: 'agent', name: 'Alex', avatarUrl: null });
    expect(body).toEqual({
      items: [
        { user: user(agent), composing: null },
        { user: user(colleague), composing: 'internal' },
      ],
    });
    expect(await mine?.call('room.viewers', { roomId: room.id })).toEqual(body);
    expect((await viewers(guest)).body.code).toBe('access.denied');
    expect(await customer?.refused('room.viewers', { roomId: room.id })).toMatchObject({ code: 'access.denied' });
    expect((await viewers((await buildBusiness(app.url)).admin)).body.code).toBe('room.not_found');
    theirs?.close();
    await mine?.waitFor('room.member_left', (left) => left.user.id === colleague.id);
    expect((await viewers()).body.items).toEqual([{ user: user(agent), composing: null }]);
    expect(customer?.heard.filter(({ event }) => /member|typing/.test(event))).toEqual([]);
  });

  it('whoever joins while others write hears of them, a customer not of notes', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    const [agent, colleague] = [await buildAgent(app.url, shop), await buildAgent(app.url, shop)];
    const [mine, theirs] = [await connect(app.url, agent.token), await connect(app.url, colleague.token)];
    for (const [socket, stream] of [[mine, 'public'] as const, [theirs, 'internal'] as const]) {
      await socket.call('room.join', { roomId: room.id });
      await socket.call('typing.start', { roomId: room.id, stream });
    }
    const writers = async ({ token }: Person): Promise<unknown[]> => {
      const late = await connect(app.url, token);
      await late.call('room.join', { roomId: room.id });
      return late.all<TypingEvent>('typing.started').map(({ user, stream }) => [user.id, stream]);
    };
    expect(await writers(guest)).toEqual([[agent.id, 'public']]);
    expect((await writers(shop.admin)).sort()).toEqual([[agent.id, 'public'] as const, [colleague.id, 'internal'] as const].sort());
    expect(await writers(agent)).toEqual([[colleague.id, 'internal']]);
  });

  it('N34 tells staff of many rooms at once who attends to them, and how long they wait, of those within reach', async () => {
    const place = await buildBusiness(app.url);
    const [waiting, held, theirs] = [await buildRoom(app.url, place), await buildRoom(app.url, place), await buildRoom(app.url, shop)];
    const agent = await buildAgent(app.url, place);
    await rest(app.url, 'POST', `/api/rooms/${held.room.id}/claim`, { token: agent.token });
    const [mine, customer] = [await connect(app.url, agent.token), await connect(app.url, waiting.guest.token)];
    await mine.call('room.join', { roomId: waiting.room.id });
    await mine.call('typing.start', { roomId: waiting.room.id, stream: 'public' });
    await until(
      () => online('', place.admin.token),
      (ids) => ids.includes(waiting.guest.id),
    );
    const ask = (roomIds: string, { token } = place.admin): Promise<Answer> =>
      rest(app.url, 'GET', `/api/attendance?roomIds=${roomIds}`, { token });
    const all = [waiting.room.id, held.room.id, theirs.room.id, waiting.room.id.toUpperCase()].join();
    const { body } = await ask(all);
    expect(body).toEqual({
      items: [
        {
          roomId: waiting.room.id,
          customerPresence: 'online',
          viewers: [{ user: { id: agent.id, role: 'agent', name: 'Alex', avatarUrl: null }, composing: 'public' }],
          waiting: { since: expect.any(String), position: 1, estimateSeconds: null },
        },
        { roomId: held.room.id, customerPresence: 'offline', viewers: [], waiting: null },
      ],
    });
    expect(Math.abs(Date.parse(body.items[0].waiting.since) - Date.parse(waiting.room.createdAt))).toBeLessThan(1_000);
    await setUp(app.url, place, { agentScope: 'own' });
    expect((await ask(all, agent)).body.items.map(({ roomId }: { roomId: string }) => roomId)).toEqual([held.room.id]);
    expect((await ask(all, waiting.guest)).body.code).toBe('access.denied');
    expect((await ask(waiting.room.id, shop.admin)).body).toEqual({ items: [] });
    for (const nonsense of ['', 'x', `${waiting.room.id},`, Array(101).fill(waiting.room.id).join(), "';DROP TABLE room;--"]) {
      expect((await ask(nonsense)).body).toMatchObject({ code: 'validation.failed', errors: [{ path: 'roomIds' }] });
    }
    customer.close();
  });
});
