import type { ChangeActivity, Message } from '../src/contract/message.js';
import { MarkService } from '../src/room/mark.service.js';
import { startApp, type TestApp } from './support/app.js';
import { buildAgent, buildBusiness, buildGuest, buildRoom, buildTalk, newKey, say, type Tenant } from './support/factories.js';
import { rest } from './support/rest.js';
import { closeSockets, connect } from './support/socket.js';

describe('messages', () => {
  let app: TestApp;
  let shop: Tenant;

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  const history = async (token: string, roomId: string, query = ''): Promise<Message[]> =>
    (await rest(app.url, 'GET', `/api/rooms/${roomId}/messages?limit=200${query}`, { token })).body.items;

  it('P5 a guest and an agent hear each other', async () => {
    const { roomId, guestSocket, agentSocket } = await buildTalk(app.url, shop);
    const sent = await guestSocket.call('message.send', { roomId, clientMessageId: newKey(), body: 'Hello' });
    expect(sent).toMatchObject({ seq: 1, stream: 'public', kind: 'text', body: 'Hello', sender: { role: 'guest', name: 'Gwen' } });
    expect(await agentSocket.waitFor('message.created')).toEqual(sent);
    const reply = await agentSocket.call('message.send', { roomId, clientMessageId: newKey(), body: 'Hi there' });
    expect(await guestSocket.waitFor('message.created')).toEqual(reply);
    expect(reply.seq).toBe(2);
    expect(guestSocket.all('message.created')).toEqual([reply]);
  });

  it('P2 A92 one key is one message over both doors, in parallel and again', async () => {
    const { roomId, guest, guestSocket } = await buildTalk(app.url, shop);
    const draft = { clientMessageId: newKey(), body: 'Only once' };
    const bySocket = (): Promise<Message> => guestSocket.call('message.send', { roomId, ...draft });
    const byRest = async (): Promise<Message> =>
      (await rest(app.url, 'POST', `/api/rooms/${roomId}/messages`, { token: guest.token, body: draft })).body;
    const answers = await Promise.all([...Array(10).keys()].map((i) => (i % 2 ? bySocket() : byRest())));
    expect(new Set(answers.map(({ id, seq }) => `${id} ${seq}`)).size).toBe(1);
    expect(await history(guest.token, roomId)).toEqual([answers[0]]);
    const mismatch = await guestSocket.refused('message.send', { roomId, ...draft, body: 'Twice' });
    expect(mismatch.code).toBe('message.idempotency_mismatch');
    const upper = await guestSocket.call('message.send', { roomId, ...draft, clientMessageId: draft.clientMessageId.toUpperCase() });
    expect(upper.id).toBe(answers[0]?.id);
  });

  it('P2 the same key stays the same message after an edit and a deletion, and in another room is another', async () => {
    const { roomId, guest, guestSocket } = await buildTalk(app.url, shop);
    const draft = { clientMessageId: newKey(), body: 'First' };
    const sent = await guestSocket.call('message.send', { roomId, ...draft });
    await guestSocket.call('message.edit', { roomId, messageId: sent.id, body: 'Second' });
    expect(await guestSocket.call('message.send', { roomId, ...draft })).toMatchObject({ id: sent.id, seq: sent.seq, body: 'Second' });
    await guestSocket.call('message.delete', { roomId, messageId: sent.id });
    expect(await guestSocket.call('message.send', { roomId, ...draft })).toMatchObject({ id: sent.id, body: null });
    await guestSocket.call('room.end', { roomId });
    const { room } = await buildRoom(app.url, shop, guest);
    expect((await guestSocket.call('message.send', { roomId: room.id, ...draft })).id).not.toBe(sent.id);
  });

  it('P1 what is stored together reads back as it was said', async () => {
    const { roomId, guest, guestSocket, agentSocket } = await buildTalk(app.url, shop);
    const first = await guestSocket.call<Message>('message.send', { roomId, clientMessageId: newKey(), body: 'First' });
    const bodies = ['say "hi"', 'C:\\dir\\', '\\"', '{a,b}', 'NULL', ' two\nlines ', "it's", 'é 日本 👋', '$1', '日'.repeat(4_000)];
    const sent = await Promise.all(
      bodies.map((body, index) => {
        const [socket, stream] = index % 3 === 2 ? [agentSocket, 'internal'] : [guestSocket, 'public'];
        const replyTo = index % 2 === 0 ? first.id : undefined;
        return socket.call<Message>('message.send', { roomId, clientMessageId: newKey(), body, stream, replyTo });
      }),
    );
    expect(sent.map(({ body }) => body)).toEqual(bodies);
    const stored = [...(await history(shop.admin.token, roomId)), ...(await history(shop.admin.token, roomId, '&stream=internal'))];
    for (const message of sent) expect(stored.find(({ id }) => id === message.id)).toEqual(message);
    expect(await history(guest.token, roomId)).toHaveLength(8);
  });

  it('P3 what one socket sends at once is stored in that order, also when some of it needs a look first', async () => {
    const { roomId, guest, guestSocket } = await buildTalk(app.url, shop);
    const first = await guestSocket.call('message.send', { roomId, clientMessageId: newKey(), body: '0' });
    const bodies = [...Array(120).keys()].map((i) => String(i + 1));
    const sent = await Promise.all(
      bodies.map((body, i) =>
        guestSocket.call<Message>('message.send', {
          ...(i % 7 === 3 ? {} : { roomId }),
          clientMessageId: newKey(),
          body,
          ...(i % 5 === 0 && { replyTo: first.id }),
        }),
      ),
    );
    expect(sent.map(({ seq }) => seq)).toEqual(bodies.map((_, i) => i + 2));
    expect((await history(guest.token, roomId)).map(({ body }) => body)).toEqual(['0', ...bodies]);
  });

  it('P3 many writers leave no gap, and every reader sees the same', async () => {
    const { roomId, guest, agent, guestSocket, agentSocket } = await buildTalk(app.url, shop);
    const third = await connect(app.url, agent.token);
    await third.call('room.join', { roomId });
    await Promise.all(
      [guestSocket, agentSocket, third].flatMap((socket) =>
        [...Array(60).keys()].map((i) => socket.call('message.send', { roomId, clientMessageId: newKey(), body: `word ${i}` })),
      ),
    );
    const stored = await history(guest.token, roomId);
    expect(stored.map(({ seq }) => seq)).toEqual([...Array(180).keys()].map((i) => i + 1));
    // What a socket did not hear it got as the answer to its own sending; what it heard came in order.
    for (const socket of [guestSocket, agentSocket, third]) {
      const heard = socket.all<Message>('message.created').filter(({ kind }) => kind === 'text');
      expect(heard).toHaveLength(120);
      expect(heard.map(({ seq }) => seq)).toEqual(heard.map(({ seq }) => seq).sort((a, b) => a - b));
      for (const message of heard) expect(message).toEqual(stored[message.seq - 1]);
    }
  });

  it('by the time of an ack every lower entry was sent to the sender', async () => {
    const { roomId, guestSocket, agentSocket } = await buildTalk(app.url, shop);
    for (let i = 0; i < 20; i++) {
      const [, ack] = await Promise.all([
        guestSocket.call('message.send', { roomId, clientMessageId: newKey(), body: 'a' }),
        agentSocket.ask('message.send', { roomId, clientMessageId: newKey(), body: 'b' }).then((answer) => ({
          seq: answer.ok ? answer.data.seq : 0,
          heard: agentSocket.all<Message>('message.created').map(({ seq }) => seq),
        })),
      ]);
      if (ack.seq === 2 * i + 2) expect(ack.heard).toContain(2 * i + 1);
    }
  });

  it('the first message of a guest makes the room, once', async () => {
    const guest = await buildGuest(app.url, shop);
    const [one, two] = await Promise.all([connect(app.url, guest.token), connect(app.url, guest.token)]);
    const draft = { clientMessageId: newKey(), body: 'Anybody there?' };
    const sent = await Promise.all([one, two, one].map((socket) => socket.call<Message>('message.send', draft)));
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
    const { body: list } = await rest(app.url, 'GET', '/api/rooms', { token: guest.token });
    expect(list.items.map(({ id }: { id: string }) => id)).toEqual([sent[0]?.roomId]);
    // Joined by it: the answer comes without asking for it.
    const agent = await buildAgent(app.url, shop);
    const reply = await say(app.url, agent, sent[0]?.roomId as string, 'Yes');
    expect(await one.waitFor('message.created', ({ id }) => id === reply.id)).toEqual(reply);
    const staffSocket = await connect(app.url, agent.token);
    expect((await staffSocket.refused('message.send', { clientMessageId: newKey(), body: 'x' })).errors).toEqual([
      { path: 'roomId', message: 'must be given by staff' },
    ]);
  });

  it('a first message that points to something makes no room, since nothing can be in it yet', async () => {
    const guest = await buildGuest(app.url, shop);
    const socket = await connect(app.url, guest.token);
    for (const [pointer, code] of [
      [{ replyTo: newKey() }, 'message.not_found'],
      [{ mentions: [shop.admin.id] }, 'user.not_found'],
      [{ attachmentIds: [newKey()] }, 'upload.not_found'],
    ] as const) {
      expect(await socket.refused('message.send', { clientMessageId: newKey(), body: 'Look', ...pointer })).toMatchObject({ code });
    }
    expect((await rest(app.url, 'GET', '/api/rooms', { token: guest.token })).body.items).toEqual([]);
  });

  it('two first messages at once make one room, also where a customer may have several', async () => {
    const many = await buildBusiness(app.url);
    await rest(app.url, 'PATCH', '/api/business', { token: many.admin.token, body: { settings: { multipleRooms: true } } });
    const guest = await buildGuest(app.url, many);
    const sockets = await Promise.all([0, 1, 2].map(() => connect(app.url, guest.token)));
    const sent = await Promise.all(
      sockets.map((socket) => socket.call<Message>('message.send', { clientMessageId: newKey(), body: 'Hi' })),
    );
    expect(new Set(sent.map(({ roomId }) => roomId)).size).toBe(1);
    const opened = await Promise.all([0, 1].map(() => rest(app.url, 'POST', '/api/rooms', { token: guest.token, body: {} })));
    expect(opened.map(({ status }) => status)).toEqual([201, 201]);
  });

  it('P4 a reader that was away gets all of it, in pages, and starts over where the server knows less', async () => {
    const { roomId, guest, agent, guestSocket } = await buildTalk(app.url, shop);
    const { epoch } = await guestSocket.call('room.get', { roomId });
    guestSocket.close();
    for (let i = 1; i <= 25; i++) await say(app.url, agent, roomId, `m${i}`);
    await say(app.url, agent, roomId, 'note', 'internal');
    const back = await connect(app.url, guest.token);
    const joined = await back.call('room.join', { roomId, after: { epoch, public: 3 }, limit: 10 });
    expect(joined).toMatchObject({ hasMore: true, reset: false });
    let applied: number[] = joined.entries.map(({ seq }: Message) => seq);
    for (let hasMore = true; hasMore;) {
      const page = await back.call('room.sync', { roomId, after: { epoch, public: applied.at(-1) }, limit: 10 });
      applied = [...applied, ...page.entries.map(({ seq }: Message) => seq)];
      hasMore = page.hasMore;
    }
    expect(applied).toEqual([...Array(22).keys()].map((i) => i + 4));
    const beyond = await back.call('room.sync', { roomId, after: { public: 26 }, limit: 5 });
    expect(beyond).toMatchObject({ reset: true, hasMore: true });
    expect(beyond.entries.map(({ seq }: Message) => seq)).toEqual([21, 22, 23, 24, 25]);
    const otherLife = await back.call('room.sync', { roomId, after: { epoch: newKey(), public: 3 }, limit: 5 });
    expect(otherLife.reset).toBe(true);
    expect(await back.call('room.sync', { roomId, after: { public: 25 } })).toEqual({ entries: [], hasMore: false, reset: false });
    expect((await back.refused('room.sync', { roomId, after: { internal: 0 } })).code).toBe('access.denied');
  });

  it('P4 staff catch up on both streams, the one not named as without a position', async () => {
    const { roomId, agent, agentSocket } = await buildTalk(app.url, shop);
    for (let i = 1; i <= 3; i++) await say(app.url, agent, roomId, `note ${i}`, 'internal');
    for (let i = 1; i <= 3; i++) await say(app.url, agent, roomId, `word ${i}`);
    const { entries, hasMore } = await agentSocket.call('room.sync', { roomId, after: { public: 1 }, limit: 2 });
    expect(entries.map(({ stream, seq }: Message) => `${stream} ${seq}`)).toEqual(['public 2', 'public 3', 'internal 2', 'internal 3']);
    expect(hasMore).toBe(false);
  });

  it('an edit and a deletion are entries of their own, followed by the new state', async () => {
    const { roomId, guest, guestSocket, agentSocket } = await buildTalk(app.url, shop);
    const sent = await guestSocket.call('message.send', { roomId, clientMessageId: newKey(), body: 'teh' });
    const edited = await guestSocket.call('message.edit', { roomId, messageId: sent.id, body: 'the' });
    expect(edited).toMatchObject({ id: sent.id, seq: 1, body: 'the', editedAt: expect.any(String) });
    expect(await agentSocket.waitFor('message.updated')).toEqual(edited);
    const names = agentSocket.heard.map(({ event }) => event).filter((event) => event.startsWith('message'));
    expect(names).toEqual(['message.created', 'message.created', 'message.updated']);
    expect(agentSocket.all('message.created')[1]).toMatchObject({ kind: 'edit', seq: 2, targetSeq: 1, body: 'the' });
    await guestSocket.call('message.delete', { roomId, messageId: sent.id });
    const entries = await history(guest.token, roomId);
    expect(entries.map(({ kind, body, targetSeq }) => [kind, body, targetSeq])).toEqual([
      ['text', null, null],
      ['edit', null, 1],
      ['deletion', null, 1],
    ]);
    expect(entries[0]?.deletedAt).not.toBeNull();
    expect(entries[1]?.deletedAt).not.toBeNull();
  });

  it('P8 A91 marks never go back and never past the end, and reach whom they may', async () => {
    const { roomId, guest, agent, guestSocket, agentSocket } = await buildTalk(app.url, shop);
    for (let i = 0; i < 5; i++) await say(app.url, guest, roomId, 'x');
    expect(await agentSocket.call('message.mark', { roomId, delivered: 3 })).toEqual({ deliveredSeq: 3, readSeq: 0 });
    expect(await agentSocket.call('message.mark', { roomId, read: 2, delivered: 1 })).toEqual({ deliveredSeq: 3, readSeq: 2 });
    expect(await agentSocket.call('message.mark', { roomId, read: 999 })).toEqual({ deliveredSeq: 5, readSeq: 5 });
    await Promise.all([1, 2, 3, 4].map((read) => agentSocket.call('message.mark', { roomId, read })));
    expect(await agentSocket.call('message.mark', { roomId })).toEqual({ deliveredSeq: 5, readSeq: 5 });
    // Not the assignee: the customer learns nothing of this agent's reading.
    expect(guestSocket.all('room.marked')).toEqual([]);
    expect((await guestSocket.call('room.get', { roomId })).marks).toEqual([{ userId: guest.id, deliveredSeq: 5, readSeq: 5 }]);
    await agentSocket.call('room.claim', { roomId });
    await agentSocket.call('message.mark', { roomId, read: 6 });
    expect(await guestSocket.waitFor('room.marked')).toEqual({ roomId, stream: 'public', userId: agent.id, deliveredSeq: 6, readSeq: 6 });
    expect((await guestSocket.call('room.get', { roomId })).marks).toHaveLength(2);
  });

  it('whoever answers has read what came before, however it was written', async () => {
    const { roomId, guest, agent, guestSocket, agentSocket } = await buildTalk(app.url, shop);
    const agentSays = (): Promise<Message> => agentSocket.call('message.send', { roomId, clientMessageId: newKey(), body: 'x' });
    const guestSays = (body: string, rest: object = {}): Promise<Message> =>
      guestSocket.call('message.send', { roomId, clientMessageId: newKey(), body, ...rest });
    const standsAt = async (seq: number): Promise<void> => {
      const own = { userId: guest.id, deliveredSeq: seq, readSeq: seq };
      expect(await guestSocket.call('room.get', { roomId })).toMatchObject({
        lastSeq: seq,
        unread: 0,
        marks: expect.arrayContaining([own]),
      });
      expect((await agentSocket.call('room.get', { roomId })).marks).toContainEqual(own);
      expect(await guestSocket.call('message.mark', { roomId, read: 1 })).toEqual({ deliveredSeq: seq, readSeq: seq });
      const { userId, deliveredSeq, readSeq } = own;
      expect(await app.app.get(MarkService).of([roomId])).toContainEqual({
        ...{ roomId, stream: 'public', userId, deliveredSeq, readSeq, isCustomerVisible: true },
      });
    };
    // By itself, as one of many, and the long way: in a room that it opens again.
    await agentSays();
    await guestSays('one');
    await standsAt(2);
    await Promise.all([...Array(4).keys()].map((i) => (i % 2 ? guestSays('many') : agentSays())));
    const last = await guestSays('the last');
    await standsAt(last.seq);
    await agentSocket.call('room.update', { roomId, status: 'pending' });
    await agentSays();
    const { seq } = await guestSays('waking');
    await standsAt(seq);
    // What came after it is unread, and marks move on from where it stands.
    const answer = await agentSays();
    expect(await guestSocket.call('room.get', { roomId })).toMatchObject({ unread: 1 });
    expect(await guestSocket.call('message.mark', { roomId, delivered: answer.seq })).toEqual({ deliveredSeq: answer.seq, readSeq: seq });
    await guestSocket.call('message.mark', { roomId, read: answer.seq });
    await guestSays('thanks');
    expect((await agentSocket.call('room.get', { roomId })).marks).toEqual(
      expect.arrayContaining([
        { userId: guest.id, deliveredSeq: answer.seq + 1, readSeq: answer.seq + 1 },
        { userId: agent.id, deliveredSeq: answer.seq, readSeq: answer.seq },
      ]),
    );
  });

  it('counts what is unread, for each reader in the streams it sees', async () => {
    const { roomId, guest, agent } = await buildTalk(app.url, shop);
    await rest(app.url, 'POST', `/api/rooms/${roomId}/claim`, { token: agent.token });
    for (let i = 0; i < 3; i++) await say(app.url, guest, roomId, 'x');
    await say(app.url, shop.admin, roomId, 'psst', 'internal');
    const unread = async (token: string): Promise<number> => (await rest(app.url, 'GET', `/api/rooms/${roomId}`, { token })).body.unread;
    expect(await unread(agent.token)).toBe(4);
    expect(await unread(guest.token)).toBe(0);
    expect((await rest(app.url, 'GET', '/api/rooms/unread', { token: agent.token })).body).toEqual({ rooms: 1, messages: 4 });
    await rest(app.url, 'POST', `/api/rooms/${roomId}/marks`, { token: agent.token, body: { read: 3 } });
    expect(await unread(agent.token)).toBe(2);
    await say(app.url, agent, roomId, 'answer');
    expect(await unread(agent.token)).toBe(1);
    expect(await unread(guest.token)).toBe(1);
  });

  it('a customer’s message opens what was put aside, and staff see why', async () => {
    const { roomId, guest, guestSocket, agentSocket } = await buildTalk(app.url, shop);
    await agentSocket.call('room.update', { roomId, status: 'pending' });
    await agentSocket.call('message.send', { roomId, clientMessageId: newKey(), body: 'We will see' });
    expect((await agentSocket.call('room.get', { roomId })).status).toBe('pending');
    const draft = { clientMessageId: newKey(), body: 'And?' };
    await guestSocket.call('message.send', { roomId, ...draft });
    expect((await agentSocket.call('room.get', { roomId })).status).toBe('open');
    const notes = await agentSocket.call('message.list', { roomId, stream: 'internal' });
    expect(
      notes.items
        .map(({ activity }: Message) => activity as ChangeActivity)
        .map(({ type, from, to, actor }: ChangeActivity) => [type, from, to, actor?.id === guest.id]),
    ).toEqual([
      ['status_changed', 'open', 'pending', false],
      ['status_changed', 'pending', 'open', true],
    ]);
    expect(await guestSocket.waitFor('room.updated', ({ status }) => status === 'open')).toBeDefined();
    await agentSocket.waitFor('message.created', ({ stream, seq }) => stream === 'internal' && seq === 2);
    // A repeat is no new word: it wakes nothing.
    await agentSocket.call('room.update', { roomId, status: 'pending' });
    await guestSocket.call('message.send', { roomId, ...draft });
    expect((await agentSocket.call('room.get', { roomId })).status).toBe('pending');
  });

  it('A42 A41 A39 what people write is kept as it is', async () => {
    const { roomId, guestSocket } = await buildTalk(app.url, shop);
    const words = [
      "'; DROP TABLE message; --",
      '{{constructor}} ${7*7} <%= 1 %>',
      '<img src=x onerror=alert(1)>',
      '\u202Eabc\u200B',
      ' e\u0301 ',
      '**bold**',
    ];
    for (const body of words) {
      expect((await guestSocket.call('message.send', { roomId, clientMessageId: newKey(), body })).body).toBe(body);
    }
    expect((await guestSocket.call('message.list', { roomId })).items.map(({ body }: Message) => body)).toEqual(words);
  });

  it('pages of history are dense at any depth', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    for (let i = 0; i < 12; i++) await say(app.url, guest, room.id, `m${i}`);
    const page = async (query: string): Promise<{ seqs: number[]; hasMore: boolean; lastSeq: number }> => {
      const { body } = await rest(app.url, 'GET', `/api/rooms/${room.id}/messages?${query}`, { token: guest.token });
      return { seqs: body.items.map(({ seq }: Message) => seq), hasMore: body.hasMore, lastSeq: body.lastSeq };
    };
    expect(await page('limit=5')).toEqual({ seqs: [8, 9, 10, 11, 12], hasMore: true, lastSeq: 12 });
    expect(await page('limit=5&before=8')).toEqual({ seqs: [3, 4, 5, 6, 7], hasMore: true, lastSeq: 12 });
    expect(await page('limit=5&before=3')).toEqual({ seqs: [1, 2], hasMore: false, lastSeq: 12 });
    expect(await page('limit=5&after=9')).toEqual({ seqs: [10, 11, 12], hasMore: false, lastSeq: 12 });
    expect(await page('after=2&before=5')).toEqual({ seqs: [3, 4], hasMore: false, lastSeq: 12 });
  });
});
