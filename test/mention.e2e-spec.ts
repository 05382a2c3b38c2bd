import type { Mention } from '../src/contract/mention.js';
import type { Message } from '../src/contract/message.js';
import { startApp, type TestApp } from './support/app.js';
import { buildAgent, buildBusiness, buildRoom, newKey, say, setUp, type Person, type Tenant } from './support/factories.js';
import { rest, type Answer } from './support/rest.js';
import { closeSockets, connect, type TestSocket } from './support/socket.js';

describe('what staff say among themselves', () => {
  let app: TestApp;
  let second: TestApp;
  let shop: Tenant;
  let agent: Person;
  let colleague: Person;
  let guest: Person;
  let roomId: string;

  beforeAll(async () => {
    app = await startApp();
    second = await startApp({}, app.databaseUrl);
  });
  beforeEach(async () => {
    shop = await buildBusiness(app.url);
    [agent, colleague] = [await buildAgent(app.url, shop), await buildAgent(app.url, shop)];
    const built = await buildRoom(app.url, shop);
    [guest, roomId] = [built.guest, built.room.id];
  });
  afterEach(closeSockets);
  afterAll(async () => {
    await second.close();
    await app.close();
  });

  const send = (as: Person, body: Record<string, unknown>, room = roomId): Promise<Answer> =>
    rest(app.url, 'POST', `/api/rooms/${room}/messages`, { token: as.token, body: { clientMessageId: newKey(), body: 'Look', ...body } });
  const listed = async (as: Person, query = ''): Promise<string[]> =>
    (await rest(app.url, 'GET', `/api/mentions${query}`, { token: as.token })).body.items.map(({ message }: Mention) => message.id);
  const claim = (as: Person, room = roomId): Promise<Answer> => rest(app.url, 'POST', `/api/rooms/${room}/claim`, { token: as.token });
  const assign = (agentId: string | null): Promise<Answer> =>
    rest(app.url, 'POST', `/api/rooms/${roomId}/assign`, { token: shop.admin.token, body: { agentId } });
  const heardBy = (socket: TestSocket): string[] => socket.all<Mention>('mention.created').map(({ message }) => message.id);
  /** Two sweeps, after which nothing more is to be told. */
  const settled = (): Promise<unknown> => new Promise((done) => setTimeout(done, 4_200));

  describe('D10 a mention', () => {
    it('reaches every socket of the agent on every node, once, joined or not', async () => {
      const sockets = [await connect(app.url, colleague.token), await connect(app.url, colleague.token)];
      const away = await connect(second.url, colleague.token);
      const others = [
        await connect(app.url, agent.token),
        await connect(second.url, shop.admin.token),
        await connect(app.url, guest.token),
      ];
      const draft = { clientMessageId: newKey(), stream: 'internal', mentions: [colleague.id, agent.id] };
      const { body: message } = await send(agent, draft);
      expect((await send(agent, draft)).status).toBe(200);
      for (const socket of [...sockets, away]) {
        const told = await socket.waitFor<Mention>('mention.created');
        expect(told.message).toEqual(message);
        expect(told.room).toMatchObject({ id: roomId, internalLastSeq: 1, customer: { id: guest.id, email: null } });
        expect(told.room).not.toHaveProperty('unread');
      }
      await settled();
      expect([...sockets, away, ...others].map(heardBy)).toEqual([[message.id], [message.id], [message.id], [], [], []]);
      expect([await listed(colleague), await listed(agent)]).toEqual([[message.id], []]);
    });

    it('A25 is nothing to who does not reach the room, until it does', async () => {
      await claim(agent);
      await setUp(app.url, shop, { agentScope: 'own' });
      const socket = await connect(app.url, colleague.token);
      const { body: message } = await send(agent, { stream: 'internal', mentions: [colleague.id] });
      await settled();
      expect([heardBy(socket), await listed(colleague)]).toEqual([[], []]);
      await assign(colleague.id);
      expect(await listed(colleague)).toEqual([message.id]);
      await assign(agent.id);
      expect(await listed(colleague)).toEqual([]);
    });

    it('is listed in pages, the newest first, as it is now', async () => {
      const ids: string[] = [];
      for (const body of ['one', 'two', 'three']) ids.unshift((await send(agent, { body, mentions: [colleague.id] })).body.id);
      const foreign = await buildBusiness(app.url);
      const [their, abroad] = [await buildRoom(app.url, foreign), await buildAgent(app.url, foreign)];
      await send(foreign.admin, { mentions: [abroad.id] }, their.room.id);
      const page = await rest(app.url, 'GET', '/api/mentions?limit=2', { token: colleague.token });
      expect(page.body.items[0]).toMatchObject({ message: { body: 'three', stream: 'public' }, room: { id: roomId, unread: 3 } });
      expect([...page.body.items.map(({ message }: Mention) => message.id)]).toEqual(ids.slice(0, 2));
      expect(await listed(colleague, `?limit=2&cursor=${page.body.nextCursor}`)).toEqual(ids.slice(2));
      await rest(app.url, 'DELETE', `/api/rooms/${roomId}/messages/${ids[1]}`, { token: agent.token });
      expect(await listed(colleague)).toEqual([ids[0], ids[2]]);
      for (const query of ['?cursor=x', '?limit=0', '?limit=201', '?q=a', '?cursor=WyIxIl0']) {
        expect([query, (await rest(app.url, 'GET', `/api/mentions${query}`, { token: colleague.token })).body.code]).toEqual([
          query,
          'validation.failed',
        ]);
      }
      expect((await rest(app.url, 'GET', '/api/mentions', { token: guest.token })).body.code).toBe('access.denied');
    });

    it('A22 A23 is of staff of the business who can read it, and of a customer only of its own agent', async () => {
      const foreign = await buildAgent(app.url, await buildBusiness(app.url));
      const gone = await buildAgent(app.url, shop);
      await rest(app.url, 'DELETE', `/api/agents/${gone.id}`, { token: shop.admin.token });
      await claim(agent);
      for (const [as, id] of [
        ...[foreign.id, gone.id, guest.id, newKey()].map((id) => [agent, id] as const),
        ...[foreign.id, gone.id, colleague.id, guest.id].map((id) => [guest, id] as const),
      ]) {
        const answer = await send(as, { mentions: [id] });
        expect([answer.status, answer.body.code]).toEqual([404, 'user.not_found']);
        expect((await send(as, { mentions: [agent.id, id] })).body.code).toBe('user.not_found');
      }
      for (const mentions of ['x', [1], [{}], [agent.id, agent.id], Array.from({ length: 21 }, newKey)]) {
        expect((await send(agent, { mentions })).body.code).toBe('validation.failed');
      }
      const history = await rest(app.url, 'GET', `/api/rooms/${roomId}/messages`, { token: guest.token });
      expect(history.body.items.map(({ kind }: Message) => kind)).toEqual(['activity']);
      const socket = await connect(app.url, agent.token);
      const { body } = await send(guest, { mentions: [agent.id] });
      expect((await socket.waitFor<Mention>('mention.created')).message).toEqual(body);
      expect(await app.sql('SELECT 1 FROM mention')).not.toHaveLength(0);
    });
  });

  describe('N30 a reply', () => {
    it('names a message of the same room that its sender may read, of either stream', async () => {
      const [first, note] = [await say(app.url, guest, roomId, 'Hello'), await say(app.url, agent, roomId, 'A note', 'internal')];
      expect((await send(agent, { replyTo: first.id })).body).toMatchObject({ replyTo: first.id, stream: 'public' });
      expect((await send(guest, { replyTo: first.id.toUpperCase() })).body.replyTo).toBe(first.id);
      for (const { id } of [first, note]) {
        expect((await send(colleague, { replyTo: id, stream: 'internal' })).body).toMatchObject({ replyTo: id, stream: 'internal' });
      }
      // What it names may go afterwards; the reply stays.
      await rest(app.url, 'DELETE', `/api/rooms/${roomId}/messages/${first.id}`, { token: guest.token });
      const { items } = (await rest(app.url, 'GET', `/api/rooms/${roomId}/messages`, { token: guest.token })).body;
      expect(items.map(({ replyTo }: Message) => replyTo)).toEqual([null, first.id, first.id, null]);
    });

    it('A23 A25 to anything else is refused', async () => {
      const [first, note] = [await say(app.url, guest, roomId, 'Hello'), await say(app.url, agent, roomId, 'A note', 'internal')];
      const elsewhere = await buildRoom(app.url, shop);
      const other = await say(app.url, elsewhere.guest, elsewhere.room.id, 'Hi');
      await claim(agent);
      await rest(app.url, 'PATCH', `/api/rooms/${roomId}/messages/${first.id}`, { token: guest.token, body: { body: 'Hello!' } });
      const { items } = (await rest(app.url, 'GET', `/api/rooms/${roomId}/messages`, { token: guest.token })).body;
      const lines = items.filter(({ kind }: Message) => kind !== 'text').map(({ id }: Message) => id);
      expect(lines).toHaveLength(2);
      const removed = await say(app.url, guest, roomId, 'Never mind');
      await rest(app.url, 'DELETE', `/api/rooms/${roomId}/messages/${removed.id}`, { token: guest.token });
      for (const replyTo of [other.id, removed.id, newKey(), ...lines]) {
        for (const as of [guest, agent]) expect((await send(as, { replyTo })).body.code).toBe('message.not_found');
      }
      expect((await send(guest, { replyTo: note.id })).body.code).toBe('message.not_found');
      expect((await send(agent, { replyTo: note.id })).body).toMatchObject({ code: 'validation.failed', errors: [{ path: 'replyTo' }] });
    });
  });

  describe('D6 the history of a message', () => {
    const edit = (as: Person, id: string, body: string): Promise<Answer> =>
      rest(app.url, 'PATCH', `/api/rooms/${roomId}/messages/${id}`, { token: as.token, body: { body } });
    const versions = (as: Person, id: string, query = '', room = roomId): Promise<Answer> =>
      rest(app.url, 'GET', `/api/rooms/${room}/messages/${id}/edits${query}`, { token: as.token });
    const bodies = async (as: Person, id: string, query = ''): Promise<unknown[]> =>
      (await versions(as, id, query)).body.items.map(({ body }: Message) => body);

    it('shows staff each body, the first one too, and goes with the message', async () => {
      const first = await say(app.url, guest, roomId, 'One');
      expect(await bodies(agent, first.id)).toEqual(['One']);
      for (const body of ['Two', 'Three', 'Three', 'One']) await edit(guest, first.id, body);
      const { body } = await versions(agent, first.id);
      expect(body.items.map((version: Message) => version.body)).toEqual(['One', 'Two', 'Three', 'One']);
      expect(body.items[0]).toEqual({ body: 'One', sender: first.sender, createdAt: first.createdAt });
      expect(body.items.map(({ createdAt }: Message) => createdAt)).toEqual(body.items.map(({ createdAt }: Message) => createdAt).sort());
      const paged = await versions(agent, first.id, '?limit=3');
      expect(paged.body.items).toEqual(body.items.slice(0, 3));
      expect((await versions(agent, first.id, `?limit=3&cursor=${paged.body.nextCursor}`)).body).toEqual({
        items: body.items.slice(3),
        nextCursor: null,
      });
      await rest(app.url, 'DELETE', `/api/rooms/${roomId}/messages/${first.id}`, { token: guest.token });
      expect(await bodies(shop.admin, first.id)).toEqual([null, null, null, null]);
      expect(JSON.stringify(await app.sql('SELECT * FROM message WHERE room_id = $1', [roomId]))).not.toMatch(/One|Two|Three/);
    });

    it('N51 is erased with its author', async () => {
      const canary = `canary-${newKey()}`;
      const first = await say(app.url, guest, roomId, canary);
      await edit(guest, first.id, 'Nothing');
      await rest(app.url, 'DELETE', '/api/auth/me', { token: guest.token });
      expect(await bodies(agent, first.id)).toEqual([null, null]);
      expect(JSON.stringify(await app.sql('SELECT * FROM message WHERE room_id = $1', [roomId]))).not.toContain(canary);
    });

    it('A22 A25 is for staff who reach the room, and of messages of that room', async () => {
      const note = await say(app.url, agent, roomId, 'A note', 'internal');
      await edit(agent, note.id, 'Another');
      expect(await bodies(colleague, note.id)).toEqual(['A note', 'Another']);
      expect((await versions(guest, note.id)).body.code).toBe('access.denied');
      const other = await buildRoom(app.url, shop);
      expect((await versions(agent, note.id, '', other.room.id)).body.code).toBe('message.not_found');
      expect((await versions(agent, newKey())).body.code).toBe('message.not_found');
      await claim(agent);
      const { items } = (await rest(app.url, 'GET', `/api/rooms/${roomId}/messages`, { token: agent.token })).body;
      expect((await versions(agent, items[0].id)).body.code).toBe('message.not_found');
      await setUp(app.url, shop, { agentScope: 'own' });
      const foreign = await buildAgent(app.url, await buildBusiness(app.url));
      for (const as of [colleague, foreign]) expect((await versions(as, note.id)).body.code).toBe('room.not_found');
      expect((await versions(agent, 'x')).body.code).toBe('validation.failed');
      for (const query of ['?cursor=x', '?limit=0', '?cursor=WyI5OTk5OTk5OTk5OSJd']) {
        expect((await versions(agent, note.id, query)).body.code).toBe('validation.failed');
      }
    });

    it('of an edit that another version of the server made lacks only what was not kept', async () => {
      const first = await say(app.url, guest, roomId, 'One');
      await edit(guest, first.id, 'Two');
      await app.sql('UPDATE message SET first_body = NULL WHERE id = $1', [first.id]);
      await edit(guest, first.id, 'Three');
      expect(await bodies(agent, first.id)).toEqual([null, 'Two', 'Three']);
    });
  });

  it('a guest learns nothing of either', async () => {
    const socket = await connect(app.url, guest.token);
    await socket.call('room.join', { roomId });
    const before = socket.heard.length;
    await send(agent, { stream: 'internal', mentions: [colleague.id] });
    await (await connect(app.url, colleague.token)).call('presence.heartbeat');
    await socket.call('presence.heartbeat');
    expect(socket.heard.slice(before).filter(({ event }) => /mention|message|room/.test(event))).toEqual([]);
  });
});
