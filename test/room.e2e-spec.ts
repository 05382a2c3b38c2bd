import type { Message } from '../src/contract/message.js';
import type { StaffRoom } from '../src/contract/room.js';
import { startApp, type TestApp } from './support/app.js';
import {
  buildAgent,
  buildBusiness,
  buildCustomer,
  buildGuest,
  buildRoom,
  buildTalk,
  newKey,
  say,
  until,
  type Person,
  type Tenant,
} from './support/factories.js';
import { rest } from './support/rest.js';
import { closeSockets, connect } from './support/socket.js';

describe('rooms', () => {
  let app: TestApp;
  let shop: Tenant;

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  const post = (person: Person, path: string, body: unknown = {}): Promise<{ status: number; body: any }> =>
    rest(app.url, 'POST', path, { token: person.token, body });
  const loadOf = async (agent: Person): Promise<number> => {
    const { body } = await rest(app.url, 'GET', '/api/agents?limit=200', { token: shop.admin.token });
    return body.items.find(({ id }: { id: string }) => id === agent.id).load;
  };

  it('a customer has one open room, in a race too', async () => {
    const customer = await buildCustomer(app.url, shop);
    const opened = await Promise.all([...Array(8).keys()].map(() => post(customer, '/api/rooms', { subject: 'Help' })));
    expect(opened.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    expect(new Set(opened.map(({ body }) => body.id)).size).toBe(1);
    expect(Object.keys(opened[0]?.body).sort()).toEqual(
      ['aiEnabled', 'assignee', 'businessId', 'closedAt', 'createdAt', 'customer', 'epoch', 'id', 'lastMessage', 'lastSeq'].concat([
        'marks',
        'queuePosition',
        'rating',
        'status',
        'subject',
        'unread',
      ]),
    );
    expect(opened[0]?.body.customer).toEqual({ id: customer.id, role: 'customer', name: 'Cleo', avatarUrl: null });
  });

  it('staff open a room for a customer, with its context', async () => {
    const guest = await buildGuest(app.url, shop);
    const { status, body } = await post(shop.admin, '/api/rooms', { customerId: guest.id, context: { page: '/cart' } });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      context: { page: '/cart' },
      priority: 'normal',
      labels: [],
      internalLastSeq: 0,
      internalMarks: [],
      teamId: null,
    });
    expect((await post(shop.admin, '/api/rooms', {})).body.errors).toEqual([{ path: 'customerId', message: 'must be given by staff' }]);
  });

  it('A34 P9 of many claims at once one wins, and the others learn who', async () => {
    const agents = await Promise.all([...Array(12).keys()].map(() => buildAgent(app.url, shop)));
    const { room } = await buildRoom(app.url, shop);
    const claims = await Promise.all(agents.flatMap((agent) => [0, 1, 2].map(() => post(agent, `/api/rooms/${room.id}/claim`))));
    const winners = new Set(claims.filter(({ status }) => status === 200).map(({ body }) => body.assignee.id));
    expect(winners.size).toBe(1);
    const losers = claims.filter(({ status }) => status !== 200);
    expect(losers).toHaveLength(33);
    for (const { body } of losers) expect([body.code, body.details.assignee.id]).toEqual(['room.already_assigned', [...winners][0]]);
    const { body } = await rest(app.url, 'GET', `/api/rooms/${room.id}/messages`, { token: shop.admin.token });
    expect(body.items.map(({ activity }: Message) => activity?.type)).toEqual(['assigned']);
  });

  it('A34 P9 an agent never holds more than its capacity', async () => {
    const agent = await buildAgent(app.url, shop, { capacity: 3 });
    const rooms = await Promise.all([...Array(20).keys()].map(() => buildRoom(app.url, shop)));
    const claims = await Promise.all(rooms.map(({ room }) => post(agent, `/api/rooms/${room.id}/claim`)));
    expect(claims.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(new Set(claims.filter(({ status }) => status !== 200).map(({ body }) => body.code))).toEqual(new Set(['agent.at_capacity']));
    expect(await loadOf(agent)).toBe(3);
    const [mine] = claims.filter(({ status }) => status === 200).map(({ body }) => body.id);
    const [waiting] = claims.flatMap(({ status }, index) => (status === 200 ? [] : [rooms[index]?.room.id]));
    await rest(app.url, 'DELETE', `/api/rooms/${mine}`, { token: agent.token });
    expect((await post(agent, `/api/rooms/${waiting}/claim`)).status).toBe(200);
    const [next] = claims.flatMap(({ status }, index) =>
      status === 200 || rooms[index]?.room.id === waiting ? [] : [rooms[index]?.room.id],
    );
    expect((await post(shop.admin, `/api/rooms/${next}/assign`, { agentId: agent.id })).body.code).toBe('agent.at_capacity');
    expect((await post(shop.admin, `/api/rooms/${next}/assign`, { agentId: agent.id, force: true })).status).toBe(200);
    expect(await loadOf(agent)).toBe(4);
  });

  it('claims, assignments, closings and reopenings at once end in one serial state', async () => {
    const [one, two] = await Promise.all([buildAgent(app.url, shop), buildAgent(app.url, shop)]);
    const { room } = await buildRoom(app.url, shop);
    const at = `/api/rooms/${room.id}`;
    const ways = [
      () => post(one, `${at}/claim`),
      () => post(two, `${at}/assign`, { agentId: two.id }),
      () => rest(app.url, 'DELETE', at, { token: one.token }),
      () => post(two, `${at}/reopen`),
      () => post(one, `${at}/assign`, { agentId: null }),
    ];
    // Who waits too long for a busy room is told to try again, and does.
    const insist = async (act: () => Promise<{ status: number; body: any }>): Promise<{ status: number; body: any }> => {
      const answer = await act();
      return answer.status === 503 ? insist(act) : answer;
    };
    const answers = await Promise.all([...Array(40).keys()].map((i) => insist(ways[i % 5]!)));
    for (const { status } of answers) expect([200, 409]).toContain(status);
    const { body } = await rest(app.url, 'GET', at, { token: one.token });
    const held = body.status === 'closed' ? null : (body.assignee?.id ?? null);
    expect(await loadOf(one)).toBe(held === one.id ? 1 : 0);
    expect(await loadOf(two)).toBe(held === two.id ? 1 : 0);
  });

  it('A35 a message that races a closing is either before it or refused', async () => {
    for (let round = 0; round < 8; round++) {
      const { room, guest } = await buildRoom(app.url, shop);
      const sends = [...Array(10).keys()].map(() =>
        post(guest, `/api/rooms/${room.id}/messages`, { clientMessageId: newKey(), body: 'x' }),
      );
      const closing = rest(app.url, 'DELETE', `/api/rooms/${room.id}`, { token: shop.admin.token });
      const answers = await Promise.all(sends);
      await closing;
      const { body } = await rest(app.url, 'GET', `/api/rooms/${room.id}/messages`, { token: guest.token });
      const acked = answers.filter(({ status }) => status === 201).map((answer) => answer.body.seq);
      expect(body.items.at(-1).activity.type).toBe('closed');
      expect(acked.sort((a: number, b: number) => a - b)).toEqual(body.items.slice(0, -1).map(({ seq }: Message) => seq));
      for (const answer of answers.filter(({ status }) => status !== 201)) expect(answer.body.code).toBe('room.closed');
    }
  });

  it('disabling an agent puts its rooms back in the queue', async () => {
    const agent = await buildAgent(app.url, shop);
    const talk = await buildTalk(app.url, shop);
    await post(agent, `/api/rooms/${talk.roomId}/claim`);
    await rest(app.url, 'DELETE', `/api/agents/${agent.id}`, { token: shop.admin.token });
    const { body } = await rest(app.url, 'GET', `/api/rooms/${talk.roomId}`, { token: shop.admin.token });
    expect(body).toMatchObject({ assignee: null, status: 'open', queuePosition: expect.any(Number) });
    expect(await talk.guestSocket.waitFor('room.updated', ({ assignee, lastSeq }) => assignee === null && lastSeq === 2)).toBeDefined();
    expect(talk.guestSocket.all<Message>('message.created').map(({ activity }) => activity?.type)).toEqual(['assigned', 'unassigned']);
    expect(await loadOf(agent)).toBe(0);
  });

  it('a reopened room goes back to its agent, unless that agent has no room for it', async () => {
    const agent = await buildAgent(app.url, shop, { capacity: 1 });
    const { room } = await buildRoom(app.url, shop);
    await post(agent, `/api/rooms/${room.id}/claim`);
    await rest(app.url, 'DELETE', `/api/rooms/${room.id}`, { token: agent.token });
    expect((await post(shop.admin, `/api/rooms/${room.id}/reopen`)).body).toMatchObject({
      status: 'open',
      closedAt: null,
      assignee: { id: agent.id },
    });
    await rest(app.url, 'DELETE', `/api/rooms/${room.id}`, { token: agent.token });
    const other = await buildRoom(app.url, shop);
    await post(agent, `/api/rooms/${other.room.id}/claim`);
    expect((await post(shop.admin, `/api/rooms/${room.id}/reopen`)).body).toMatchObject({ status: 'open', assignee: null });
    expect(await loadOf(agent)).toBe(1);
  });

  it('lists the inbox newest first, filtered and in pages', async () => {
    const tenant = await buildBusiness(app.url);
    const agent = await buildAgent(app.url, tenant);
    const rooms: string[] = [];
    for (let i = 0; i < 7; i++) rooms.push((await buildRoom(app.url, tenant)).room.id);
    await say(app.url, agent, rooms[2]!, 'up');
    await post(agent, `/api/rooms/${rooms[4]}/claim`);
    await rest(app.url, 'DELETE', `/api/rooms/${rooms[5]}`, { token: agent.token });
    const list = async (query: string): Promise<{ ids: number[]; nextCursor: string | null }> => {
      const { body } = await rest(app.url, 'GET', `/api/rooms?${query}`, { token: agent.token });
      return { ids: body.items.map(({ id }: StaffRoom) => rooms.indexOf(id)), nextCursor: body.nextCursor };
    };
    // The order may be a second late.
    const newest = await until(
      () => list(''),
      ({ ids }) => ids.join('') === '5426310',
    );
    expect(newest.ids).toEqual([5, 4, 2, 6, 3, 1, 0]);
    expect((await list('assignee=me')).ids).toEqual([4]);
    expect((await list('assignee=none&status=open')).ids).toEqual([2, 6, 3, 1, 0]);
    expect((await list('status=closed')).ids).toEqual([5]);
    expect((await list(`assignee=${agent.id}`)).ids).toEqual([4]);
    let found: number[] = [];
    for (let cursor = ''; ;) {
      const page = await list(`limit=3${cursor}`);
      found = [...found, ...page.ids];
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(found).toEqual([5, 4, 2, 6, 3, 1, 0]);
    const { body } = await rest(app.url, 'GET', '/api/rooms?cursor=abc', { token: agent.token });
    expect(body.errors).toEqual([{ path: 'cursor', message: 'must be the nextCursor of this list' }]);
  });

  it('waiting rooms know their place in the queue', async () => {
    const tenant = await buildBusiness(app.url);
    const agent = await buildAgent(app.url, tenant);
    const talks: Awaited<ReturnType<typeof buildRoom>>[] = [];
    for (let i = 0; i < 3; i++) talks.push(await buildRoom(app.url, tenant));
    const place = async ({ guest, room }: (typeof talks)[0]): Promise<number | null> =>
      (await rest(app.url, 'GET', `/api/rooms/${room.id}`, { token: guest.token })).body.queuePosition;
    expect(await Promise.all(talks.map(place))).toEqual([1, 2, 3]);
    await post(agent, `/api/rooms/${talks[0]!.room.id}/claim`);
    expect(await Promise.all(talks.map(place))).toEqual([null, 1, 2]);
    await post(agent, `/api/rooms/${talks[0]!.room.id}/assign`, { agentId: null });
    expect(await Promise.all(talks.map(place))).toEqual([1, 2, 3]);
  });

  it('tells all staff of new and changed rooms, and the customer only of what it sees', async () => {
    const agent = await buildAgent(app.url, shop);
    const staff = await connect(app.url, agent.token);
    const { room, guest } = await buildRoom(app.url, shop);
    const created = await staff.waitFor<StaffRoom>('room.created', ({ id }) => id === room.id);
    expect(created).not.toHaveProperty('unread');
    expect(created).not.toHaveProperty('queuePosition');
    expect(created.context).toEqual({});
    const visitor = await connect(app.url, guest.token);
    await visitor.call('room.join', { roomId: room.id });
    await staff.call('room.update', { roomId: room.id, priority: 'urgent' });
    await staff.waitFor('room.updated', ({ priority }) => priority === 'urgent');
    await staff.call('room.update', { roomId: room.id, subject: 'Delivery' });
    const seen = await visitor.waitFor('room.updated');
    // The first that the customer hears of is the subject: the priority is none of its business, nor is its timing.
    expect(visitor.all('room.updated')).toEqual([seen]);
    expect(seen.subject).toBe('Delivery');
    expect(seen).not.toHaveProperty('priority');
    for (let i = 0; i < 10; i++) await say(app.url, guest, room.id, `line ${i}`);
    await staff.waitFor('room.updated', ({ lastMessage }) => lastMessage?.body === 'line 9');
    expect(staff.all('room.updated').filter(({ id }) => id === room.id).length).toBeLessThanOrEqual(5);
  });

  it('state and events together are the state read again', async () => {
    const { roomId, agent, agentSocket, guestSocket, guest } = await buildTalk(app.url, shop);
    // That somebody is online is an event of its own.
    await agentSocket.waitFor('presence.changed', ({ userId, status }) => userId === agent.id && status === 'online');
    await agentSocket.call('room.claim', { roomId });
    await guestSocket.call('message.send', { roomId, clientMessageId: newKey(), body: 'Hi' });
    await rest(app.url, 'PATCH', '/api/auth/me', { token: guest.token, body: { name: 'Gwendolyn' } });
    await agentSocket.call('room.update', { roomId, subject: 'S', priority: 'low' });
    for (const socket of [agentSocket, guestSocket]) {
      const { unread: _u, queuePosition: _q, ...now } = await socket.call('room.get', { roomId });
      const told = await socket.waitFor(
        'room.updated',
        (room) => room.subject === 'S' && room.lastSeq === now.lastSeq && room.customer.name === 'Gwendolyn',
      );
      expect(told).toEqual(now);
    }
  });

  it('T16 A31 a recording of all that a customer hears holds nothing of the staff’s', async () => {
    const { roomId, guestSocket, agentSocket, agent } = await buildTalk(app.url, shop);
    const canary = `canary-${newKey()}`;
    await agentSocket.call('message.send', { roomId, clientMessageId: newKey(), body: canary, stream: 'internal' });
    await agentSocket.call('typing.start', { roomId, stream: 'internal' });
    await agentSocket.call('message.mark', { roomId, stream: 'internal', read: 1 });
    await agentSocket.call('room.claim', { roomId });
    await agentSocket.call('room.update', { roomId, priority: 'high' });
    await agentSocket.call('presence.set', { status: 'busy' });
    await agentSocket.call('message.send', { roomId, clientMessageId: newKey(), body: 'Hello' });
    await guestSocket.waitFor('message.created', ({ body }) => body === 'Hello');
    const joined = await guestSocket.call('room.join', { roomId });
    const listed = await guestSocket.call('room.list', {});
    const bytes = JSON.stringify([guestSocket.heard, joined, listed]);
    for (const secret of [canary, agent.email as string, 'internal', 'priority', 'labels', 'overrides', 'capacity', '"load"', 'context']) {
      expect(bytes).not.toContain(secret);
    }
    expect(joined.entries.map(({ seq }: Message) => seq)).toEqual([1, 2]);
  });

  it('members of a room hear of each other; the customer of its assignee only', async () => {
    const { roomId, guestSocket, agentSocket, agent, guest } = await buildTalk(app.url, shop);
    await agentSocket.call('room.claim', { roomId });
    const watcher = await connect(app.url, shop.admin.token);
    await watcher.call('room.join', { roomId });
    const second = await connect(app.url, agent.token);
    await second.call('room.join', { roomId });
    expect(await agentSocket.waitFor('room.member_joined')).toMatchObject({ roomId, user: { id: shop.admin.id, role: 'admin' } });
    second.close();
    agentSocket.close();
    expect(await watcher.waitFor('room.member_left')).toMatchObject({ roomId, user: { id: agent.id } });
    expect(await guestSocket.waitFor('room.member_left')).toMatchObject({ user: { id: agent.id } });
    const back = await connect(app.url, agent.token);
    await back.call('room.join', { roomId });
    expect(await guestSocket.waitFor('room.member_joined')).toMatchObject({ user: { id: agent.id } });
    await guestSocket.call('room.leave', { roomId });
    expect(await watcher.waitFor('room.member_left', ({ user }) => user.id === guest.id)).toBeDefined();
    expect(guestSocket.all('room.member_joined')).toHaveLength(1);
  });

  it('A28 joining twice is once, and after leaving nothing comes', async () => {
    const { roomId, guestSocket, agent } = await buildTalk(app.url, shop);
    await guestSocket.call('room.join', { roomId });
    await say(app.url, agent, roomId, 'one');
    await guestSocket.waitFor('message.created');
    await guestSocket.call('room.leave', { roomId });
    await say(app.url, agent, roomId, 'two');
    await guestSocket.call('room.join', { roomId });
    await say(app.url, agent, roomId, 'three');
    await guestSocket.waitFor('message.created', ({ body }) => body === 'three');
    expect(guestSocket.all<Message>('message.created').map(({ body }) => body)).toEqual(['one', 'three']);
  });

  it('A25 what only sockets do is refused for the reasons that hold for the rest', async () => {
    const { room: other } = await buildRoom(app.url, shop);
    const { roomId, guestSocket, agentSocket } = await buildTalk(app.url, shop);
    const codeOf = async (command: string, payload: object): Promise<string> => (await guestSocket.refused(command, payload)).code;
    const commands = { 'room.join': {}, 'room.leave': {}, 'room.sync': { after: {} }, 'typing.start': {}, 'typing.stop': {} };
    for (const [command, more] of Object.entries(commands)) {
      expect([command, await codeOf(command, { roomId: other.id, ...more })]).toEqual([command, 'room.not_found']);
    }
    for (const command of ['room.join', 'room.sync']) {
      expect([command, await codeOf(command, { roomId, after: { internal: 0 } })]).toEqual([command, 'access.denied']);
    }
    expect(await codeOf('presence.list', {})).toBe('access.denied');
    expect(await guestSocket.call('typing.stop', { roomId })).toEqual({});
    for (const command of ['typing.start', 'typing.stop']) {
      expect([command, await codeOf(command, { roomId, stream: 'internal' })]).toEqual([command, 'access.denied']);
    }
    await agentSocket.call('room.close', { roomId });
    for (const command of ['typing.start', 'typing.stop'])
      expect([command, await codeOf(command, { roomId })]).toEqual([command, 'room.closed']);
  });

  it('A30 typing is seen by the others, stops by itself, by a message and by leaving', async () => {
    const { roomId, guestSocket, agentSocket, guest } = await buildTalk(app.url, shop);
    await guestSocket.call('typing.start', { roomId });
    expect(await agentSocket.waitFor('typing.started')).toEqual({
      roomId,
      stream: 'public',
      user: { id: guest.id, role: 'guest', name: 'Gwen', avatarUrl: null },
    });
    await guestSocket.call('message.send', { roomId, clientMessageId: newKey(), body: 'x' });
    await agentSocket.waitFor('typing.stopped');
    await guestSocket.call('typing.start', { roomId });
    await guestSocket.call('typing.start', { roomId });
    await agentSocket.waitFor('typing.stopped', () => agentSocket.all('typing.stopped').length === 2, 8_000);
    await guestSocket.call('typing.start', { roomId });
    guestSocket.close();
    await agentSocket.waitFor('typing.stopped', () => agentSocket.all('typing.stopped').length === 3);
    expect(agentSocket.all('typing.started')).toHaveLength(3);
    expect(guestSocket.all('typing.started')).toEqual([]);
  });
});
