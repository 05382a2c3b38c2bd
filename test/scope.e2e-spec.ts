import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message } from '../src/contract/message.js';
import type { StaffRoom } from '../src/contract/room.js';
import { DemoService, type Demo } from '../src/auth/demo.service.js';
import { checkEnv, readEnv, SETTING_NAMES } from '../src/config/env.js';
import { Chores } from '../src/database/chores.js';
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
  readToken,
  say,
  setUp,
  until,
  type Person,
  type Tenant,
} from './support/factories.js';
import { note, picture, tryUpload } from './support/files.js';
import { rest } from './support/rest.js';
import { closeSockets, connect, refusedHandshake } from './support/socket.js';

/** What the five earlier backends promised, one test for each row. The faces (K1 to K8) have suites of their own. */
describe('the scope', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-scope-'));
  let app: TestApp;
  let demo: Demo | undefined;
  let shop: Tenant;
  let url: string;

  beforeAll(async () => {
    app = await startApp({ DATA_DIR: folder, DOCS: 'on' });
    ({ url } = app);
    demo = await app.app.get(DemoService).make();
    shop = await buildBusiness(url);
  });
  afterEach(closeSockets);
  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const as = async (by: Person | undefined, method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> =>
    rest(url, method, path, { token: by?.token, body });
  const login = (email: string | undefined, password = PASSWORD): ReturnType<typeof as> =>
    as(undefined, 'POST', '/api/auth/login', { email, password, business: shop.slug });
  const idsOf = ({ body }: { body: { items: { id: string }[] } }): string[] => body.items.map(({ id }) => id);

  describe('people and sessions', () => {
    it('A1 registers a customer with e-mail, password, name and username; staff are made by an admin', async () => {
      const email = `${newKey()}@mail.example`;
      const person = { business: shop.slug, email, password: PASSWORD, name: 'Cleo', username: `c${newKey().slice(0, 8)}` };
      const { status, body } = await as(undefined, 'POST', '/api/auth/register', person);
      expect([status, body.user.role, body.user.name]).toEqual([201, 'customer', 'Cleo']);
      const asked = { ...person, email: `${newKey()}@mail.example`, username: `c${newKey().slice(0, 8)}`, role: 'agent' };
      expect((await as(undefined, 'POST', '/api/auth/register', asked)).body.code).toBe('access.denied');
      const made = await as(shop.admin, 'POST', '/api/auth/register', asked);
      expect([made.status, made.body.user.role, made.body.accessToken]).toEqual([201, 'agent', undefined]);
    });

    it('A2 A3 A4 signs in, refreshes by a token that works once, and out, which cuts the sockets', async () => {
      const { email } = await buildCustomer(url, shop);
      const { body: tokens } = await login(email);
      const { status, body: fresh } = await as(undefined, 'POST', '/api/auth/refresh', { refreshToken: tokens.refreshToken });
      expect([status, fresh.tokenType]).toEqual([200, 'Bearer']);
      const socket = await connect(url, fresh.accessToken);
      expect((await rest(url, 'POST', '/api/auth/logout', { token: fresh.accessToken })).status).toBe(204);
      expect((await socket.waitFor('session.ended')).reason).toBe('logout');
      await socket.disconnected;
      expect((await rest(url, 'GET', '/api/auth/me', { token: fresh.accessToken })).body.code).toBe('auth.session_ended');
    });

    it('A5 A6 shows the own profile, and whether the session holds', async () => {
      const guest = await buildGuest(url, shop, 'Gwen');
      expect((await as(guest, 'GET', '/api/auth/me')).body).toMatchObject({ id: guest.id, name: 'Gwen', businessId: shop.id });
      expect((await as(guest, 'GET', '/api/auth/sessions/current')).body).toMatchObject({ current: true });
    });

    it('A7 F13 sets the own status, over both doors', async () => {
      const agent = await buildAgent(url, shop);
      const socket = await connect(url, agent.token);
      expect((await as(agent, 'PUT', '/api/presence', { status: 'busy' })).body).toMatchObject({ userId: agent.id, status: 'busy' });
      expect(await socket.call('presence.set', { status: 'away' })).toMatchObject({ userId: agent.id, status: 'away' });
    });

    it('A8 A9 F14 lists the agents, those online and everybody online, of the own business only', async () => {
      const [agent, absent] = [await buildAgent(url, shop), await buildAgent(url, shop)];
      const [guest, abroad] = [await buildGuest(url, shop), await buildAgent(url, await buildBusiness(url))];
      const [socket] = [await connect(url, agent.token), await connect(url, guest.token), await connect(url, abroad.token)];
      const online = await until(
        () => as(agent, 'GET', '/api/agents?online=true&limit=200'),
        (answer) => idsOf(answer).includes(agent.id),
      );
      expect(idsOf(online)).not.toContain(absent.id);
      const all = idsOf(await as(agent, 'GET', '/api/agents?limit=200'));
      expect(all).toEqual(expect.arrayContaining([agent.id, absent.id, shop.admin.id]));
      for (const list of [(await as(agent, 'GET', '/api/presence')).body, await socket.call('presence.list')]) {
        const ids = idsOf({ body: list });
        expect(ids).toEqual(expect.arrayContaining([agent.id, guest.id]));
        expect(ids).not.toContain(abroad.id);
      }
    });

    it('A10 A12 A13 F1 knows a socket by its token, and by nothing that a client says of itself', async () => {
      const agent = await buildAgent(url, shop);
      for (const auth of [undefined, {}, { userId: agent.id, role: 'admin' }, { token: 'forged' }]) {
        const { data } = await refusedHandshake(url, auth);
        expect(data?.code).toBe(auth && 'token' in auth ? 'auth.invalid_credentials' : 'auth.required');
      }
      const { roomId, guestSocket } = await buildTalk(url, shop);
      const claim = { roomId, clientMessageId: newKey(), body: 'I am staff', senderId: agent.id, senderType: 'admin' };
      expect((await guestSocket.refused('message.send', claim)).code).toBe('validation.failed');
      for (const event of ['guestJoin', 'agentLogin', 'authMessage', 'user:join']) {
        expect((await guestSocket.refused(event, { userId: agent.id })).code).toBe('event.unknown');
      }
    });

    it('A11 A16 lets a guest come without an account, and refuses a user it does not know', async () => {
      const { status, body } = await as(undefined, 'POST', '/api/auth/guest', { business: shop.slug, name: 'Gwen' });
      expect([status, body.user.role]).toEqual([201, 'guest']);
      expect((await login(`nobody-${newKey()}@mail.example`)).body.code).toBe('auth.invalid_credentials');
      expect((await as(shop.admin, 'POST', '/api/rooms', { customerId: newKey() })).body.code).toBe('user.not_found');
    });

    it('A14 J7 J8 keeps each login as a session that is listed, validated, revoked within 2 s, and forgotten', async () => {
      const { email, ...first } = await buildCustomer(url, shop);
      const second = (await login(email)).body.accessToken as string;
      const socket = await connect(url, second);
      const sid = readToken(second).sid as string;
      expect(idsOf(await as(first, 'GET', '/api/auth/sessions'))).toContain(sid);
      const since = Date.now();
      expect((await as(first, 'DELETE', `/api/auth/sessions/${sid}`)).status).toBe(204);
      await socket.disconnected;
      expect(Date.now() - since).toBeLessThan(2_000);
      await app.sql("UPDATE session SET ended_at = now() - interval '400 days', created_at = now() - interval '401 days' WHERE id = $1", [
        sid,
      ]);
      await app.app.get(Chores).run('old-sessions');
      expect(await app.sql('SELECT id FROM session WHERE id = $1', [sid])).toEqual([]);
    });

    it('A15 stores passwords as bcrypt hashes alone', async () => {
      const { id } = await buildCustomer(url, shop);
      const [row] = await app.sql<{ hash: string }>('SELECT password_hash AS hash FROM "user" WHERE id = $1', [id]);
      expect(row?.hash).toMatch(/^\$2[aby]\$\d\d\$[./\w]{53}$/);
    });

    it('A17 J16 makes a demo business with an admin and an agent on an empty database, and the README walks through it', async () => {
      expect(demo?.people.map(({ role }) => role)).toEqual(['admin', 'agent']);
      for (const { email, password } of demo?.people ?? []) {
        expect((await as(undefined, 'POST', '/api/auth/login', { email, password })).status).toBe(200);
      }
      expect(readFileSync('README.md', 'utf8')).toContain('## The first conversation');
    });
  });

  describe('roles', () => {
    it('B1 B6 has the roles guest, customer, agent and admin, the lowest by default', async () => {
      const [guest, customer, agent] = [await buildGuest(url, shop), await buildCustomer(url, shop), await buildAgent(url, shop)];
      const people = [guest, customer, agent, shop.admin];
      const roles = await Promise.all(people.map(async (person) => (await as(person, 'GET', '/api/auth/me')).body.role as string));
      expect(roles).toEqual(['guest', 'customer', 'agent', 'admin']);
    });

    it('B2 B3 B4 B7 lets customers open and write, staff close, and admins see the figures', async () => {
      const customer = await buildCustomer(url, shop);
      const { room } = await buildRoom(url, shop, customer);
      await say(url, customer, room.id, 'Hello');
      const agent = await buildAgent(url, shop);
      expect((await as(customer, 'DELETE', `/api/rooms/${room.id}`)).body.code).toBe('access.denied');
      expect((await as(agent, 'DELETE', `/api/rooms/${room.id}`)).body.status).toBe('closed');
      expect((await as(agent, 'GET', '/api/reports/overview')).body.code).toBe('access.denied');
      expect((await as(shop.admin, 'GET', '/api/reports/overview')).status).toBe(200);
    });

    it('B5 shows customers their own rooms, agents those of their scope, admins all', async () => {
      const business = await buildBusiness(url);
      const [agent, other] = [await buildAgent(url, business), await buildAgent(url, business)];
      const [{ room: mine, guest }, { room: theirs }] = [await buildRoom(url, business), await buildRoom(url, business)];
      await as(agent, 'POST', `/api/rooms/${mine.id}/claim`);
      await as(other, 'POST', `/api/rooms/${theirs.id}/claim`);
      const seen = async (by: Person): Promise<string[]> => idsOf(await as(by, 'GET', '/api/rooms')).sort();
      expect(await seen(guest)).toEqual([mine.id]);
      expect(await seen(agent)).toEqual([mine.id, theirs.id].sort());
      await setUp(url, business, { agentScope: 'own' });
      expect(
        await until(
          () => seen(agent),
          (ids) => ids.length === 1,
        ),
      ).toEqual([mine.id]);
      expect(await seen(business.admin)).toEqual([mine.id, theirs.id].sort());
    });

    it('B8 gives each role the same rights over both doors', async () => {
      const { roomId, guest, guestSocket } = await buildTalk(url, shop);
      expect((await as(guest, 'POST', `/api/rooms/${roomId}/claim`)).body.code).toBe('access.denied');
      expect((await guestSocket.refused('room.claim', { roomId })).code).toBe('access.denied');
    });
  });

  describe('rooms', () => {
    it('C1 shows nothing of one business to another', async () => {
      const { room } = await buildRoom(url, shop);
      const stranger = await buildAgent(url, await buildBusiness(url));
      const [foreign, unknown] = [await as(stranger, 'GET', `/api/rooms/${room.id}`), await as(stranger, 'GET', `/api/rooms/${newKey()}`)];
      const bare = ({ requestId: _, ...problem }: Record<string, unknown>): unknown => problem;
      expect(bare(foreign.body)).toEqual(bare(unknown.body));
    });

    it('C2 keeps what a room does otherwise than its business, with who set it and when', async () => {
      const agent = await buildAgent(url, shop);
      const { room } = await buildRoom(url, shop);
      const overrides = { aiEnabled: true, routingMode: 'auto', pinnedAgentId: agent.id, language: 'de' };
      const { body } = await as(agent, 'PATCH', `/api/rooms/${room.id}`, { overrides });
      const set = (value: unknown): unknown => ({ value, by: agent.id, at: expect.stringMatching(/Z$/) as string });
      expect(body.overrides).toEqual(Object.fromEntries(Object.entries(overrides).map(([name, value]) => [name, set(value)])));
      const nothing = { aiEnabled: null, routingMode: null, pinnedAgentId: null, language: null };
      expect((await as(agent, 'PATCH', `/api/rooms/${room.id}`, { overrides: nothing })).body.overrides).toEqual({});
    });

    it('C3 F10 switches the AI of a room, for staff alone and over both doors', async () => {
      const { roomId, agent, agentSocket, guestSocket } = await buildTalk(url, shop);
      expect((await agentSocket.call('ai.toggle', { roomId, enabled: true })).aiEnabled).toBe(true);
      expect((await guestSocket.waitFor<Message>('message.created', ({ activity }) => activity?.type === 'ai_enabled')).stream).toBe(
        'public',
      );
      expect((await as(agent, 'PATCH', `/api/rooms/${roomId}`, { aiEnabled: false })).body.aiEnabled).toBe(false);
      expect((await guestSocket.refused('ai.toggle', { roomId, enabled: true })).code).toBe('access.denied');
    });

    it('C4 C5 makes one room, by a call or by the first message, also when both doors are used at once', async () => {
      const guest = await buildGuest(url, shop);
      const socket = await connect(url, guest.token);
      const answers = await Promise.all([
        as(guest, 'POST', '/api/rooms', {}).then(({ body }) => body.id as string),
        socket.call('room.open').then(({ id }) => id as string),
        socket.call('message.send', { clientMessageId: newKey(), body: 'Hello' }).then(({ roomId }) => roomId as string),
      ]);
      expect(new Set(answers).size).toBe(1);
    });

    it('C6 C7 C8 F11 lists the own, the assigned and all rooms, over both doors', async () => {
      const business = await buildBusiness(url);
      const agent = await buildAgent(url, business);
      const [{ room: mine, guest }, { room: waiting }] = [await buildRoom(url, business), await buildRoom(url, business)];
      await as(agent, 'POST', `/api/rooms/${mine.id}/claim`);
      expect(idsOf(await as(guest, 'GET', '/api/rooms'))).toEqual([mine.id]);
      expect(idsOf(await as(agent, 'GET', '/api/rooms?assignee=me'))).toEqual([mine.id]);
      const socket = await connect(url, agent.token);
      expect(idsOf({ body: await socket.call('room.list') }).sort()).toEqual([mine.id, waiting.id].sort());
    });

    it('C9 C10 C11 shows one room, gives it each status, and closes it with its history kept', async () => {
      const { roomId, guest, agent } = await buildTalk(url, shop);
      await say(url, guest, roomId, 'Hello');
      const path = `/api/rooms/${roomId}`;
      const snoozedUntil = new Date(Date.now() + 3_600_000).toISOString();
      expect((await as(agent, 'GET', path)).body.status).toBe('open');
      expect((await as(agent, 'PATCH', path, { status: 'pending' })).body.status).toBe('pending');
      expect((await as(agent, 'PATCH', path, { status: 'snoozed', snoozedUntil })).body).toMatchObject({ status: 'snoozed', snoozedUntil });
      expect((await as(agent, 'DELETE', path)).body.status).toBe('closed');
      expect((await as(guest, 'GET', `${path}/messages`)).body.items[0].body).toBe('Hello');
    });

    it('C12 F2 F3 G7 tells who joins a room and who leaves it', async () => {
      const { roomId, agentSocket } = await buildTalk(url, shop);
      const colleague = await buildAgent(url, shop);
      const socket = await connect(url, colleague.token);
      await socket.call('room.join', { roomId });
      const isColleague = ({ user }: { user: { id: string } }): boolean => user.id === colleague.id;
      await agentSocket.waitFor('room.member_joined', isColleague);
      await socket.call('room.leave', { roomId });
      await agentSocket.waitFor('room.member_left', isColleague);
    });

    it('C13 C14 C15 C16 assigns, transfers, and gives waiting rooms to the agent who is there and has least to do', async () => {
      const business = await buildBusiness(url);
      const [busy, idle] = [await buildAgent(url, business), await buildAgent(url, business)];
      const { room } = await buildRoom(url, business);
      const path = `/api/rooms/${room.id}`;
      expect((await as(business.admin, 'POST', `${path}/assign`, { agentId: idle.id })).body.assignee.id).toBe(idle.id);
      expect((await as(idle, 'POST', `${path}/transfer`, { agentId: busy.id })).body.assignee.id).toBe(busy.id);
      await Promise.all([connect(url, busy.token), connect(url, idle.token)]);
      await setUp(url, business, { routing: { mode: 'auto' } });
      const { room: next } = await buildRoom(url, business);
      const given = await until(
        async () => (await as(business.admin, 'GET', `/api/rooms/${next.id}`)).body as StaffRoom,
        ({ assignee }) => assignee !== null,
      );
      expect(given.assignee?.id).toBe(idle.id);
    });

    it('C17 counts rooms, messages and times', async () => {
      const business = await buildBusiness(url);
      const { room, guest } = await buildRoom(url, business);
      await say(url, guest, room.id, 'Hello');
      const overview = await until(
        async () => (await as(business.admin, 'GET', '/api/reports/overview')).body as { rooms: object; messages: number },
        ({ messages }) => messages === 1,
      );
      expect(overview.rooms).toEqual({ opened: 1, closed: 0, open: 1 });
    });

    it('C18 D4 counts what is unread, in each room and in all', async () => {
      const { roomId, guest, agent } = await buildTalk(url, shop);
      await as(agent, 'POST', `/api/rooms/${roomId}/claim`);
      await say(url, guest, roomId, 'One');
      await say(url, guest, roomId, 'Two');
      expect((await as(agent, 'GET', `/api/rooms/${roomId}`)).body.unread).toBe(2);
      expect((await as(agent, 'GET', '/api/rooms/unread')).body).toEqual({ rooms: 1, messages: 2 });
    });
  });

  describe('messages and files', () => {
    it('D1 D11 F12 G8 keeps the history, and gives it by both doors and when a room is joined', async () => {
      const { roomId, guest, agentSocket } = await buildTalk(url, shop);
      const { id } = await say(url, guest, roomId, 'Hello');
      expect(idsOf(await as(guest, 'GET', `/api/rooms/${roomId}/messages`))).toEqual([id]);
      expect(idsOf({ body: await agentSocket.call('message.list', { roomId }) })).toEqual([id]);
      const late = await connect(url, guest.token);
      expect((await late.call('room.join', { roomId })).entries.map((entry: Message) => entry.id)).toEqual([id]);
    });

    it('D2 F4 G1 sends over either door, once, and tells the others', async () => {
      const { roomId, guest, guestSocket, agentSocket } = await buildTalk(url, shop);
      const draft = { clientMessageId: newKey(), body: 'Hello' };
      const sent = await guestSocket.call<Message>('message.send', { roomId, ...draft });
      const again = await as(guest, 'POST', `/api/rooms/${roomId}/messages`, draft);
      expect([again.status, again.body]).toEqual([200, sent]);
      await agentSocket.waitFor<Message>('message.created', ({ id }) => id === sent.id);
      expect(agentSocket.all('message.created')).toHaveLength(1);
    });

    it('D3 D8 F6 F7 G2 G3 tells what was delivered and what was read', async () => {
      const { roomId, guestSocket, agentSocket, agent } = await buildTalk(url, shop);
      await agentSocket.call('room.claim', { roomId });
      const { seq } = await guestSocket.call<Message>('message.send', { roomId, clientMessageId: newKey(), body: 'Hello' });
      await agentSocket.call('message.mark', { roomId, delivered: seq });
      await guestSocket.waitFor('room.marked', (mark: any) => mark.userId === agent.id && mark.deliveredSeq === seq && mark.readSeq < seq);
      expect((await as(agent, 'POST', `/api/rooms/${roomId}/marks`, { read: seq })).body).toEqual({ deliveredSeq: seq, readSeq: seq });
      await guestSocket.waitFor('room.marked', (mark: any) => mark.userId === agent.id && mark.readSeq === seq);
    });

    it('D5 searches in a room', async () => {
      const { roomId, guest } = await buildTalk(url, shop);
      await say(url, guest, roomId, 'Where is my parcel?');
      await say(url, guest, roomId, 'Never mind');
      const { items } = await until(
        async () => (await as(guest, 'GET', `/api/rooms/${roomId}/messages/search?q=parcel`)).body as { items: any[] },
        (found) => found.items.length > 0,
      );
      expect(items.map(({ message, highlight }) => [message.body, highlight])).toEqual([
        ['Where is my parcel?', expect.stringContaining('<mark>parcel</mark>')],
      ]);
    });

    it('D6 D7 edits and deletes, and staff see how it was before', async () => {
      const { roomId, guest, agent, guestSocket } = await buildTalk(url, shop);
      const { id: messageId } = await say(url, guest, roomId, 'Wrnog');
      const path = `/api/rooms/${roomId}/messages/${messageId}`;
      expect((await as(guest, 'PATCH', path, { body: 'Right' })).body).toMatchObject({ body: 'Right', editedAt: expect.any(String) });
      expect(JSON.stringify((await as(agent, 'GET', `${path}/edits`)).body)).toContain('Wrnog');
      expect((await as(guest, 'GET', `${path}/edits`)).body.code).toBe('access.denied');
      expect(await guestSocket.call('message.delete', { roomId, messageId })).toMatchObject({ body: null, deletedAt: expect.any(String) });
    });

    it('D9 D12 D13 D14 takes texts, pictures and files, and gives them to who may read the room', async () => {
      const { roomId, guest, agent } = await buildTalk(url, shop);
      const stranger = await buildGuest(url, shop);
      const { status, body: file } = await tryUpload(url, guest, roomId, { ...(await picture('png', 2, 2)), name: 'red.png' });
      expect([status, file.mime, file.width]).toEqual([201, 'image/png', 2]);
      const sent = await as(guest, 'POST', `/api/rooms/${roomId}/messages`, { clientMessageId: newKey(), attachmentIds: [file.id] });
      expect([sent.body.kind, sent.body.attachments[0].name]).toEqual(['image', 'red.png']);
      const text = await tryUpload(url, guest, roomId, note('Order 7'));
      const other = { clientMessageId: newKey(), body: 'This one', attachmentIds: [text.body.id] };
      expect((await as(guest, 'POST', `/api/rooms/${roomId}/messages`, other)).body.kind).toBe('file');
      const get = (by: Person): Promise<Response> =>
        fetch(`${url}/api/uploads/${file.id as string}`, { headers: { Authorization: `Bearer ${by.token}` } });
      expect((await get(agent)).status).toBe(200);
      expect((await get(stranger)).status).toBe(404);
      expect((await tryUpload(url, guest, roomId, { name: 'x.svg', bytes: '<svg xmlns="http://www.w3.org/2000/svg"/>' })).body.code).toBe(
        'upload.type_refused',
      );
      expect((await tryUpload(url, guest, roomId, { name: 'big.txt', bytes: Buffer.alloc(10_485_761) })).body.code).toBe(
        'upload.too_large',
      );
    });

    it('D10 tells an agent who is mentioned, and lists it', async () => {
      const { roomId, agent, guestSocket } = await buildTalk(url, shop);
      const colleague = await buildAgent(url, shop);
      const socket = await connect(url, colleague.token);
      const draft = { clientMessageId: newKey(), body: 'Can you look?', stream: 'internal', mentions: [colleague.id] };
      const { body: sent } = await as(agent, 'POST', `/api/rooms/${roomId}/messages`, draft);
      await socket.waitFor('mention.created', ({ message }: any) => message.id === sent.id);
      expect((await as(colleague, 'GET', '/api/mentions')).body.items.map(({ message }: any) => message.id)).toEqual([sent.id]);
      expect(JSON.stringify(guestSocket.heard)).not.toContain('Can you look?');
    });
  });

  describe('signals', () => {
    it('F5 G4 H8 shows who is writing, ends it by itself, and stores nothing of it', async () => {
      const { roomId, guestSocket, agentSocket, guest } = await buildTalk(url, shop);
      await guestSocket.call('typing.start', { roomId });
      await agentSocket.waitFor('typing.started', ({ user }: any) => user.id === guest.id);
      await agentSocket.waitFor('typing.stopped', ({ user }: any) => user.id === guest.id, 8_000);
      expect(await app.sql("SELECT 1 FROM pg_tables WHERE tablename LIKE '%typing%'")).toEqual([]);
    });

    it('F8 F9 G5 G6 H6 renews last seen, pushes presence, and holds it as a lease', async () => {
      const [agent, colleague] = [await buildAgent(url, shop), await buildAgent(url, shop)];
      const watching = await connect(url, colleague.token);
      const socket = await connect(url, agent.token);
      await watching.waitFor('presence.changed', ({ userId, status }: any) => userId === agent.id && status === 'online');
      expect(await socket.call('presence.heartbeat')).toMatchObject({ userId: agent.id, status: 'online', lastSeenAt: expect.any(String) });
      expect(await app.sql('SELECT 1 FROM presence_lease WHERE user_id = $1 AND expires_at > now()', [agent.id])).toHaveLength(1);
    });

    it('G9 J5 J10 says what was wrong in one shape, over both doors', async () => {
      const { roomId, guest, guestSocket } = await buildTalk(url, shop);
      const { body } = await as(guest, 'POST', `/api/rooms/${roomId}/messages`, { clientMessageId: 'x', body: 1 });
      const error = await guestSocket.refused('message.send', { roomId, clientMessageId: 'x', body: 1 });
      expect([body.code, body.errors, body.retryable]).toEqual([error.code, error.errors, error.retryable]);
      expect(error.errors?.map(({ path }) => path).sort()).toEqual(['body', 'clientMessageId']);
    });
  });

  describe('settings and operation', () => {
    it('I1 I2 I3 I4 I5 I6 I7 I8 reads every setting in one place, names each in .env.example, and refuses a weak secret', () => {
      const promised = ['DATABASE_URL', 'PORT', 'NODE_ENV', 'JWT_ACCESS_SECRET', 'JWT_ACCESS_EXPIRES_IN', 'CORS_ORIGIN', 'REDIS_URL'];
      expect(SETTING_NAMES).toEqual(expect.arrayContaining([...promised, 'REFRESH_EXPIRES_IN', 'UPLOAD_DIR', 'MAX_FILE_SIZE', 'S3_URL']));
      const example = readFileSync('.env.example', 'utf8');
      expect(SETTING_NAMES.filter((name) => !example.includes(`# ${name}=`))).toEqual([]);
      const { faults } = checkEnv({ NODE_ENV: 'production', DATABASE_URL: 'postgres://db/x', JWT_ACCESS_SECRET: 'changeme' });
      expect(faults).toEqual([expect.stringContaining('JWT_ACCESS_SECRET')]);
      expect(readEnv({}).PORT).toBe(3000);
    });

    it('I9 speaks websocket and polling', async () => {
      const guest = await buildGuest(url, shop);
      for (const transport of ['websocket', 'polling']) {
        const socket = await connect(url, guest.token, { transports: [transport], upgrade: false });
        expect(socket.raw.io.engine.transport.name).toBe(transport);
        expect(await socket.call('room.open')).toMatchObject({ customer: { id: guest.id } });
      }
    });

    it('J1 answers how it is at three paths', async () => {
      expect((await as(undefined, 'GET', '/')).body.status).toBe('ok');
      for (const path of ['/health', '/api/health']) {
        expect((await as(undefined, 'GET', path)).body).toMatchObject({
          status: 'ok',
          uptime: expect.any(Number),
          version: expect.any(String),
        });
      }
    });

    it('J2 J3 J4 sends security headers, lets only known origins in, and limits how often', async () => {
      const { headers } = await rest(url, 'GET', '/health');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect((await rest(url, 'GET', '/health', { headers: { Origin: 'https://evil.example' } })).body.code).toBe('origin.denied');
      const strict = await startApp({ RATE_LIMIT_FACTOR: '1' });
      const tries = [...Array(11)].map(() => rest(strict.url, 'POST', '/api/auth/guest', { body: { business: 'none' } }));
      const codes = (await Promise.all(tries)).map(({ body }) => body.code as string);
      await strict.close();
      expect(codes.filter((code) => code === 'rate.limited')).toHaveLength(1);
    });

    it('J6 J14 finds by indexes, and makes its schema by migrations', async () => {
      const [done] = await app.sql<{ count: number }>('SELECT count(*)::integer AS count FROM migrations');
      expect(done?.count).toBeGreaterThan(10);
      const bare = await app.sql(
        `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname <> 'migrations'
            AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)`,
      );
      expect(bare).toEqual([]);
    });

    it('J9 logs one line of JSON for each request, without secrets', async () => {
      const guest = await buildGuest(url, shop);
      await as(guest, 'GET', '/api/auth/me');
      const line = app.log.map((text) => JSON.parse(text) as { req?: { path: string } }).find(({ req }) => req?.path === '/api/auth/me');
      expect(line).toBeDefined();
      expect(app.log.join('')).not.toContain(guest.token);
    });

    it('J12 J13 comes with containers for production and development, and a check-list', () => {
      for (const file of ['Dockerfile', 'docker-compose.yml', 'docker-compose.dev.yml', 'docs/deploy.md'])
        expect(existsSync(file)).toBe(true);
      for (const file of ['docker-compose.yml', 'docker-compose.dev.yml'])
        for (const part of ['  postgres:', '  redis:', 'REDIS_URL: redis://']) expect(readFileSync(file, 'utf8')).toContain(part);
      expect(readFileSync('Dockerfile', 'utf8')).toContain('USER node');
    });

    it('J17 runs on one server without Redis, and says how that one is when it is set', async () => {
      expect((await as(undefined, 'GET', '/health')).body.checks.redis).toBeUndefined();
      expect(readFileSync('docs/deploy.md', 'utf8')).toContain('REDIS_URL');
    });

    it('K9 exports a conversation, to its customer without what staff wrote among themselves', async () => {
      const { roomId, guest, agent } = await buildTalk(url, shop);
      await say(url, guest, roomId, '=1+1');
      await say(url, agent, roomId, 'Difficult one', 'internal');
      const get = async (by: Person, format: string): Promise<string> =>
        (await fetch(`${url}/api/rooms/${roomId}/export?format=${format}`, { headers: { Authorization: `Bearer ${by.token}` } })).text();
      for (const format of ['json', 'csv', 'txt', 'html']) {
        expect(await get(guest, format)).not.toContain('Difficult one');
        expect(await get(agent, format)).toContain('Difficult one');
      }
      expect(await get(guest, 'csv')).toContain("'=1+1");
    });
  });
});
