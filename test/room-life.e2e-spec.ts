import { Chores } from '../src/database/chores.js';
import type { Message } from '../src/contract/message.js';
import type { StaffRoom } from '../src/contract/room.js';
import { IdleCloseService } from '../src/room/idle-close.service.js';
import { SnoozeService } from '../src/room/snooze.service.js';
import { startApp, type TestApp } from './support/app.js';
import { letPass } from './support/let-pass.js';
import {
  buildAgent,
  buildBusiness,
  buildCustomer,
  buildGuest,
  buildRoom,
  buildTalk,
  buildTeam,
  newKey,
  PASSWORD,
  say,
  setUp,
  type Person,
  type Tenant,
} from './support/factories.js';
import { upload } from './support/files.js';
import { rest, type Answer } from './support/rest.js';
import { closeSockets, connect } from './support/socket.js';

const HOUR = 3_600_000;
const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

describe('the life of a room', () => {
  let app: TestApp;
  let url: string;
  let shop: Tenant;
  let agent: Person;

  beforeAll(async () => {
    app = await startApp();
    ({ url } = app);
    shop = await buildBusiness(url);
    agent = await buildAgent(url, shop);
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  const ask = (by: Person, method: string, path: string, body?: unknown): Promise<Answer> =>
    rest(url, method, path, { token: by.token, body });
  const patch = (roomId: string, body: object, by = agent): Promise<Answer> => ask(by, 'PATCH', `/api/rooms/${roomId}`, body);
  const get = async (roomId: string, by = agent): Promise<StaffRoom> => (await ask(by, 'GET', `/api/rooms/${roomId}`)).body;
  const close = (roomId: string): Promise<Answer> => ask(agent, 'DELETE', `/api/rooms/${roomId}`);
  /** What happened in a stream: type, from and to of each line. */
  const lines = async (roomId: string, stream: 'public' | 'internal'): Promise<unknown[]> => {
    const { body } = await ask(agent, 'GET', `/api/rooms/${roomId}/messages?stream=${stream}&limit=200`);
    const activities = (body.items as Message[]).map(({ activity }) => activity).filter((activity) => activity !== null);
    return activities.map((activity) => [activity.type, ...('from' in activity ? [activity.from, activity.to] : [])]);
  };

  describe('N16 its rating', () => {
    const rate = (by: Person, roomId: string, body: object): Promise<Answer> => ask(by, 'POST', `/api/rooms/${roomId}/rating`, body);

    it('is given by its customer when it is closed, and again; the last one counts, and staff hear of it', async () => {
      const { roomId, guest, guestSocket, agentSocket } = await buildTalk(url, shop);
      expect((await rate(guest, roomId, { score: 5 })).body.code).toBe('room.not_closed');
      await close(roomId);
      const first = await rate(guest, roomId, { score: 4, comment: 'Quick and kind' });
      expect([first.status, first.body.rating]).toEqual([200, { score: 4, comment: 'Quick and kind' }]);
      await rate(guest, roomId, { score: 4, comment: 'Quick and kind' });
      await rate(guest, roomId, { score: 2 });
      expect((await get(roomId)).rating).toEqual({ score: 2, comment: null });
      expect(await lines(roomId, 'internal')).toEqual([
        ['rated', null, '4'],
        ['rated', '4', '2'],
      ]);
      for (const socket of [guestSocket, agentSocket]) await socket.waitFor('room.updated', (room: StaffRoom) => room.rating?.score === 2);
      await ask(agent, 'POST', `/api/rooms/${roomId}/reopen`);
      expect((await get(roomId)).rating?.score).toBe(2);
    });

    it('is nobody else’s, and of the right shape', async () => {
      const { room, guest } = await buildRoom(url, shop);
      await close(room.id);
      expect((await rate(agent, room.id, { score: 1 })).body.code).toBe('access.denied');
      expect((await rate(await buildGuest(url, shop), room.id, { score: 1 })).body.code).toBe('room.not_found');
      for (const body of [
        {},
        { score: 0 },
        { score: 6 },
        { score: 1.5 },
        { score: '5' },
        { score: 5, comment: ' ' },
        { score: 5, by: 'x' },
      ]) {
        expect((await rate(guest, room.id, body)).body.code).toBe('validation.failed');
      }
    });

    it('N49 is not that of a blocked one', async () => {
      const customer = await buildCustomer(url, shop);
      const { room } = await buildRoom(url, shop, customer);
      await close(room.id);
      await ask(agent, 'POST', `/api/customers/${customer.id}/block`, {});
      const body = { business: shop.slug, email: customer.email, password: PASSWORD };
      const back = (await rest(url, 'POST', '/api/auth/login', { body })).body;
      expect((await rate({ ...customer, token: back.accessToken }, room.id, { score: 1 })).body.code).toBe('access.denied');
      expect((await get(room.id)).rating).toBeNull();
    });

    it('loses its words when its customer erases itself', async () => {
      const { room, guest } = await buildRoom(url, shop);
      await close(room.id);
      await rate(guest, room.id, { score: 1, comment: 'My name is Gwen' });
      expect((await ask(guest, 'DELETE', '/api/auth/me')).status).toBe(204);
      expect((await get(room.id)).rating).toEqual({ score: 1, comment: null });
    });
  });

  describe('N8 asleep', () => {
    it('wakes at its time, once, by the server, and waits anew', async () => {
      const { room } = await buildRoom(url, shop);
      const slept = (await patch(room.id, { status: 'snoozed', snoozedUntil: inMs(HOUR) })).body as StaffRoom;
      expect([slept.status, slept.queuePosition]).toEqual(['snoozed', null]);
      await app.sql("UPDATE room SET snoozed_until = now() - interval '1 second', waiting_since = now() - interval '1 day' WHERE id = $1", [
        room.id,
      ]);
      const sweeper = app.app.get(SnoozeService);
      await Promise.all([sweeper.sweep(), sweeper.sweep()]);
      const awake = await get(room.id);
      expect([awake.status, awake.snoozedUntil]).toEqual(['open', null]);
      const [row] = await app.sql<{ waits: number }>(
        'SELECT extract(epoch FROM now() - waiting_since)::float AS waits FROM room WHERE id = $1',
        [room.id],
      );
      expect(row?.waits).toBeLessThan(60);
      expect(await lines(room.id, 'internal')).toEqual([
        ['status_changed', 'open', 'snoozed'],
        ['status_changed', 'snoozed', 'open'],
      ]);
    });

    it('wakes when its customer writes, and keeps its agent', async () => {
      const { room, guest } = await buildRoom(url, shop);
      await ask(agent, 'POST', `/api/rooms/${room.id}/claim`);
      await patch(room.id, { snoozedUntil: inMs(HOUR) });
      await say(url, agent, room.id, 'I will look into it');
      expect((await get(room.id)).status).toBe('snoozed');
      await say(url, guest, room.id, 'Any news?');
      const awake = await get(room.id);
      expect([awake.status, awake.snoozedUntil, awake.assignee?.id]).toEqual(['open', null, agent.id]);
    });

    it('can be given another time, woken by hand, and closed', async () => {
      const { room } = await buildRoom(url, shop);
      const [first, second] = [inMs(HOUR), inMs(2 * HOUR)];
      await patch(room.id, { status: 'snoozed', snoozedUntil: first });
      await patch(room.id, { status: 'snoozed', snoozedUntil: first });
      expect((await patch(room.id, { snoozedUntil: second })).body.snoozedUntil).toBe(second);
      expect((await patch(room.id, { snoozedUntil: null })).body.status).toBe('open');
      await patch(room.id, { status: 'snoozed', snoozedUntil: first });
      expect((await close(room.id)).body).toMatchObject({ status: 'closed', snoozedUntil: null });
      expect((await patch(room.id, { status: 'snoozed', snoozedUntil: first })).body.code).toBe('room.closed');
      expect(await lines(room.id, 'internal')).toEqual([
        ['status_changed', 'open', 'snoozed'],
        ['snooze_changed', first, second],
        ['status_changed', 'snoozed', 'open'],
        ['status_changed', 'open', 'snoozed'],
      ]);
    });

    it('is awake wherever it is handed on to a team', async () => {
      const { room } = await buildRoom(url, shop);
      const teamId = await buildTeam(url, shop);
      await patch(room.id, { snoozedUntil: inMs(HOUR) });
      const { body } = await ask(agent, 'POST', `/api/rooms/${room.id}/transfer`, { teamId });
      expect([body.status, body.snoozedUntil]).toEqual(['open', null]);
    });

    it('one that cannot be woken keeps no other asleep', async () => {
      const [stuck, free] = [(await buildRoom(url, shop)).room.id, (await buildRoom(url, shop)).room.id];
      for (const id of [stuck, free]) await patch(id, { snoozedUntil: inMs(HOUR) });
      await app.sql("UPDATE room SET snoozed_until = now() - interval '1 minute' WHERE id = ANY ($1)", [[stuck, free]]);
      await app.sql('DELETE FROM stream_counter WHERE room_id = $1', [stuck]);
      await app.app.get(SnoozeService).sweep();
      expect((await get(free)).status).toBe('open');
      await app.sql("UPDATE room SET status = 'closed' WHERE id = $1", [stuck]);
    });

    it('A48 takes no time that is past, far or none', async () => {
      const { room } = await buildRoom(url, shop);
      const bad = [
        ...[{ status: 'snoozed' }, { snoozedUntil: inMs(-1000) }, { snoozedUntil: inMs(400 * 24 * HOUR) }, { snoozedUntil: 'tomorrow' }],
        ...[{ snoozedUntil: '275761-01-01T00:00:00.000Z' }, { snoozedUntil: 5 }, { status: 'open', snoozedUntil: inMs(HOUR) }],
        ...[
          { status: 'snoozed', snoozedUntil: null },
          { status: 'snoozed', snoozedUntil: [inMs(HOUR)] },
        ],
      ];
      for (const body of bad) expect((await patch(room.id, body)).body.code).toBe('validation.failed');
      expect((await get(room.id)).status).toBe('open');
    });
  });

  describe('C2 what it does otherwise than its business', () => {
    it('is told with who set it and when, and taken back by null', async () => {
      const { room } = await buildRoom(url, shop);
      const { body } = await patch(room.id, { overrides: { language: 'pt-BR', aiEnabled: false } });
      expect(body.overrides).toEqual({
        language: { value: 'pt-BR', by: agent.id, at: expect.any(String) },
        aiEnabled: { value: false, by: agent.id, at: expect.any(String) },
      });
      expect((await patch(room.id, { overrides: { language: 'pt-BR' } })).body.updatedAt).toBe(body.updatedAt);
      expect((await patch(room.id, { overrides: { language: null, aiEnabled: null } })).body.overrides).toEqual({});
      expect(await lines(room.id, 'internal')).toEqual([
        ['language_changed', null, 'pt-BR'],
        ['language_changed', 'pt-BR', null],
      ]);
      for (const language of ['', 'EN', 'english', 'a', 7, "en'; DROP TABLE room"]) {
        expect((await patch(room.id, { overrides: { language } })).body.code).toBe('validation.failed');
      }
      expect((await patch(room.id, { overrides: { aiEnabled: 'yes' } })).body.code).toBe('validation.failed');
    });

    it('must not be said in two ways', async () => {
      const { room } = await buildRoom(url, shop);
      const errors = [{ path: 'aiEnabled', message: 'must not contradict overrides.aiEnabled' }];
      for (const [aiEnabled, other] of [[true, false] as const, [false, true] as const, [true, null] as const])
        expect((await patch(room.id, { aiEnabled, overrides: { aiEnabled: other } })).body).toMatchObject({
          code: 'validation.failed',
          errors,
        });
      expect((await get(room.id)).overrides).toEqual({});
      const { body } = await patch(room.id, { aiEnabled: true, overrides: { aiEnabled: true } });
      expect(body.overrides.aiEnabled.value).toBe(true);
    });

    it('C3 shows the AI as the room says, else as the business does, and tells the customer of changes alone', async () => {
      const tenant = await buildBusiness(url);
      const { roomId, guest, agentSocket, guestSocket } = await buildTalk(url, tenant);
      const isOn = async (): Promise<boolean> => (await get(roomId, guest)).aiEnabled;
      expect(await isOn()).toBe(false);
      await setUp(url, tenant, { ai: { enabled: true } });
      expect(await isOn()).toBe(true);
      await agentSocket.call('ai.toggle', { roomId, enabled: true });
      await agentSocket.call('ai.toggle', { roomId, enabled: false });
      await agentSocket.call('ai.toggle', { roomId, enabled: false });
      expect(await isOn()).toBe(false);
      await setUp(url, tenant, { ai: { enabled: false } });
      await agentSocket.call('room.update', { roomId, overrides: { aiEnabled: null } });
      await guestSocket.waitFor('room.updated', (room: StaffRoom) => !room.aiEnabled);
      const told = guestSocket.all('room.updated').length;
      await agentSocket.call('room.update', { roomId, priority: 'high', overrides: { aiEnabled: false } });
      await agentSocket.waitFor('room.updated', (room: StaffRoom) => room.priority === 'high');
      await guestSocket.call('presence.heartbeat');
      expect(guestSocket.all('room.updated')).toHaveLength(told);
      const heard = guestSocket.all<Message>('message.created').map(({ activity }) => activity?.type);
      expect(heard).toEqual(['ai_disabled']);
    });
  });

  describe('N53 idle', () => {
    const age = (roomId: string, minutes: number): Promise<void> => letPass(app, roomId, minutes);
    const sweep = (): Promise<void> => app.app.get(IdleCloseService).sweep();

    it('is closed when its customer is silent for the time of the business, but never while the customer waits', async () => {
      const tenant = await buildBusiness(url);
      const { admin } = tenant;
      const rooms = await Promise.all([1, 2, 3, 4].map(() => buildRoom(url, tenant)));
      const [answered, asking, fresh, empty] = rooms.map(({ room }) => room.id) as [string, string, string, string];
      for (const { room, guest } of rooms.slice(0, 3)) await say(url, guest, room.id, 'Hello');
      for (const id of [answered, fresh]) await say(url, admin, id, 'Hello, how can I help?');
      for (const id of [answered, asking, empty]) await age(id, 61);
      await age(fresh, 59);
      // Of which the customer knows nothing.
      await say(url, admin, answered, 'Odd one', 'internal');
      await sweep();
      expect(await Promise.all([answered, asking, fresh, empty].map(async (id) => (await get(id, admin)).status))).toEqual(
        Array(4).fill('open'),
      );
      await setUp(url, tenant, { autoReplies: { idleCloseMinutes: 60 } });
      await Promise.all([sweep(), sweep()]);
      expect(await Promise.all([answered, asking, fresh, empty].map(async (id) => (await get(id, admin)).status))).toEqual([
        ...['closed', 'open', 'open', 'closed'],
      ]);
      const { body } = await ask(admin, 'GET', `/api/rooms/${answered}/messages`);
      expect(body.items.map(({ activity }: Message) => activity).filter(Boolean)).toEqual([{ type: 'closed', actor: null }]);
    });

    it('A35 is closed or written into, one after the other: what was stored is in an open room or before the end', async () => {
      const tenant = await buildBusiness(url);
      await setUp(url, tenant, { autoReplies: { idleCloseMinutes: 60 } });
      for (let round = 0; round < 5; round++) {
        const { room, guest } = await buildRoom(url, tenant);
        await age(room.id, 61);
        const draft = { clientMessageId: newKey(), body: 'Are you there?' };
        const [sent] = await Promise.all([ask(guest, 'POST', `/api/rooms/${room.id}/messages`, draft), sweep()]);
        const { status } = await get(room.id, tenant.admin);
        expect([
          [201, 'open'],
          [409, 'closed'],
        ]).toContainEqual([sent.status, status]);
        const { body } = await ask(guest, 'GET', `/api/rooms/${room.id}/messages`);
        expect(body.items.map(({ kind }: Message) => kind)).toEqual([sent.status === 201 ? 'text' : 'activity']);
      }
    });

    it('two servers close it once', async () => {
      const tenant = await buildBusiness(url);
      await setUp(url, tenant, { autoReplies: { idleCloseMinutes: 60 } });
      const ids = (await Promise.all([1, 2, 3].map(() => buildRoom(url, tenant)))).map(({ room }) => room.id);
      for (const id of ids) await age(id, 61);
      const second = await startApp({}, app.databaseUrl);
      await Promise.all([sweep(), second.app.get(IdleCloseService).sweep()]);
      await second.close();
      const [told] = await app.sql("SELECT count(*)::integer AS n FROM message WHERE room_id = ANY ($1) AND activity = 'closed'", [ids]);
      expect(told).toEqual({ n: 3 });
    });

    it('takes a time between a minute and a month', async () => {
      for (const idleCloseMinutes of [0, 43_201, 1.5, '60']) {
        const body = { settings: { autoReplies: { idleCloseMinutes } } };
        expect((await ask(shop.admin, 'PATCH', '/api/business', body)).body.code).toBe('validation.failed');
      }
    });
  });

  describe('N40 marked unread', () => {
    const markUnread = (by: Person, roomId: string, body: object = {}): Promise<Answer> =>
      ask(by, 'POST', `/api/rooms/${roomId}/unread`, body);

    it('counts for its reader alone, until it reads on; no mark moves back', async () => {
      const { roomId, guest, agent: reader, guestSocket } = await buildTalk(url, shop);
      await ask(reader, 'POST', `/api/rooms/${roomId}/claim`);
      for (const body of ['One', 'Two', 'Three']) await say(url, guest, roomId, body);
      await ask(reader, 'POST', `/api/rooms/${roomId}/marks`, { read: 4 });
      expect((await get(roomId, reader)).unread).toBe(0);
      expect((await markUnread(reader, roomId)).body.unread).toBe(1);
      expect((await markUnread(reader, roomId, { seq: 3 })).body.unread).toBe(2);
      expect((await ask(reader, 'GET', '/api/rooms/unread')).body).toEqual({ rooms: 1, messages: 2 });
      expect((await get(roomId)).marks).toContainEqual({ userId: reader.id, deliveredSeq: 4, readSeq: 4 });
      expect((await ask(reader, 'POST', `/api/rooms/${roomId}/marks`, { read: 4 })).body.readSeq).toBe(4);
      expect((await get(roomId, reader)).unread).toBe(0);
      const marks = guestSocket.all('room.marked').filter(({ userId }: any) => userId === reader.id);
      expect(marks.map(({ readSeq }: any) => readSeq)).toEqual([4]);
    });

    it('is read by answering, alone, in a batch and in the long way, and not by a note', async () => {
      const { roomId, guest, agent: reader } = await buildTalk(url, shop);
      await ask(reader, 'POST', `/api/rooms/${roomId}/claim`);
      await say(url, guest, roomId, 'One');
      const unread = async (): Promise<number> => (await get(roomId, reader)).unread;
      const answers = [
        () => say(url, reader, roomId, 'Yes'),
        () => Promise.all([1, 2, 3].map(() => say(url, reader, roomId, 'Yes'))),
        () => ask(reader, 'POST', `/api/rooms/${roomId}/messages`, { clientMessageId: newKey(), body: 'Yes', mentions: [shop.admin.id] }),
      ];
      for (const answer of answers) {
        await markUnread(reader, roomId, { seq: 1 });
        await say(url, reader, roomId, 'Hm', 'internal');
        expect(await unread()).toBe(1);
        await answer();
        expect(await unread()).toBe(0);
      }
    });

    it('is read by answering by its customer as well, and counts again once it is marked anew', async () => {
      const { roomId, guest, agent: writer } = await buildTalk(url, shop);
      await say(url, guest, roomId, 'Hello');
      await say(url, writer, roomId, 'Yes?');
      const answers = [
        () => say(url, guest, roomId, 'My parcel is late'),
        () => Promise.all([1, 2, 3].map(() => say(url, guest, roomId, 'Really'))),
        async () =>
          ask(guest, 'POST', `/api/rooms/${roomId}/messages`, {
            clientMessageId: newKey(),
            attachmentIds: [(await upload(url, guest, roomId)).id],
          }),
      ];
      for (const answer of answers) {
        expect((await markUnread(guest, roomId, { seq: 2 })).body.unread).toBe(1);
        expect((await get(roomId, guest)).unread).toBe(1);
        await answer();
        expect((await get(roomId, guest)).unread).toBe(0);
        expect((await ask(guest, 'GET', '/api/rooms/unread')).body).toEqual({ rooms: 0, messages: 0 });
      }
    });

    it('is nothing in a room where nobody else wrote, and takes no other room or stream', async () => {
      const { room, guest } = await buildRoom(url, shop);
      await say(url, guest, room.id, 'Hello');
      expect((await markUnread(guest, room.id, { seq: 99 })).body.unread).toBe(0);
      expect((await markUnread(guest, room.id, { stream: 'internal' })).body.code).toBe('access.denied');
      expect((await markUnread(await buildGuest(url, shop), room.id)).body.code).toBe('room.not_found');
      for (const seq of [0, -1, 1.5, '1']) expect((await markUnread(guest, room.id, { seq })).body.code).toBe('validation.failed');
    });
  });

  describe('N39 drafts', () => {
    const empty = { body: null, replyTo: null, updatedAt: null };
    const path = (roomId: string, stream = 'public'): string => `/api/rooms/${roomId}/draft?stream=${stream}`;

    it('are kept for their author alone, one for each stream, until they are dropped', async () => {
      const { roomId, agent: author, guestSocket } = await buildTalk(url, shop);
      expect((await ask(author, 'GET', path(roomId))).body).toEqual(empty);
      const saved = await ask(author, 'PUT', `/api/rooms/${roomId}/draft`, { stream: 'internal', body: 'Seems angry' });
      expect([saved.status, saved.body.body]).toEqual([200, 'Seems angry']);
      await ask(author, 'PUT', `/api/rooms/${roomId}/draft`, { body: 'Dear Gwen', replyTo: null });
      await ask(author, 'PUT', `/api/rooms/${roomId}/draft`, { body: 'Dear Gwen, your parcel' });
      expect((await ask(author, 'GET', path(roomId))).body.body).toBe('Dear Gwen, your parcel');
      expect((await ask(author, 'GET', path(roomId, 'internal'))).body.body).toBe('Seems angry');
      expect((await ask(agent, 'GET', path(roomId))).body).toEqual(empty);
      expect((await ask(author, 'DELETE', path(roomId))).status).toBe(204);
      expect((await ask(author, 'DELETE', path(roomId))).status).toBe(204);
      expect((await ask(author, 'GET', path(roomId))).body).toEqual(empty);
      expect(guestSocket.heard.map(({ event }) => event)).not.toContain('message.created');
    });

    it('A25 are of a room that its author reads, and of the right shape', async () => {
      const { room, guest } = await buildRoom(url, shop);
      const stranger = await buildGuest(url, shop);
      const draft = { body: 'Hello' };
      for (const [method, body] of [
        ['GET', undefined],
        ['PUT', draft],
        ['DELETE', undefined],
      ] as const) {
        expect((await ask(stranger, method, `/api/rooms/${room.id}/draft`, body)).body.code).toBe('room.not_found');
        const internal = method === 'PUT' ? `/api/rooms/${room.id}/draft` : path(room.id, 'internal');
        const wanted = body && { ...body, stream: 'internal' };
        expect((await ask(guest, method, internal, wanted)).body.code).toBe('access.denied');
      }
      expect((await ask(guest, 'PUT', `/api/rooms/${room.id}/draft`, { body: 'x'.repeat(4001) })).body.code).toBe('message.too_long');
      for (const body of [{}, { body: ' ' }, { body: 'x', replyTo: 'y' }, { body: 'x', stream: 'both' }]) {
        expect((await ask(guest, 'PUT', `/api/rooms/${room.id}/draft`, body)).body.code).toBe('validation.failed');
      }
    });

    it('are forgotten after 30 days, and with their author', async () => {
      const { room, guest } = await buildRoom(url, shop);
      const count = async (): Promise<number> =>
        (await app.sql<{ n: number }>('SELECT count(*)::integer AS n FROM draft WHERE room_id = $1', [room.id]))[0]?.n as number;
      await ask(guest, 'PUT', `/api/rooms/${room.id}/draft`, { body: 'Hello' });
      await ask(agent, 'PUT', `/api/rooms/${room.id}/draft`, { body: 'Dear' });
      await app.sql("UPDATE draft SET updated_at = now() - interval '31 days' WHERE user_id = $1", [agent.id]);
      await app.app.get(Chores).run('drafts');
      expect(await count()).toBe(1);
      await ask(agent, 'PUT', `/api/rooms/${room.id}/draft`, { body: 'Dear' });
      await ask(guest, 'DELETE', '/api/auth/me');
      expect(await count()).toBe(1);
      await app.app.get(Chores).run('drafts');
      expect(await count()).toBe(0);
    });
  });

  it('N27 N9 keeps where the customer came from, for staff alone, and how urgent it is', async () => {
    const context = { page: 'https://shop.example/orders', cart: [{ sku: 7 }] };
    const { body: guest } = await rest(url, 'POST', '/api/auth/guest', { body: { business: shop.slug, name: 'Gwen', context } });
    const by = { id: guest.user.id, token: guest.accessToken, refreshToken: guest.refreshToken };
    const socket = await connect(url, by.token);
    const { id } = await socket.call('room.open', { subject: 'My parcel' });
    expect((await get(id)).context).toEqual(context);
    expect(JSON.stringify([await get(id, by), socket.heard])).not.toContain('orders');
    expect((await patch(id, { priority: 'urgent' })).body.priority).toBe('urgent');
    const tooMuch = { context: { page: 'x'.repeat(9000) } };
    expect((await ask(by, 'POST', '/api/rooms', tooMuch)).body.code).toBe('validation.failed');
  });
});
