import type { AgentScope } from '../src/contract/business.js';
import { reaches, reachOf, type RoomFacts } from '../src/access/permissions.js';
import { RoomPresenter } from '../src/room/room.presenter.js';
import { ROLES } from '../src/contract/user.js';
import { startApp, type TestApp } from './support/app.js';
import {
  buildAgent,
  buildBusiness,
  buildCustomer,
  buildGuest,
  buildRoom,
  buildTeam,
  newKey,
  say,
  setUp,
  until,
  type Person,
  type Tenant,
} from './support/factories.js';
import { rest, type Answer } from './support/rest.js';
import { closeSockets, connect } from './support/socket.js';

describe('what agents reach', () => {
  let app: TestApp;
  let shop: Tenant;
  let agent: Person;
  let mate: Person;
  let outsider: Person;
  let teamId: string;
  let otherTeamId: string;
  /** Rooms by what an agent of the team may have to do with them. */
  let rooms: Record<'own' | 'team' | 'otherTeam' | 'waiting' | 'colleague', string>;

  const get = (path: string, { token }: Person): Promise<Answer> => rest(app.url, 'GET', path, { token });
  const post = (path: string, body: unknown, { token }: Person): Promise<Answer> => rest(app.url, 'POST', path, { token, body });
  const idsOf = ({ body }: Answer): string[] => body.items.map(({ id }: { id: string }) => id).sort();
  const listed = async (person: Person, query = ''): Promise<string[]> => idsOf(await get(`/api/rooms?limit=200${query}`, person));
  const named = (...names: (keyof typeof rooms)[]): string[] => names.map((name) => rooms[name]).sort();
  const open = async (body: object = {}): Promise<string> => (await post('/api/rooms', body, await buildGuest(app.url, shop))).body.id;
  const assign = (roomId: string, to: Person | null, more: object = {}): Promise<Answer> =>
    post(`/api/rooms/${roomId}/assign`, { agentId: to?.id ?? null, ...more }, shop.admin);

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
    [agent, mate, outsider] = [await buildAgent(app.url, shop), await buildAgent(app.url, shop), await buildAgent(app.url, shop)];
    teamId = await buildTeam(app.url, shop, [agent, mate]);
    otherTeamId = await buildTeam(app.url, shop, [outsider]);
    rooms = {
      own: await open(),
      team: await open({ teamId }),
      otherTeam: await open({ teamId: otherTeamId }),
      waiting: await open(),
      colleague: await open(),
    };
    await assign(rooms.own, agent);
    await assign(rooms.colleague, outsider);
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  it.each<[AgentScope, (keyof typeof rooms)[]]>([
    ['own', ['own']],
    ['team', ['own', 'team']],
    ['all', ['own', 'team', 'otherTeam', 'waiting', 'colleague']],
  ])('B5 B8 A22 A38 with the scope %s, in lists, counts, both doors and both streams', async (agentScope, names) => {
    await setUp(app.url, shop, { agentScope });
    expect(await listed(agent)).toEqual(named(...names));
    expect(await listed(shop.admin)).toEqual(named('own', 'team', 'otherTeam', 'waiting', 'colleague'));
    expect(await listed(agent, `&teamId=${otherTeamId}`)).toEqual(names.includes('otherTeam') ? named('otherTeam') : []);
    expect(await listed(agent, '&assignee=none')).toEqual(named(...names.filter((name) => !['own', 'colleague'].includes(name))));
    const socket = await connect(app.url, agent.token);
    for (const [name, roomId] of Object.entries(rooms)) {
      const isReached = names.includes(name as keyof typeof rooms);
      const random = newKey();
      for (const [command, payload] of [
        ['room.get', {}],
        ['room.join', {}],
        ['room.sync', { after: { public: 0 } }],
        ['message.list', { stream: 'internal' }],
        ['message.mark', { read: 0 }],
        ['typing.start', {}],
        ['room.viewers', {}],
        ['message.send', { clientMessageId: newKey(), body: 'A note', stream: 'internal' }],
        ['room.update', { priority: 'high' }],
      ] as const) {
        const answer = await socket.ask(command, { roomId, ...payload });
        expect([name, command, answer.ok]).toEqual([name, command, isReached]);
        if (answer.ok) continue;
        const unknown = await socket.ask(command, { roomId: random, ...payload });
        const bare = ({ error: { requestId: _, ...error } }: { error: any }): object => error;
        expect(bare(answer)).toEqual(bare(unknown as { ok: false; error: any }));
      }
    }
    const { body } = await get('/api/rooms/unread', agent);
    expect(body).toEqual({ rooms: 0, messages: 0 });
  });

  it('B5 staff without reach hear nothing of a room, and whoever comes to reach it does at once', async () => {
    await setUp(app.url, shop, { agentScope: 'own' });
    const [own, admin] = await Promise.all([agent, shop.admin].map(({ token }) => connect(app.url, token)));
    const roomId = await open();
    await admin?.waitFor('room.created', ({ id }) => id === roomId);
    await post(`/api/rooms/${roomId}/assign`, { agentId: mate.id }, shop.admin);
    await admin?.waitFor('room.updated', ({ id, assignee }) => id === roomId && assignee?.id === mate.id);
    await own?.call('presence.heartbeat');
    expect(own?.heard.filter(({ payload }) => payload.id === roomId)).toEqual([]);
    await post(`/api/rooms/${roomId}/transfer`, { agentId: agent.id }, shop.admin);
    expect(await own?.waitFor('room.updated', ({ id }) => id === roomId)).toMatchObject({ assignee: { id: agent.id } });
    await setUp(app.url, shop, { agentScope: 'team' });
    const teams = await open({ teamId });
    expect((await own?.waitFor('room.created', ({ id }) => id === teams))?.teamId).toBe(teamId);
    const others = await open({ teamId: otherTeamId });
    await admin?.waitFor('room.created', ({ id }) => id === others);
    await own?.call('presence.heartbeat');
    expect(own?.heard.some(({ payload }) => payload.id === others)).toBe(false);
  });

  it.each(['here', 'on another node'])('A32 A15 P10 a room that is given away is heard no more within two seconds: %s', async (where) => {
    await setUp(app.url, shop, { agentScope: 'own' });
    const node = where === 'here' ? app : await startApp({}, app.databaseUrl);
    try {
      const { room, guest } = await buildRoom(app.url, shop);
      await assign(room.id, agent);
      const socket = await connect(node.url, agent.token);
      await socket.call('room.join', { roomId: room.id });
      await say(app.url, guest, room.id, 'Hello');
      await socket.waitFor('message.created', ({ body }) => body === 'Hello');
      await post(`/api/rooms/${room.id}/transfer`, { agentId: mate.id }, shop.admin);
      await socket.waitFor('room.removed', ({ roomId }) => roomId === room.id, 2_000);
      const before = socket.heard.length;
      await say(app.url, guest, room.id, 'A secret');
      await say(app.url, mate, room.id, 'Another', 'internal');
      // Longer than the sweep that finds what no signal told of.
      await new Promise((done) => setTimeout(done, 2_500));
      expect(socket.heard.slice(before).filter(({ event }) => event.startsWith('message'))).toEqual([]);
      expect((await socket.refused('message.send', { roomId: room.id, clientMessageId: newKey(), body: 'Wait' })).code).toBe(
        'room.not_found',
      );
      expect((await socket.refused('room.sync', { roomId: room.id, after: {} })).code).toBe('room.not_found');
    } finally {
      if (node !== app) await node.close();
    }
  });

  it.each(['here', 'on another node'])('A32 what was on its way of a room comes not after its removal: %s', async (where) => {
    await setUp(app.url, shop, { agentScope: 'own' });
    const node = where === 'here' ? app : await startApp({}, app.databaseUrl);
    try {
      const roomId = await open();
      await assign(roomId, agent);
      const [socket, admin] = await Promise.all([agent, shop.admin].map(({ token }) => connect(node.url, token)));
      await socket?.call('room.join', { roomId });
      const presenter = node.app.get(RoomPresenter);
      const read = presenter.forEvents.bind(presenter);
      // The room is given away between the reading and the sending.
      presenter.forEvents = async (ids) => {
        const views = await read(ids);
        if (!views.some(({ staff }) => staff.id === roomId && staff.subject === 'A secret')) return views;
        presenter.forEvents = read;
        await post(`/api/rooms/${roomId}/transfer`, { agentId: mate.id }, shop.admin);
        await socket?.waitFor('room.removed', (removed) => removed.roomId === roomId);
        return views;
      };
      await rest(node.url, 'PATCH', `/api/rooms/${roomId}`, { token: shop.admin.token, body: { subject: 'A secret' } });
      await admin?.waitFor('room.updated', ({ id, subject }) => id === roomId && subject === 'A secret');
      expect(admin?.all('room.updated').at(-1)).toMatchObject({ assignee: { id: mate.id } });
      await socket?.call('presence.heartbeat');
      const removedAt = socket?.heard.findIndex(({ event }) => event === 'room.removed');
      expect(socket?.heard.slice(removedAt).filter(({ payload }) => payload.id === roomId)).toEqual([]);
    } finally {
      if (node !== app) await node.close();
    }
  });

  it.each(['here', 'on another node'])('A15 agents are told once that they reach other rooms, and nobody else is: %s', async (where) => {
    await setUp(app.url, shop, { agentScope: 'all' });
    const own = await buildAgent(app.url, shop);
    const node = where === 'here' ? app : await startApp({}, app.databaseUrl);
    try {
      const [socket, admin] = await Promise.all([own, shop.admin].map(({ token }) => connect(node.url, token)));
      const team = await buildTeam(app.url, shop, [own]);
      await setUp(app.url, shop, { agentScope: 'own' });
      await socket?.waitFor('reach.changed', ({ agentScope }) => agentScope === 'own', 2_000);
      await setUp(app.url, shop, { agentScope: 'team' });
      await socket?.waitFor('reach.changed', ({ agentScope }) => agentScope === 'team', 2_000);
      await rest(app.url, 'PATCH', `/api/agents/${own.id}`, { token: shop.admin.token, body: { teamIds: [] } });
      await socket?.waitFor('reach.changed', ({ teamIds }) => teamIds.length === 0, 2_000);
      expect(socket?.all('reach.changed')).toEqual([
        { agentScope: 'own', teamIds: [team] },
        { agentScope: 'team', teamIds: [team] },
        { agentScope: 'team', teamIds: [] },
      ]);
      await admin?.call('presence.heartbeat');
      expect(admin?.all('reach.changed')).toEqual([]);
    } finally {
      if (node !== app) await node.close();
    }
  });

  it('A15 a team that is left, and one that is deleted, are out of reach at once', async () => {
    await setUp(app.url, shop, { agentScope: 'team' });
    const [leaver, stayer] = [await buildAgent(app.url, shop), await buildAgent(app.url, shop)];
    const team = await buildTeam(app.url, shop, [leaver, stayer]);
    const roomId = await open({ teamId: team });
    const [left, stayed] = await Promise.all([leaver, stayer].map(({ token }) => connect(app.url, token)));
    for (const socket of [left, stayed]) await socket?.call('room.join', { roomId });
    await rest(app.url, 'PATCH', `/api/agents/${leaver.id}`, { token: shop.admin.token, body: { teamIds: [] } });
    await left?.waitFor('room.removed', (removed) => removed.roomId === roomId, 2_000);
    expect(stayed?.all('room.removed')).toEqual([]);
    expect((await get(`/api/rooms/${roomId}`, leaver)).body.code).toBe('room.not_found');
    expect((await rest(app.url, 'DELETE', `/api/teams/${team}`, { token: shop.admin.token })).status).toBe(204);
    await stayed?.waitFor('room.removed', (removed) => removed.roomId === roomId, 2_000);
    expect((await get(`/api/rooms/${roomId}`, shop.admin)).body.teamId).toBeNull();
    const { body } = await get(`/api/rooms/${roomId}/messages?stream=internal`, shop.admin);
    expect(body.items.at(-1).activity).toMatchObject({ type: 'team_changed', to: null });
  });

  it('whoever gives a room away gets it as the answer all the same', async () => {
    await setUp(app.url, shop, { agentScope: 'own' });
    const roomId = await open();
    await assign(roomId, agent);
    const { status, body } = await post(`/api/rooms/${roomId}/transfer`, { agentId: mate.id, note: 'Please' }, agent);
    expect([status, body.assignee.id]).toEqual([200, mate.id]);
    expect((await get(`/api/rooms/${roomId}`, agent)).body.code).toBe('room.not_found');
    expect((await get(`/api/rooms/${roomId}/messages?stream=internal`, mate)).body.items.at(-1)).toMatchObject({ body: 'Please' });
    // A closed room stays with whom it had last.
    await rest(app.url, 'DELETE', `/api/rooms/${roomId}`, { token: mate.token });
    expect((await get(`/api/rooms/${roomId}`, mate)).status).toBe(200);
  });

  it('A22 whoever gave a room away changes nothing of what it said there', async () => {
    await setUp(app.url, shop, { agentScope: 'own' });
    const roomId = await open();
    await assign(roomId, agent);
    const { id, body } = await say(app.url, agent, roomId, 'One moment');
    await post(`/api/rooms/${roomId}/transfer`, { agentId: mate.id }, agent);
    const path = `/api/rooms/${roomId}/messages/${id}`;
    const changes = [
      await rest(app.url, 'PATCH', path, { token: agent.token, body: { body: 'Never' } }),
      await rest(app.url, 'DELETE', path, { token: agent.token }),
    ];
    expect(changes.map((answer) => answer.body.code)).toEqual(['room.not_found', 'room.not_found']);
    const history = await get(`/api/rooms/${roomId}/messages`, mate);
    expect(history.body.items.filter((entry: { kind: string }) => entry.kind !== 'activity')).toMatchObject([{ id, body, editedAt: null }]);
  });

  it('C4 reopening makes no second open room, also of one from when a customer could have several', async () => {
    const own = await buildBusiness(app.url);
    await setUp(app.url, own, { multipleRooms: true });
    const guest = await buildGuest(app.url, own);
    const open = async (): Promise<string> => (await post('/api/rooms', {}, guest)).body.id;
    const reopen = async (id: string): Promise<unknown[]> => {
      const { status, body } = await post(`/api/rooms/${id}/reopen`, {}, own.admin);
      return [status, body.code];
    };
    const [first, second] = [await open(), await open()];
    await rest(app.url, 'DELETE', `/api/rooms/${first}`, { token: own.admin.token });
    expect(await reopen(first)).toEqual([200, undefined]);
    await rest(app.url, 'DELETE', `/api/rooms/${first}`, { token: own.admin.token });
    await setUp(app.url, own, { multipleRooms: false });
    expect(await reopen(first)).toEqual([409, 'room.already_open']);
    await rest(app.url, 'DELETE', `/api/rooms/${second}`, { token: own.admin.token });
    const answers = await Promise.all([reopen(first), reopen(second)]);
    expect(answers.sort()).toEqual([[200, undefined] as const, [409, 'room.already_open'] as const].sort());
  });

  it('A22 who reopens a room is not told of an open one out of reach', async () => {
    await setUp(app.url, shop, { agentScope: 'own' });
    const guest = await buildGuest(app.url, shop);
    const first = (await post('/api/rooms', {}, guest)).body.id;
    await assign(first, agent);
    await rest(app.url, 'DELETE', `/api/rooms/${first}`, { token: agent.token });
    const second = (await post('/api/rooms', {}, guest)).body.id;
    const reopen = async (person: Person): Promise<unknown> => {
      const { body } = await post(`/api/rooms/${first}/reopen`, {}, person);
      return [body.code, body.details];
    };
    expect(await reopen(agent)).toEqual(['room.already_open', { roomId: null }]);
    expect(await reopen(shop.admin)).toEqual(['room.already_open', { roomId: second }]);
  });

  it('staff open no room that they would not reach', async () => {
    await setUp(app.url, shop, { agentScope: 'team' });
    const [customer, known] = [await buildCustomer(app.url, shop), await buildRoom(app.url, shop)];
    const start = (body: object, person = agent): Promise<Answer> => post('/api/rooms', body, person);
    // Whom it does not reach is not there, whether that one has a room or not.
    for (const stranger of [customer.id, known.guest.id, newKey()]) {
      expect((await start({ customerId: stranger, teamId })).body.code).toBe('user.not_found');
    }
    const { body: first } = await post('/api/rooms', { customerId: customer.id, teamId }, shop.admin);
    await rest(app.url, 'DELETE', `/api/rooms/${first.id}`, { token: shop.admin.token });
    expect((await start({ customerId: customer.id })).body.code).toBe('access.denied');
    expect((await start({ customerId: customer.id, teamId: otherTeamId })).body.code).toBe('access.denied');
    expect((await start({ customerId: customer.id, teamId: newKey() })).body.code).toBe('team.not_found');
    expect(await app.sql("SELECT 1 FROM room WHERE customer_id = $1 AND status <> 'closed'", [customer.id])).toEqual([]);
    expect((await start({ customerId: customer.id, teamId })).body).toMatchObject({ teamId, customer: { id: customer.id } });
  });

  it('who is online are colleagues, and customers of rooms within reach', async () => {
    await setUp(app.url, shop, { agentScope: 'own' });
    const [mine, foreign] = [await buildRoom(app.url, shop), await buildRoom(app.url, shop)];
    await assign(mine.room.id, agent);
    for (const { token } of [mine.guest, foreign.guest, outsider]) await connect(app.url, token);
    const online = async (person: Person): Promise<string[]> => idsOf(await get('/api/presence', person));
    await until(
      () => online(shop.admin),
      (ids) => [mine.guest.id, foreign.guest.id, outsider.id].every((id) => ids.includes(id)),
    );
    const seen = await online(agent);
    expect(seen).toEqual(expect.arrayContaining([mine.guest.id, outsider.id]));
    expect(seen).not.toContain(foreign.guest.id);
  });

  it('is the same in the policy and in the database, for every person and room there can be', async () => {
    const people = ROLES.flatMap((role) =>
      (['own', 'team', 'all'] as const).flatMap((scope) =>
        [[], [teamId], [otherTeamId, teamId]].map((teamIds) => ({ role, reach: reachOf(role, scope), teamIds })),
      ),
    );
    const me = newKey();
    const [own, other] = [shop.id, newKey()];
    const facts: RoomFacts[] = [own, other].flatMap((businessId) =>
      [me, newKey()].flatMap((customerId) =>
        [me, newKey(), null].flatMap((assigneeId) =>
          [teamId, newKey(), null].map((team) => ({ businessId, customerId, assigneeId, teamId: team })),
        ),
      ),
    );
    const cases = people.flatMap((person) => facts.map((room) => ({ person: { id: me, businessId: own, ...person }, room })));
    expect(cases.length).toBe(1_296);
    const [{ judged }] = (await app.sql<{ judged: boolean[] }>(
      `SELECT array_agg(reaches_room(
          jsonb_populate_record(NULL::"user", c.value -> 'person'), jsonb_populate_record(NULL::room, c.value -> 'room')) ORDER BY c.ordinality) AS judged
        FROM jsonb_array_elements($1) WITH ORDINALITY c`,
      [
        JSON.stringify(
          cases.map(({ person, room }) => ({
            person: { id: person.id, business_id: person.businessId, role: person.role, reach: person.reach, team_ids: person.teamIds },
            room: { business_id: room.businessId, customer_id: room.customerId, assignee_id: room.assigneeId, team_id: room.teamId },
          })),
        ),
      ],
    )) as [{ judged: boolean[] }];
    expect(judged).toEqual(cases.map(({ person, room }) => reaches(person, room)));
    expect(judged.filter(Boolean).length).toBeGreaterThan(200);
  });
});
