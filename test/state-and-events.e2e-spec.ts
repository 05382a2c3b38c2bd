import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Ack } from '../src/contract/ack.js';
import type { Message, Stream } from '../src/contract/message.js';
import type { ServerToClientEvents } from '../src/contract/socket-events.js';
import { startApp, type TestApp } from './support/app.js';
import { comparable, fetchCopy, fold, type Copy } from './support/copy.js';
import {
  buildAgent,
  buildArticle,
  buildBusiness,
  buildGuest,
  buildLabel,
  buildRoom,
  newKey,
  PASSWORD,
  readToken,
  until,
  type Person,
  type Tenant,
} from './support/factories.js';
import { upload } from './support/files.js';
import { rest } from './support/rest.js';
import { closeSockets, connect, refusedHandshake, type TestSocket } from './support/socket.js';

type EventName = keyof ServerToClientEvents;

/** A person with a socket in the room and a copy of what it was shown. */
class Client {
  private constructor(
    readonly url: string,
    readonly person: Person,
    readonly roomId: string,
    readonly socket: TestSocket,
    private readonly before: Copy,
  ) {}

  /** Subscribes first, then fetches. */
  static async open(url: string, person: Person, roomId: string): Promise<Client> {
    const socket = await connect(url, person.token);
    await socket.call('room.join', { roomId });
    return new Client(url, person, roomId, socket, await fetchCopy(url, person, roomId, Client.isStaff(person)));
  }

  get id(): string {
    return this.person.id;
  }

  /** Resolves when everything that was told before is heard. */
  async caughtUp(): Promise<void> {
    await this.socket.call('presence.heartbeat');
  }

  /** Comes back into the room with what is known; the entries of the answer count as heard. */
  async rejoin(): Promise<void> {
    const { entries } = this.copy();
    const after = { public: entries.public.length, internal: entries.internal.length };
    const joined = await this.call('room.join', { after });
    this.socket.heard.push(...joined.entries.map((payload: Message) => ({ event: 'message.created', payload })));
  }

  /** What was fetched, and everything heard since then. */
  copy(): Copy {
    return this.socket.heard.reduce(fold, this.before);
  }

  call(command: string, payload: Record<string, unknown> = {}): Promise<any> {
    return this.socket.call(command, { roomId: this.roomId, ...payload });
  }

  /** Sends a message; the entry in the ack counts as heard, in its place among the events. */
  say(body: string, more: { stream?: Stream; replyTo?: string; mentions?: string[]; attachmentIds?: string[] } = {}): Promise<Message> {
    const { raw, heard } = this.socket;
    return new Promise((done, fail) => {
      raw.emit('message.send', { roomId: this.roomId, clientMessageId: newKey(), body, ...more }, (answer: Ack<Message>) => {
        if (!answer.ok) {
          fail(new Error(answer.error.code));
          return;
        }
        heard.push({ event: 'message.created', payload: answer.data });
        done(answer.data);
      });
    });
  }

  async file(body: string, more: { stream?: Stream } = {}): Promise<Message> {
    const { id } = await upload(this.url, this.person, this.roomId);
    return this.say(body, { ...more, attachmentIds: [id] });
  }

  mark(position: { stream?: Stream; delivered?: number; read?: number }): Promise<unknown> {
    return this.call('message.mark', position);
  }

  /** What was heard says the same as what is fetched now. */
  async expectSame(): Promise<void> {
    const fetched = await until(
      () => fetchCopy(this.url, this.person, this.roomId, Client.isStaff(this.person)),
      (copy) => isDeepStrictEqual(comparable(this.copy()), comparable(copy)),
      3_000,
    );
    expect(comparable(this.copy())).toEqual(comparable(fetched));
  }

  private static isStaff({ email }: Person): boolean {
    return email !== undefined;
  }
}

/** A guest's room with two agents in it, all of them joined, in a business of their own. */
interface Talk {
  shop: Tenant;
  roomId: string;
  guest: Client;
  agent: Client;
  colleague: Client;
}

type Member = 'guest' | 'agent' | 'colleague';
type Act = (talk: Talk) => unknown;

const END_REASONS = ['logout', 'revoked', 'disabled', 'role_changed', 'password_changed', 'token_reused'] as const;

