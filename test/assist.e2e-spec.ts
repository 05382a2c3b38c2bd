import type { Message } from '../src/contract/message.js';
import { BotService } from '../src/business/bot.service.js';
import { MessageService } from '../src/message/message.service.js';
import { IdleCloseService } from '../src/room/idle-close.service.js';
import { startApp, type TestApp } from './support/app.js';
import { letPass } from './support/let-pass.js';
import {
  buildAgent,
  buildArticle,
  buildBusiness,
  buildGuest,
  buildRoom,
  newKey,
  say,
  setUp,
  until,
  type Person,
  type Tenant,
} from './support/factories.js';
import { rest } from './support/rest.js';
import { closeSockets, connect } from './support/socket.js';
import { entriesOf, story, storyOf } from './support/story.js';

const SHIPPING = { title: 'How long does shipping take?', body: 'Parcels take **two days** within the country.' };

describe('the machine that answers, from articles', () => {
  let app: TestApp;
  let shop: Tenant;
  let agent: Person;

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
    agent = await buildAgent(app.url, shop);
    await buildArticle(app.url, shop, SHIPPING);
    await buildArticle(app.url, shop, { title: 'Returns', body: 'Send it back within 30 days, and the refund follows.' });
    await buildArticle(app.url, shop, { title: 'Margins', body: 'We buy kettles at eleven euros.', public: false });
    await setUp(app.url, shop, { ai: { enabled: true } });
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  const stream = (roomId: string, name: 'public' | 'internal' = 'public', who: Person = agent): Promise<Message[]> =>
    entriesOf(app.url, who, roomId, name);
  const room = async (roomId: string): Promise<any> => (await rest(app.url, 'GET', `/api/rooms/${roomId}`, { token: agent.token })).body;
  /** Of what is said the first lines: an article is followed by its source. */
  const firstLines = (lines: string[]): string[] => lines.map((line) => line.split('\n')[0] ?? '');
  const told = async (roomId: string, length: number): Promise<string[]> => firstLines(await storyOf(app.url, agent, roomId, length));
  const ask = async (text: string, guest?: Person): Promise<{ roomId: string; guest: Person }> => {
    const made = await buildRoom(app.url, shop, guest);
    await say(app.url, made.guest, made.room.id, text);
    return { roomId: made.room.id, guest: made.guest };
  };

  it('C3 F10 is off by default', async () => {
    const other = await buildBusiness(app.url);
    await buildArticle(app.url, other, SHIPPING);
    const { room: made, guest } = await buildRoom(app.url, other);
    await say(app.url, guest, made.id, 'How long does shipping take?');
    await new Promise((done) => setTimeout(done, 500));
    expect(await stream(made.id, 'public', other.admin)).toHaveLength(1);
  });

  it('K8 N22 answers a customer with the article that fits, and names it', async () => {
    const guest = await buildGuest(app.url, shop);
    const socket = await connect(app.url, guest.token);
    const sent = await socket.call<Message>('message.send', { clientMessageId: newKey(), body: 'Hi, how long will shipping take please?' });
    const answer = await socket.waitFor('message.created', ({ ai }: any) => ai, 8_000);
    expect(answer).toMatchObject({
      stream: 'public',
      kind: 'text',
      seq: 2,
      ai: true,
      sender: { role: 'bot', name: 'Assistant' },
      body: `${SHIPPING.body}\n\nSource: ${SHIPPING.title}`,
    });
    const deltas = socket.heard.filter(({ event }) => event === 'ai.delta').map(({ payload }) => payload);
    expect(deltas[0]).toMatchObject({ roomId: sent.roomId, turn: 1 });
    expect(deltas.map(({ text }: any) => text).join('')).toBe((answer as Message).body);
    // In its hands: in nobody's queue.
    expect(await room(sent.roomId)).toMatchObject({ status: 'pending', assignee: null, queuePosition: null, aiEnabled: true });
    expect((await rest(app.url, 'GET', '/api/auth/me', { token: guest.token })).status).toBe(200);
  });

  it('N22 greets who greets, and hands over what it does not know, with a note for staff', async () => {
    const { roomId, guest } = await ask('Hello!');
    expect(await told(roomId, 2)).toEqual(['guest: Hello!', 'bot: Hello! What can I help you with?']);
    await say(app.url, guest, roomId, 'Do you sell submarines with crocodile leather?');
    expect(await told(roomId, 4)).toEqual([
      'guest: Hello!',
      'bot: Hello! What can I help you with?',
      'guest: Do you sell submarines with crocodile leather?',
      'handed_over',
    ]);
    expect(await room(roomId)).toMatchObject({ status: 'open', assignee: null, queuePosition: expect.any(Number), aiEnabled: false });
    const note = (await stream(roomId, 'internal')).find(({ kind }) => kind === 'text');
    expect(note).toMatchObject({ ai: true, sender: { role: 'bot' } });
    expect(note?.body).toBe(
      'The AI found no answer that it was sure of.\nCustomer: Hello!\nAI: Hello! What can I help you with?\nCustomer: Do you sell submarines with crocodile leather?',
    );
    // A person's turn: it says no more.
    await say(app.url, guest, roomId, 'How long does shipping take?');
    await new Promise((done) => setTimeout(done, 500));
    expect(await stream(roomId)).toHaveLength(5);
  });

  it('N22 what its customer takes back goes from the note for staff as well, and from what is searched', async () => {
    const { roomId, guest } = await ask('My card is wexgrim, do you sell submarines?');
    await told(roomId, 2);
    const notes = async (): Promise<Message[]> => (await stream(roomId, 'internal')).filter(({ kind }) => kind === 'text');
    const hits = async (): Promise<number> =>
      (await rest(app.url, 'GET', '/api/search?q=wexgrim', { token: agent.token })).body.items.length;
    const [first] = await stream(roomId);
    const path = `/api/rooms/${roomId}/messages/${first?.id}`;
    // The note says what was said before the edit.
    await rest(app.url, 'PATCH', path, { token: guest.token, body: { body: 'Do you sell submarines?' } });
    expect([(await notes())[0]?.body?.includes('wexgrim'), await hits()]).toEqual([true, 1]);
    expect((await rest(app.url, 'DELETE', path, { token: guest.token })).status).toBe(200);
    expect((await notes()).map(({ body, deletedAt }) => [body, deletedAt !== null])).toEqual([[null, true]]);
    expect((await stream(roomId, 'internal')).at(-1)).toMatchObject({ kind: 'deletion', sender: { id: guest.id } });
    expect(await hits()).toBe(0);
  });

  it('N22 what was said after a note is not in it: it stays when that is taken back', async () => {
    const { roomId, guest } = await ask('Do you sell submarines?');
    await told(roomId, 2);
    const [note] = (await stream(roomId, 'internal')).filter(({ kind }) => kind === 'text');
    expect(note?.body).toContain(' found no answer ');
    const { id } = await say(app.url, guest, roomId, 'found');
    expect((await rest(app.url, 'DELETE', `/api/rooms/${roomId}/messages/${id}`, { token: guest.token })).status).toBe(200);
    expect((await stream(roomId, 'internal')).find((entry) => entry.id === note?.id)).toEqual(note);
  });

  it.each([
    'I want to talk to a human',
    'Can I speak with a real person?',
    'agent please',
    'Ich möchte mit einem Menschen sprechen',
    'Je veux parler à un conseiller',
    'Quiero hablar con una persona',
  ])('N22 hands over when asked for a person: %s', async (wish) => {
    const { roomId } = await ask(wish);
    expect(await told(roomId, 2)).toEqual([`guest: ${wish}`, 'handed_over']);
  });

  it('tells customers nothing that is not public', async () => {
    const { roomId } = await ask('At what margins do you buy kettles?');
    expect(await told(roomId, 2)).toEqual(['guest: At what margins do you buy kettles?', 'handed_over']);
  });

  it('P14 an agent’s message turns it off, and it comes back by hand', async () => {
    const { roomId, guest } = await ask('How long does shipping take?');
    await told(roomId, 2);
    await say(app.url, agent, roomId, 'I am here');
    expect((await told(roomId, 4)).slice(2)).toEqual(['agent: I am here', 'ai_disabled']);
    expect((await stream(roomId)).at(-1)?.activity?.actor?.id).toBe(agent.id);
    await say(app.url, guest, roomId, 'And shipping abroad?');
    await new Promise((done) => setTimeout(done, 500));
    expect(await stream(roomId)).toHaveLength(5);
    // By hand it has the room again, and answers what is open.
    await rest(app.url, 'PATCH', `/api/rooms/${roomId}`, { token: agent.token, body: { aiEnabled: true } });
    expect((await told(roomId, 7)).slice(5)).toEqual(['ai_enabled', `bot: ${SHIPPING.body}`]);
  });

  it('P14 a room that somebody took is left to that agent, switched on or not', async () => {
    const { roomId, guest } = await ask('How long does shipping take?');
    await told(roomId, 2);
    expect((await rest(app.url, 'POST', `/api/rooms/${roomId}/claim`, { token: agent.token })).status).toBe(200);
    await say(app.url, guest, roomId, 'And returns?');
    await new Promise((done) => setTimeout(done, 500));
    expect(story(await stream(roomId)).slice(2)).toEqual(['assigned', 'guest: And returns?']);
    // Nor after it was given back: the customer waits for a person.
    await rest(app.url, 'POST', `/api/rooms/${roomId}/assign`, { token: agent.token, body: { agentId: null } });
    await new Promise((done) => setTimeout(done, 500));
    expect(await room(roomId)).toMatchObject({ status: 'open', assignee: null, queuePosition: expect.any(Number) });
  });

  it('C3 a room is let go into the queue when it is switched off there, or for the whole business', async () => {
    const own = await buildBusiness(app.url);
    await setUp(app.url, own, { ai: { enabled: true } });
    const rooms = await Promise.all([1, 2].map(() => buildRoom(app.url, own)));
    const statuses = (): Promise<string[]> =>
      Promise.all(
        rooms.map(async ({ room: { id } }) => (await rest(app.url, 'GET', `/api/rooms/${id}`, { token: own.admin.token })).body.status),
      );
    expect(await until(statuses, (all) => all.every((status) => status === 'pending'))).toEqual(['pending', 'pending']);
    const socket = await connect(app.url, own.admin.token);
    await socket.call('ai.toggle', { roomId: rooms[0]?.room.id, enabled: false });
    expect(await until(statuses, ([first]) => first === 'open')).toEqual(['open', 'pending']);
    await setUp(app.url, own, { ai: { enabled: false } });
    expect(await until(statuses, (all) => all.every((status) => status === 'open'), 12_000)).toEqual(['open', 'open']);
  });

  it('A80 who keeps it busy is left to a person', async () => {
    const { roomId, guest } = await ask('How long does shipping take?');
    for (let asked = 1; asked <= 10; asked++) {
      await told(roomId, 2 * asked);
      await say(app.url, guest, roomId, `How long does shipping take, ${asked}?`);
    }
    const entries = await told(roomId, 22);
    expect(entries.filter((line) => line.startsWith('bot'))).toHaveLength(10);
    expect(entries.at(-1)).toBe('handed_over');
  });

  it('N53 a room in its hands that is forgotten is closed like any other', async () => {
    const own = await buildBusiness(app.url);
    await buildArticle(app.url, own, SHIPPING);
    await setUp(app.url, own, { ai: { enabled: true }, autoReplies: { idleCloseMinutes: 1 } });
    const { room: made, guest } = await buildRoom(app.url, own);
    await say(app.url, guest, made.id, 'How long does shipping take?');
    await until(
      () => stream(made.id, 'public', own.admin),
      (entries) => entries.length === 2,
    );
    await letPass(app, made.id, 2);
    await app.app.get(IdleCloseService).sweep();
    expect(story(await stream(made.id, 'public', own.admin)).at(-1)).toBe('closed');
  });

  it('is nobody whom staff could open a room for, give one to, or name', async () => {
    const { roomId } = await ask('How long does shipping take?');
    await told(roomId, 2);
    const bot = (await stream(roomId))[1]?.sender?.id;
    const call = async (method: string, path: string, body?: object): Promise<string> =>
      (await rest(app.url, method, `/api/${path}`, { token: shop.admin.token, body })).body.code;
    expect(await call('POST', 'rooms', { customerId: bot })).toBe('user.not_found');
    expect(await call('POST', `rooms/${roomId}/assign`, { agentId: bot })).toBe('user.not_found');
    expect(await call('GET', `customers/${bot}`)).toBe('user.not_found');
    expect(await call('PATCH', `agents/${bot}`, { name: 'Mine' })).toBe('user.not_found');
    const named = { clientMessageId: newKey(), body: 'Look', mentions: [bot] };
    expect(await call('POST', `rooms/${roomId}/messages`, named)).toBe('user.not_found');
    for (const list of ['agents', 'customers']) {
      const { body } = await rest(app.url, 'GET', `/api/${list}`, { token: shop.admin.token });
      expect(body.items.filter(({ id }: { id: string }) => id === bot)).toEqual([]);
    }
  });

  it('what comes in a file is for people', async () => {
    const made = await buildRoom(app.url, shop);
    const form = new FormData();
    form.set('roomId', made.room.id);
    form.set('file', new Blob(['hello'], { type: 'text/plain' }), 'a.txt');
    const uploaded = await fetch(`${app.url}/api/uploads`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${made.guest.token}` },
      body: form,
    });
    const { id } = (await uploaded.json()) as { id: string };
    await rest(app.url, 'POST', `/api/rooms/${made.room.id}/messages`, {
      token: made.guest.token,
      body: { clientMessageId: newKey(), attachmentIds: [id] },
    });
    const entries = await until(
      () => stream(made.room.id),
      (all) => all.length >= 2,
    );
    expect(entries.map(({ kind, activity }) => activity?.type ?? kind)).toEqual(['file', 'handed_over']);
  });

  it('answers what several messages at once ask as one, at most once', async () => {
    const { room: made, guest } = await buildRoom(app.url, shop);
    const socket = await connect(app.url, guest.token);
    await socket.call('room.join', { roomId: made.id });
    await Promise.all(
      ['Hi', 'one thing', 'how long does shipping take?'].map((body) =>
        socket.call('message.send', { roomId: made.id, clientMessageId: newKey(), body }),
      ),
    );
    await until(
      () => stream(made.id),
      (entries) => entries.at(-1)?.ai === true && entries.filter(({ ai }) => !ai).length === 3,
    );
    await new Promise((done) => setTimeout(done, 500));
    const entries = await stream(made.id);
    expect(entries.filter(({ ai }) => ai).length).toBeLessThanOrEqual(3);
    expect(firstLines(story(entries)).at(-1)).toBe(`bot: ${SHIPPING.body}`);
  });

  it('what it wrote for a customer is erased with the customer, and it writes there no more', async () => {
    const canary = `canary-${newKey()}`;
    const { roomId, guest } = await ask('How long does shipping take?');
    await told(roomId, 2);
    await say(app.url, guest, roomId, `Do you sell submarines, asks ${canary}?`);
    await told(roomId, 4);
    const written = async (): Promise<Message[]> => [...(await stream(roomId)), ...(await stream(roomId, 'internal'))];
    const hit = async (): Promise<number> =>
      (await rest(app.url, 'GET', `/api/search?q=${canary}`, { token: agent.token })).body.items.length;
    // What it was asked, and said again in its note.
    expect((await written()).filter(({ body }) => body?.includes(canary))).toHaveLength(2);
    expect(await hit()).toBe(2);
    expect((await rest(app.url, 'DELETE', '/api/auth/me', { token: guest.token })).status).toBe(204);
    const left = await written();
    expect(left.filter(({ kind, body }) => kind === 'text' && body !== null)).toEqual([]);
    expect(left.filter(({ kind }) => kind === 'deletion')).toHaveLength(4);
    expect(await hit()).toBe(0);

    const [bot, messages] = [await app.app.get(BotService).of(shop.id), app.app.get(MessageService)];
    const draft = { clientMessageId: newKey(), body: canary };
    for (const late of [messages.suggest(bot, roomId, canary), messages.say(bot, roomId, draft)]) {
      await expect(late).rejects.toMatchObject({ code: 'room.closed' });
    }
    expect(await written()).toEqual(left);
  });
});
