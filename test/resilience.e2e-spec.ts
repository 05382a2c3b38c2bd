import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { EventBus } from '../src/event/event-bus.js';
import { Connections } from '../src/chat/connections.js';
import { RoomPump } from '../src/chat/room.pump.js';
import { SocketDoor } from '../src/chat/socket-door.js';
import { MessageService } from '../src/message/message.service.js';
import type { Ack } from '../src/contract/ack.js';
import type { Message } from '../src/contract/message.js';
import { fingerprintOf } from '../src/message/fingerprint.js';
import { toArguments, type NewEntry } from '../src/stream/new-entry.js';
import { startApp, type TestApp } from './support/app.js';
import { buildBusiness, buildGuest, buildRoom, buildTalk, newKey, say, setUp, until, type Tenant } from './support/factories.js';
import { rest } from './support/rest.js';
import { closeSockets, connect, refusedHandshake } from './support/socket.js';

describe('when something is in the way', () => {
  let app: TestApp;
  let shop: Tenant;

  beforeAll(async () => {
    app = await startApp({ DATABASE_POOL: '2' });
    shop = await buildBusiness(app.url);
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  it('X15 T15 200 sends over two connections, one of them the writer’s, all end, and the pool is whole after', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    const path = `/api/rooms/${room.id}/messages`;
    const answers = await Promise.all(
      [...Array(200).keys()].map(() => rest(app.url, 'POST', path, { token: guest.token, body: { clientMessageId: newKey(), body: 'x' } })),
    );
    for (const { status } of answers) expect([201, 503]).toContain(status);
    expect((await rest(app.url, 'GET', '/health/ready')).status).toBe(200);
    const { body } = await rest(app.url, 'GET', `${path}?limit=200`, { token: guest.token });
    const acked = answers.filter(({ status }) => status === 201).map((answer) => answer.body.seq as number);
    expect(body.items.map(({ seq }: Message) => seq)).toEqual(expect.arrayContaining(acked));
    expect(body.lastSeq).toBe(body.items.length);
  });

  it('X15 links to go on elsewhere need one connection each, also from a site whose origin is looked up', async () => {
    const site = 'https://shop.example';
    await setUp(app.url, shop, { allowedOrigins: [site] });
    const guests = await Promise.all([...Array(8).keys()].map(() => buildGuest(app.url, shop)));
    const made = await Promise.all(guests.map(({ token }) => rest(app.url, 'POST', '/api/auth/resume-link', { token })));
    expect(made.map(({ status }) => status)).toEqual(guests.map(() => 201));
    const headers = { Origin: site };
    const used = await Promise.all(
      made.map(({ body }) => rest(app.url, 'POST', '/api/auth/resume', { body: { token: body.token }, headers })),
    );
    expect(used.map(({ status }) => status)).toEqual(guests.map(() => 200));
  });

  it('a room whose counters somebody holds stalls no other room', async () => {
    const [stuck, free] = await Promise.all([buildRoom(app.url, shop), buildRoom(app.url, shop)]);
    const holder = new pg.Client({ connectionString: app.databaseUrl });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM stream_counter WHERE room_id = $1 FOR UPDATE', [stuck.room.id]);
    const send = (room: { id: string }, token: string): Promise<{ status: number; body: any }> =>
      rest(app.url, 'POST', `/api/rooms/${room.id}/messages`, { token, body: { clientMessageId: newKey(), body: 'x' } });
    const socket = await connect(app.url, stuck.guest.token);
    const [waiting, going, refused] = await Promise.all([
      send(stuck.room, stuck.guest.token),
      send(free.room, free.guest.token),
      socket.refused('message.send', { roomId: stuck.room.id, clientMessageId: newKey(), body: 'x' }),
    ]);
    expect([waiting.status, waiting.body.code, waiting.body.retryable]).toEqual([503, 'unavailable', true]);
    expect(refused).toMatchObject({ code: 'unavailable', retryable: true });
    expect(going.status).toBe(201);
    await holder.query('ROLLBACK');
    await holder.end();
    expect((await send(stuck.room, stuck.guest.token)).body.seq).toBe(1);
  });

  it('P2 what another node commits while a message waits for its room counts: a closing refuses it, its repeat answers it', async () => {
    const other = new pg.Client({ connectionString: app.databaseUrl });
    await other.connect();
    const meanwhile = async (roomId: string, token: string, key: string, entry: Partial<NewEntry>): Promise<Ack<Message>> => {
      const socket = await connect(app.url, token);
      await other.query('BEGIN');
      if (entry.activity === 'closed') await other.query("UPDATE room SET status = 'closed' WHERE id = $1", [roomId]);
      const whole = { id: randomUUID(), businessId: shop.id, roomId, stream: 'public', senderId: null, ...entry } as NewEntry;
      await other.query('SELECT * FROM append_entries($1, $2, $3, $4)', toArguments([whole]));
      const answer = socket.ask('message.send', { roomId, clientMessageId: key, body: 'Hello' });
      await sleep(300);
      await other.query('COMMIT');
      return answer;
    };
    const [shut, held] = await Promise.all([buildRoom(app.url, shop), buildRoom(app.url, shop)]);
    const refused = await meanwhile(shut.room.id, shut.guest.token, newKey(), { kind: 'activity', activity: 'closed' });
    expect(refused).toMatchObject({ ok: false, error: { code: 'room.closed' } });
    const key = newKey();
    const stored = {
      id: randomUUID(),
      kind: 'text' as const,
      body: 'Hello',
      clientMessageId: key,
      fingerprint: fingerprintOf({ clientMessageId: key, body: 'Hello' }),
    };
    const repeat = await meanwhile(held.room.id, held.guest.token, key, { ...stored, senderId: held.guest.id });
    expect(repeat).toMatchObject({ ok: true, data: { id: stored.id, seq: 1, body: 'Hello' } });
    await other.end();
  });

  it('P11 a server that is about to stop lets nobody in, and says so', async () => {
    const { guest } = await buildRoom(app.url, shop);
    const node = await startApp({}, app.databaseUrl);
    try {
      await node.app.get(Connections).drain();
      const { data } = await refusedHandshake(node.url, { token: guest.token });
      expect(data).toMatchObject({ code: 'unavailable', retryable: true });
    } finally {
      await node.close();
    }
  });

  it('T17 a listener that throws harms neither the sender nor the other listeners', async () => {
    const { roomId, guestSocket, agentSocket } = await buildTalk(app.url, shop);
    const events = app.app.get(EventBus);
    let calls = 0;
    events.on('message.created', () => {
      calls++;
      throw new Error('thrown on purpose');
    });
    const sent = await guestSocket.call('message.send', { roomId, clientMessageId: newKey(), body: 'x' });
    expect(await agentSocket.waitFor('message.created')).toEqual(sent);
    expect(calls).toBe(1);
  });

  it('P5 an entry that no signal told of is found by the sweep, and late or doubled signals do no harm', async () => {
    const { roomId, guestSocket, agent } = await buildTalk(app.url, shop);
    // As another node would write it: past this one's bus.
    await app.sql(
      `SELECT * FROM append_entries(ARRAY[$2::uuid], '{}', json_build_array(json_build_object('id', $1::text, 'room', $2::text, 'business', $3::text, 'stream', 'public',
        'kind', 'text', 'sender', $4::text, 'client', $5::text, 'fingerprint', 'f', 'body', 'from elsewhere')))`,
      [newKey(), roomId, shop.id, agent.id, newKey()],
    );
    const found = await guestSocket.waitFor<Message>('message.created', undefined, 5_000);
    expect(found).toMatchObject({ seq: 1, body: 'from elsewhere', sender: { id: agent.id } });
    const pump = app.app.get(RoomPump);
    for (const seq of [1, 1, 3]) pump.ring({ businessId: shop.id, roomId, stream: 'public', seq, message: null });
    await say(app.url, agent, roomId, 'two');
    await say(app.url, agent, roomId, 'three');
    await guestSocket.waitFor('message.created', ({ body }) => body === 'three');
    expect(guestSocket.all<Message>('message.created').map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('T18 a room whose last listener leaves in the middle of a reading is read no more', async () => {
    const { roomId } = await buildTalk(app.url, shop);
    const messages = app.app.get(MessageService);
    const pump = app.app.get(RoomPump);
    const follow = messages.follow.bind(messages);
    let reads = 0;
    let go: (() => void) | undefined;
    const gate = new Promise<void>((open) => (go = open));
    messages.follow = async (...args) => {
      reads++;
      await gate;
      return follow(...args);
    };
    try {
      pump.ring({ businessId: shop.id, roomId, stream: 'public', seq: 1, message: null });
      closeSockets();
      const { rooms } = pump as unknown as { rooms: Map<string, unknown> };
      await until(
        () => Promise.resolve(rooms.size),
        (size) => size === 0,
      );
      go?.();
      await new Promise((done) => setTimeout(done, 300));
      expect(reads).toBe(1);
    } finally {
      messages.follow = follow;
    }
  });

  it('T18 nothing of a socket is kept when it is gone', async () => {
    const { roomId, guest } = await buildTalk(app.url, shop);
    closeSockets();
    for (let i = 0; i < 20; i++) {
      const socket = await connect(app.url, guest.token);
      void socket.ask('room.join', { roomId }).catch(() => undefined);
      socket.close();
    }
    const pump = app.app.get<unknown>(RoomPump) as { rooms: Map<string, unknown> };
    const door = app.app.get<unknown>(SocketDoor) as { inFlight: unknown[] };
    for (let tries = 0; tries < 100 && (pump.rooms.size > 0 || door.inFlight.length > 0); tries++)
      await new Promise((done) => setTimeout(done, 20));
    expect([pump.rooms.size, door.inFlight.length]).toEqual([0, 0]);
  });
});