describe('state + events = state fetched again', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startApp();
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  const newTalk = async (url = app.url): Promise<Talk> => {
    const shop = await buildBusiness(url);
    const { room, guest } = await buildRoom(url, shop);
    const roomId = room.id;
    const [agent, colleague] = [await buildAgent(url, shop), await buildAgent(url, shop)];
    return {
      shop,
      roomId,
      guest: await Client.open(url, guest, roomId),
      agent: await Client.open(url, agent, roomId),
      colleague: await Client.open(url, colleague, roomId),
    };
  };

  /** Does something that these people hear of; what each of them then has is what each would fetch. `claims` is what no fetch shows. */
  const told =
    (event: EventName, heardBy: Member[], act: Act, claims: Act = () => undefined) =>
    async (): Promise<void> => {
      const talk = await newTalk();
      await act(talk);
      await Promise.all(heardBy.map((who) => talk[who].socket.waitFor(event)));
      const live = [talk.guest, talk.agent, talk.colleague].filter(({ socket }) => socket.raw.connected);
      await Promise.all(live.map((client) => client.expectSame()));
      await claims(talk);
    };

  const answerTo = async ({ token }: Person, url = app.url): Promise<string | number> => {
    const { status, body } = await rest(url, 'GET', '/api/auth/me', { token });
    return body.code ?? status;
  };
  const login = async ({ email }: Person): Promise<Person> => {
    const { body } = await rest(app.url, 'POST', '/api/auth/login', { body: { email, password: PASSWORD } });
    return { id: body.user.id, token: body.accessToken, refreshToken: body.refreshToken, email };
  };
  const sessionOf = ({ token }: Person): string => readToken(token).sid as string;

  /** Every event that the server may send, by the name in its document. */
  const CASES: Record<EventName, () => Promise<void>> = {
    'message.created': told('message.created', ['guest', 'agent', 'colleague'], async ({ guest, agent, colleague }) => {
      const { id } = await guest.say('Hello');
      await agent.say('A note', { stream: 'internal', mentions: [colleague.id] });
      await agent.call('room.claim');
      await agent.say('Hello', { replyTo: id });
      await Promise.all([guest, agent, colleague].flatMap((one) => ['a', 'b', 'c', 'd'].map((body) => one.say(body))));
      await guest.call('message.edit', { messageId: id, body: 'Hello?' });
      await guest.call('message.delete', { messageId: id });
      await guest.file('See here');
      await agent.file('For us', { stream: 'internal' });
      const gone = await guest.file('By mistake');
      await guest.call('message.delete', { messageId: gone.id });
    }),

    'ai.delta': told('ai.delta', ['guest', 'agent'], async ({ shop, guest, agent }) => {
      await buildArticle(app.url, shop, { title: 'Shipping', body: 'Two days.' });
      await agent.call('ai.toggle', { enabled: true });
      await guest.say('How long does shipping take?');
      await agent.socket.waitFor('message.created', ({ ai, body }: any) => ai && body.startsWith('Two days.'));
    }),

    'message.updated': told(
      'message.updated',
      ['guest', 'agent', 'colleague'],
      async ({ guest, agent }) => {
        const [first, second] = [await guest.say('One'), await agent.say('Two')];
        const note = await agent.say('Three', { stream: 'internal' });
        for (const body of ['One!', 'One!!']) await guest.call('message.edit', { messageId: first.id, body });
        await agent.call('message.edit', { messageId: second.id, body: 'Two!' });
        await agent.call('message.edit', { messageId: note.id, body: 'Three!' });
        for (const { id } of [note, second]) await agent.call('message.delete', { messageId: id });
        await guest.call('message.delete', { messageId: first.id });
      },
      ({ guest, agent }) => {
        for (const { entries } of [guest.copy(), agent.copy()]) {
          expect(entries.public).toHaveLength(7);
          for (const { kind, body } of entries.public) expect([kind, body]).toEqual([kind, null]);
        }
      },
    ),

    'mention.created': told(
      'mention.created',
      ['colleague'],
      async ({ agent, colleague }) => {
        await agent.say('Look at this', { stream: 'internal', mentions: [colleague.id, agent.id] });
        await agent.say('Alex may know', { mentions: [colleague.id] });
        await colleague.socket.waitFor('mention.created', ({ message }) => message.body === 'Alex may know');
      },
      async ({ guest, agent, colleague }) => {
        const { body } = await rest(app.url, 'GET', '/api/mentions', { token: colleague.person.token });
        const bodies = (mentions: { message: Message; room: { id: string } }[]): unknown =>
          mentions.map(({ message, room }) => [message, room.id]);
        expect(bodies(colleague.socket.all('mention.created').reverse())).toEqual(bodies(body.items));
        expect([guest, agent].map(({ socket }) => socket.all('mention.created'))).toEqual([[], []]);
      },
    ),

    'room.created': told(
      'room.created',
      ['agent', 'colleague'],
      async ({ shop }) => {
        await buildRoom(app.url, shop);
        const other = await connect(app.url, (await buildGuest(app.url, shop)).token);
        await other.call('message.send', { clientMessageId: newKey(), body: 'Anybody there?' });
      },
      ({ guest, agent }) => {
        expect([guest, agent].map((one) => Object.keys(one.copy().rooms).length)).toEqual([1, 3]);
      },
    ),

    'room.updated': told('room.updated', ['guest', 'agent', 'colleague'], async ({ shop, guest, agent, colleague }) => {
      const [kept, gone] = [await buildLabel(app.url, shop, 'VIP'), await buildLabel(app.url, shop, 'Bug')];
      await agent.call('room.update', { subject: 'Order 7', priority: 'urgent', status: 'pending', labels: ['VIP', 'Bug'] });
      await rest(app.url, 'PATCH', `/api/customers/${guest.id}`, { token: agent.person.token, body: { labels: ['Bug'] } });
      await rest(app.url, 'PATCH', `/api/labels/${kept}`, { token: shop.admin.token, body: { name: 'Gold' } });
      await rest(app.url, 'DELETE', `/api/labels/${gone}`, { token: shop.admin.token });
      await guest.say('Are you there?');
      await agent.call('room.claim');
      await agent.call('room.assign', { agentId: colleague.id });
      await agent.call('room.assign', { agentId: null });
      await colleague.call('room.claim');
      await colleague.call('room.close');
      await agent.call('room.reopen');
      await guest.call('room.end');
      await Promise.all([guest, agent, colleague].map((client) => client.expectSame()));
      await agent.call('room.reopen');
      await agent.call('room.update', { subject: null, priority: 'low' });
      await agent.call('room.update', { snoozedUntil: new Date(Date.now() + 3_600_000).toISOString(), overrides: { language: 'pt-BR' } });
      await agent.call('ai.toggle', { enabled: true });
      await guest.say('Still there?');
      await agent.call('room.close');
      const body = { score: 4, comment: 'Quick' };
      await rest(app.url, 'POST', `/api/rooms/${guest.roomId}/rating`, { token: guest.person.token, body });
    }),

    'room.removed': async () => {
      const { shop, roomId, agent, colleague } = await newTalk();
      await rest(app.url, 'PATCH', '/api/business', { token: shop.admin.token, body: { settings: { agentScope: 'own' } } });
      await Promise.all([agent, colleague].map(({ socket }) => socket.waitFor('room.removed')));
      await rest(app.url, 'POST', `/api/rooms/${roomId}/assign`, { token: shop.admin.token, body: { agentId: agent.id } });
      await agent.rejoin();
      await until(
        () => Promise.resolve(agent.copy().rooms[roomId]),
        (room) => room?.assignee?.id === agent.id,
      );
      await agent.expectSame();
      await agent.call('room.transfer', { agentId: colleague.id, note: 'Yours' });
      await agent.caughtUp();
      expect(agent.copy().rooms).toEqual({});
      expect((await rest(app.url, 'GET', '/api/rooms', { token: agent.person.token })).body.items).toEqual([]);
      await colleague.rejoin();
      await colleague.expectSame();
    },

    'reach.changed': async () => {
      const { shop, roomId, guest, agent } = await newTalk();
      // A page that shows lists, and has no room open.
      const socket = await connect(app.url, agent.person.token);
      const listed = async (): Promise<string[]> => (await socket.call('room.list')).items.map(({ id }: { id: string }) => id);
      expect(await listed()).toEqual([roomId]);
      for (const [agentScope, rooms] of [
        ['own', []],
        ['all', [roomId]],
      ] as const) {
        await rest(app.url, 'PATCH', '/api/business', { token: shop.admin.token, body: { settings: { agentScope } } });
        expect(await socket.waitFor('reach.changed', (reach) => reach.agentScope === agentScope)).toEqual({ agentScope, teamIds: [] });
        expect(await listed()).toEqual(rooms);
        const before = socket.heard.length;
        await rest(app.url, 'PATCH', `/api/rooms/${roomId}`, { token: shop.admin.token, body: { subject: agentScope } });
        await guest.socket.waitFor('room.updated', ({ subject }) => subject === agentScope);
        await socket.call('presence.heartbeat');
        expect(socket.heard.slice(before).map(({ event, payload }) => [event, payload.id])).toEqual(
          rooms.map((id) => ['room.updated', id]),
        );
      }
      expect(socket.all('room.removed')).toEqual([]);
    },

    'queue.moved': async () => {
      const shop = await buildBusiness(app.url);
      const waiting: Client[] = [];
      for (let n = 0; n < 3; n++) {
        const { room, guest } = await buildRoom(app.url, shop);
        waiting.push(await Client.open(app.url, guest, room.id));
      }
      const agent = await buildAgent(app.url, shop);
      const shown = async (): Promise<unknown> => {
        const views = waiting.map(({ roomId, person }) => rest(app.url, 'GET', `/api/rooms/${roomId}`, { token: person.token }));
        return (await Promise.all(views)).map(({ body }) => body.queuePosition);
      };
      const told = (): unknown => waiting.map(({ socket }) => socket.all('queue.moved').at(-1)?.position ?? null);
      const expectSame = async (positions: (number | null)[]): Promise<void> => {
        await until(
          () => Promise.resolve(told()),
          (now) => isDeepStrictEqual(now, positions),
        );
        expect([told(), await shown()]).toEqual([positions, positions]);
      };
      await expectSame([1, 2, 3]);
      await rest(app.url, 'DELETE', `/api/rooms/${waiting[1]?.roomId}`, { token: agent.token });
      waiting.splice(1, 1);
      await expectSame([1, 2]);
      const [served] = waiting.splice(0, 1);
      const before = served?.socket.all('queue.moved').length;
      await rest(app.url, 'POST', `/api/rooms/${served?.roomId}/claim`, { token: agent.token });
      await expectSame([1]);
      // Who is served hears no more of the queue.
      expect(served?.socket.all('queue.moved')).toHaveLength(before as number);
    },

    'room.marked': told(
      'room.marked',
      ['guest', 'agent', 'colleague'],
      async ({ guest, agent, colleague }) => {
        await agent.call('room.claim');
        for (const body of ['a', 'b', 'c']) await guest.say(body);
        await agent.say('d', { stream: 'internal' });
        await agent.mark({ delivered: 3 });
        await agent.mark({ read: 2 });
        await colleague.mark({ stream: 'internal', read: 1 });
        await agent.call('room.assign', { agentId: colleague.id });
        await colleague.mark({ delivered: 4, read: 3 });
        await guest.mark({ read: 1_000 });
      },
      ({ roomId, guest, agent, colleague }) => {
        const marks = guest.copy().rooms[roomId]?.marks.map(({ userId }) => userId);
        expect(marks).toEqual([guest.id, agent.id, colleague.id].sort());
      },
    ),

    // Who is in a room is in no view: members are those whose coming was heard.
    'room.member_joined': told(
      'room.member_joined',
      ['guest', 'agent'],
      async ({ agent, colleague }) => {
        await agent.call('room.assign', { agentId: colleague.id });
        await colleague.call('room.leave');
        await colleague.rejoin();
      },
      async ({ guest, agent, colleague }) => {
        expect([guest, agent].map((one) => one.copy().members)).toEqual([[colleague.id], [colleague.id]]);
        await agent.say('Are you here?');
        await colleague.socket.waitFor('message.created', ({ body }) => body === 'Are you here?');
      },
    ),

    'room.member_left': told(
      'room.member_left',
      ['guest', 'agent'],
      async ({ roomId, agent, colleague }) => {
        await agent.call('room.assign', { agentId: colleague.id });
        const second = await connect(app.url, colleague.person.token);
        await second.call('room.join', { roomId });
        await colleague.call('room.leave');
        await agent.caughtUp();
        expect(agent.socket.all('room.member_left')).toEqual([]);
        await second.call('room.leave', { roomId });
      },
      async ({ guest, agent, colleague }) => {
        expect([guest, agent].map((one) => one.copy().members)).toEqual([[], []]);
        // Who left hears no more, and finds it all when coming back.
        const before = colleague.socket.all('message.created').length;
        await agent.say('Gone?');
        await colleague.caughtUp();
        expect(colleague.socket.all('message.created')).toHaveLength(before);
        await colleague.rejoin();
        await colleague.expectSame();
      },
    ),

    'typing.started': told(
      'typing.started',
      ['guest', 'agent'],
      async ({ guest, agent, colleague }) => {
        for (const one of [guest, agent, colleague]) await one.call('typing.start');
        await colleague.call('typing.start', { stream: 'internal' });
      },
      async ({ guest, agent, colleague }) => {
        await Promise.all([guest, agent, colleague].map((one) => one.caughtUp()));
        const writing = (...people: Client[]): string[] => people.map(({ id }) => `${id}:public`);
        expect(guest.copy().typing).toEqual(writing(agent, colleague).sort());
        expect(agent.copy().typing).toEqual([...writing(guest, colleague), `${colleague.id}:internal`].sort());
        expect(colleague.copy().typing).toEqual(writing(guest, agent).sort());
      },
    ),

    'typing.stopped': told(
      'typing.stopped',
      ['guest', 'agent', 'colleague'],
      async ({ guest, agent, colleague }) => {
        for (const one of [guest, agent, colleague]) await one.call('typing.start');
        await colleague.call('typing.start', { stream: 'internal' });
        await guest.call('typing.stop');
        await agent.say('Here I am');
        for (const stream of ['public', 'internal']) await colleague.call('typing.stop', { stream });
      },
      async ({ shop, roomId, guest, agent, colleague }) => {
        const late = await Client.open(app.url, shop.admin, roomId);
        const all = [guest, agent, colleague, late];
        const shown = async (): Promise<string[][]> => {
          await Promise.all(all.map((one) => one.caughtUp()));
          return all.map((one) => one.copy().typing);
        };
        expect(await shown()).toEqual([[], [], [], []]);
        // Only of who is not writing already a start is told: the newcomer and the others see the same.
        await guest.call('typing.start');
        const writing = [`${guest.id}:public`];
        expect(await shown()).toEqual([[], writing, writing, writing]);
      },
    ),

    'presence.changed': told(
      'presence.changed',
      ['guest', 'agent'],
      async ({ agent, colleague }) => {
        await agent.call('room.assign', { agentId: colleague.id });
        for (const status of ['busy', 'online', 'away']) await colleague.socket.call('presence.set', { status });
      },
      async ({ roomId, guest, agent, colleague }) => {
        const { agents } = await fetchCopy(app.url, agent.person, roomId, true);
        const { presence, lastSeenAt } = agents[colleague.id] ?? {};
        expect(presence).toBe('away');
        const shown = (one: Client): unknown => {
          const { presence, lastSeenAt } = one.copy().agents[colleague.id] ?? {};
          return { presence, lastSeenAt };
        };
        await until(
          () => Promise.resolve(shown(guest)),
          (is) => isDeepStrictEqual(is, { presence, lastSeenAt }),
        );
        expect(shown(guest)).toEqual({ presence, lastSeenAt });
        expect(shown(agent)).toEqual({ presence, lastSeenAt });
      },
    ),

    'auth.expiring': async () => {
      const brief = await startApp({ JWT_ACCESS_EXPIRES_IN: '2s' });
      try {
        const guest = await buildGuest(brief.url, await buildBusiness(brief.url));
        const socket = await connect(brief.url, guest.token);
        const { expiresAt } = await socket.waitFor<{ expiresAt: string }>('auth.expiring');
        const lived = await until(
          () => answerTo(guest, brief.url),
          (answer) => answer !== 200,
        );
        expect([lived, Date.now() >= Date.parse(expiresAt)]).toEqual(['auth.token_expired', true]);
        const { body } = await rest(brief.url, 'POST', '/api/auth/refresh', { body: { refreshToken: guest.refreshToken } });
        const fresh = { ...guest, token: body.accessToken };
        const replaced = await socket.call<{ expiresAt: string }>('auth.refresh', { token: fresh.token });
        expect(await socket.waitFor('auth.expiring', (told) => told.expiresAt !== expiresAt)).toEqual(replaced);
        expect(Date.parse(replaced.expiresAt)).toBe((readToken(fresh.token).exp as number) * 1000);
      } finally {
        await brief.close();
      }
    },

    'server.draining': async () => {
      const node = await startApp();
      const { roomId, guest, agent, colleague } = await newTalk(node.url);
      await guest.say('Stay');
      await agent.say('A note', { stream: 'internal' });
      await Promise.all([guest, agent, colleague].map((one) => one.expectSame()));
      await node.close();
      for (const { socket } of [guest, agent, colleague]) {
        const { retryAfterMs } = await socket.waitFor<{ retryAfterMs: number }>('server.draining');
        expect(retryAfterMs).toBeGreaterThanOrEqual(0);
        expect(retryAfterMs).toBeLessThanOrEqual(5_000);
        await socket.disconnected;
      }
      const next = await startApp({}, node.databaseUrl);
      try {
        for (const left of [guest, agent, colleague]) {
          const back = await Client.open(next.url, left.person, roomId);
          expect(comparable(back.copy())).toEqual(comparable(left.copy()));
        }
      } finally {
        await next.close();
      }
    },

    'session.ended': async () => {
      const shop = await buildBusiness(app.url);
      const admin = { token: shop.admin.token };
      const endings: Record<(typeof END_REASONS)[number], (person: Person) => Promise<unknown>> = {
        logout: ({ token }) => rest(app.url, 'POST', '/api/auth/logout', { token }),
        revoked: (person) => rest(app.url, 'DELETE', `/api/auth/sessions/${sessionOf(person)}`, { token: person.token }),
        disabled: ({ id }) => rest(app.url, 'DELETE', `/api/agents/${id}`, admin),
        role_changed: ({ id }) => rest(app.url, 'PATCH', `/api/agents/${id}`, { ...admin, body: { role: 'admin' } }),
        password_changed: ({ token }) =>
          rest(app.url, 'POST', '/api/auth/password', { token, body: { currentPassword: PASSWORD, newPassword: 'another horse' } }),
        token_reused: async ({ refreshToken }) => {
          for (let time = 0; time < 2; time++) await rest(app.url, 'POST', '/api/auth/refresh', { body: { refreshToken } });
        },
      };
      for (const reason of END_REASONS) {
        const person = await buildAgent(app.url, shop);
        const other = await login(person);
        const socket = await connect(app.url, person.token);
        expect(await answerTo(person)).toBe(200);
        await endings[reason](person);
        expect(await socket.waitFor('session.ended')).toEqual({ reason });
        await socket.disconnected;
        expect([reason, await answerTo(person)]).toEqual([reason, 'auth.session_ended']);
        expect((await refusedHandshake(app.url, { token: person.token })).data?.code).toBe('auth.session_ended');
        // The other session of the person goes with it or stays in the list alone.
        const { status, body } = await rest(app.url, 'GET', '/api/auth/sessions', { token: other.token });
        const isAlone = ['logout', 'revoked', 'token_reused'].includes(reason);
        const shown = status === 200 ? body.items.map(({ id }: { id: string }) => id) : body.code;
        expect([reason, shown]).toEqual([reason, isAlone ? [sessionOf(other)] : 'auth.session_ended']);
      }
    },
  };

  /** What one person does, and others have in many places of what they keep. */
  const DEEDS: Record<string, () => Promise<void>> = {
    'a customer has another name': told('room.updated', ['guest', 'agent', 'colleague'], async ({ guest }) => {
      await guest.say('Hello');
      await rest(app.url, 'PATCH', '/api/auth/me', { token: guest.person.token, body: { name: 'Gwendolyn' } });
    }),
    'an agent has another name': told('room.updated', ['guest', 'agent', 'colleague'], async ({ agent, guest, colleague }) => {
      await agent.call('room.claim');
      await Promise.all([guest, agent, colleague].map((client) => client.expectSame()));
      await rest(app.url, 'PATCH', '/api/auth/me', { token: agent.person.token, body: { name: 'Alexander' } });
    }),
    'an agent is disabled': told('room.updated', ['guest', 'agent', 'colleague'], async ({ shop, agent, colleague }) => {
      await colleague.call('room.claim');
      await agent.say('Still there?');
      await rest(app.url, 'DELETE', `/api/agents/${colleague.id}`, { token: shop.admin.token });
      await colleague.socket.disconnected;
    }),
    'a customer erases itself': told('room.updated', ['agent', 'colleague'], async ({ guest, agent }) => {
      await agent.call('room.claim');
      const { id } = await guest.say('Hello');
      await guest.call('message.edit', { messageId: id, body: 'Hello!' });
      await guest.say('My number is 7');
      await agent.say('I see');
      await rest(app.url, 'DELETE', '/api/auth/me', { token: guest.person.token });
      await guest.socket.disconnected;
    }),
  };

  it.each(Object.entries(DEEDS))('%s', (_, check) => check());

  it.each(Object.entries(CASES))('%s', (_, check) => check());

  it('has a case for every event of the document', () => {
    const { components } = JSON.parse(readFileSync('docs/asyncapi.json', 'utf8'));
    const events = Object.entries<Record<string, unknown>>(components.messages).filter(([, message]) => message['x-kind'] === 'event');
    expect(Object.keys(CASES).sort()).toEqual(events.map(([name]) => name).sort());
  });
});
