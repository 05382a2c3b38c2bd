import pg from 'pg';
import type { RoutingDecision } from '../src/contract/routing.js';
import type { StaffRoom } from '../src/contract/room.js';
import { choose, type RoutingFacts } from '../src/routing/choose.js';
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
import { closeSockets, connect, type TestSocket } from './support/socket.js';

const AUTO = { routing: { mode: 'auto' } };

describe('routing', () => {
  let app: TestApp;
  let shop: Tenant;

  beforeAll(async () => {
    app = await startApp();
  });
  beforeEach(async () => {
    shop = await buildBusiness(app.url);
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  const get = (path: string, { token }: Person = shop.admin): Promise<Answer> => rest(app.url, 'GET', path, { token });
  const post = (path: string, body: unknown = {}, { token }: Person = shop.admin): Promise<Answer> =>
    rest(app.url, 'POST', path, { token, body });
  const patchRoom = (roomId: string, body: unknown): Promise<Answer> =>
    rest(app.url, 'PATCH', `/api/rooms/${roomId}`, { token: shop.admin.token, body });
  const room = async (roomId: string): Promise<StaffRoom> => (await get(`/api/rooms/${roomId}`)).body;
  const holder = async (roomId: string): Promise<string | null> => (await room(roomId)).assignee?.id ?? null;
  /** Who has the room, as soon as it is this one or the time is over. */
  const heldBy = (roomId: string, agent: Person | null): Promise<string | null> =>
    until(
      () => holder(roomId),
      (id) => id === (agent?.id ?? null),
    );
  const decisions = async (roomId: string): Promise<RoutingDecision[]> => (await get(`/api/rooms/${roomId}/routing`)).body.items;
  const online = async (person: Person, status = 'online'): Promise<TestSocket> => {
    const socket = await connect(app.url, person.token);
    await socket.call('presence.set', { status });
    await until(
      async () => (await get('/api/agents?limit=200')).body.items.find(({ id }: Person) => id === person.id).presence,
      (shown) => shown === status,
    );
    return socket;
  };
  const agentOnline = async (more: Parameters<typeof buildAgent>[2] = {}): Promise<Person> => {
    const agent = await buildAgent(app.url, shop, more);
    await online(agent);
    return agent;
  };
  const newRoom = async (body: object = {}): Promise<{ id: string; guest: Person }> => {
    const guest = await buildGuest(app.url, shop);
    return { id: (await post('/api/rooms', body, guest)).body.id, guest };
  };
  const activities = async (roomId: string): Promise<string[]> =>
    (await get(`/api/rooms/${roomId}/messages`)).body.items.map(({ activity }: { activity: { type: string } | null }) => activity?.type);

  describe('C15 C16 N11 the server gives rooms', () => {
    it('to nobody while agents take them from the pool', async () => {
      await agentOnline();
      const { id } = await newRoom();
      await new Promise((done) => setTimeout(done, 200));
      expect(await holder(id)).toBeNull();
      expect(await decisions(id)).toEqual([]);
    });

    it('to the least loaded agent who is online, and tells everybody', async () => {
      await setUp(app.url, shop, AUTO);
      const [busy, away, first, second] = [
        await buildAgent(app.url, shop),
        await buildAgent(app.url, shop),
        await agentOnline({ name: 'First' }),
        await agentOnline({ name: 'Second' }),
      ];
      await online(busy, 'busy');
      await online(away, 'away');
      const guest = await buildGuest(app.url, shop);
      const socket = await connect(app.url, guest.token);
      const { id } = await socket.call('room.open');
      const entry = await socket.waitFor('message.created', ({ kind }) => kind === 'activity');
      expect(entry.activity).toMatchObject({ type: 'assigned', actor: null });
      expect((await socket.waitFor('room.updated', ({ assignee }) => assignee !== null)).assignee.id).toBe(entry.activity.assignee.id);
      expect([first.id, second.id]).toContain(await holder(id));
      const rooms = [await newRoom(), await newRoom(), await newRoom()];
      for (const { id: other } of rooms)
        await until(
          () => holder(other),
          (is) => is !== null,
        );
      const loads = (await get('/api/agents')).body.items.map(({ id: agentId, load }: { id: string; load: number }) => [agentId, load]);
      expect(Object.fromEntries(loads)).toMatchObject({ [first.id]: 2, [second.id]: 2, [busy.id]: 0, [away.id]: 0 });
    });

    it('to who has been idle longest among equals', async () => {
      await setUp(app.url, shop, AUTO);
      const [first, second, third] = [await agentOnline(), await agentOnline(), await agentOnline()];
      await app.sql('UPDATE "user" SET idle_since = now() - interval \'1 hour\' WHERE id = $1', [second.id]);
      await app.sql('UPDATE "user" SET idle_since = now() - interval \'1 minute\' WHERE id = $1', [third.id]);
      const ids = [await newRoom(), await newRoom(), await newRoom()].map(({ id }) => id);
      for (const [index, agent] of [second, third, first].entries()) expect(await heldBy(ids[index] as string, agent)).toBe(agent.id);
    });

    it('to the agent of the last time, unless the business says otherwise', async () => {
      await setUp(app.url, shop, AUTO);
      const [agent, colleague] = [await agentOnline(), await agentOnline()];
      const customer = await buildCustomer(app.url, shop);
      const first = (await post('/api/rooms', {}, customer)).body.id;
      const had = await until(
        () => holder(first),
        (id) => id !== null,
      );
      const [last, other] = had === agent.id ? [agent, colleague] : [colleague, agent];
      await rest(app.url, 'DELETE', `/api/rooms/${first}`, { token: shop.admin.token });
      const { id: elsewhere } = await newRoom();
      expect(await heldBy(elsewhere, other)).toBe(other.id);
      const third = await newRoom();
      await until(
        () => holder(third.id),
        (id) => id !== null,
      );
      const returned = (await post('/api/rooms', {}, customer)).body.id;
      expect(await heldBy(returned, last)).toBe(last.id);
      expect((await decisions(returned))[0]).toMatchObject({ reason: 'last_agent', agent: { id: last.id } });
      await rest(app.url, 'DELETE', `/api/rooms/${returned}`, { token: shop.admin.token });
      await setUp(app.url, shop, { routing: { lastAgentFirst: false } });
      expect((await get('/api/business')).body.settings.routing).toEqual({
        mode: 'auto',
        lastAgentFirst: false,
        giveBackAfterSeconds: 300,
      });
      const again = (await post('/api/rooms', {}, customer)).body.id;
      await until(
        () => holder(again),
        (id) => id !== null,
      );
      expect((await decisions(again))[0]?.reason).not.toBe('last_agent');
    });

    it('to the team that a room is for, and to nobody else', async () => {
      await setUp(app.url, shop, AUTO);
      const [member, outsider] = [await buildAgent(app.url, shop), await agentOnline()];
      const teamId = await buildTeam(app.url, shop, [member]);
      const { id } = await newRoom({ teamId });
      await until(
        () => decisions(id),
        ({ length }) => length > 0,
      );
      expect(await holder(id)).toBeNull();
      expect((await decisions(id))[0]).toMatchObject({
        agent: null,
        reason: null,
        candidates: [{ agent: { id: outsider.id }, verdict: 'not_in_team' }],
      });
      await online(member);
      expect(await heldBy(id, member)).toBe(member.id);
    });

    it('C2 to the pinned agent first, and in the mode of the room', async () => {
      const [agent, pinned] = [await agentOnline(), await buildAgent(app.url, shop, { name: 'Pia' })];
      const { id } = await newRoom();
      const changed = await patchRoom(id, { overrides: { pinnedAgentId: pinned.id } });
      const set = { by: shop.admin.id, at: expect.any(String) };
      expect(changed.body.overrides).toEqual({ pinnedAgentId: { value: pinned.id, ...set } });
      expect(await holder(id)).toBeNull();
      await online(pinned);
      expect(await heldBy(id, pinned)).toBe(pinned.id);
      const other = await newRoom();
      const auto = await patchRoom(other.id, { overrides: { routingMode: 'auto' } });
      expect(auto.body.overrides).toEqual({ routingMode: { value: 'auto', ...set } });
      expect(await heldBy(other.id, agent)).toBe(agent.id);
      // The business gives rooms, this one is for whoever takes it.
      await setUp(app.url, shop, AUTO);
      const socket = await connect(app.url, agent.token);
      await socket.call('presence.set', { status: 'busy' });
      await rest(app.url, 'PUT', '/api/presence', { token: pinned.token, body: { status: 'busy' } });
      const kept = await newRoom();
      await patchRoom(kept.id, { overrides: { routingMode: 'pool', pinnedAgentId: null } });
      await socket.call('presence.set', { status: 'online' });
      await new Promise((done) => setTimeout(done, 200));
      expect(await holder(kept.id)).toBeNull();
      expect((await patchRoom(kept.id, { overrides: { routingMode: null } })).body.overrides).toEqual({});
      expect(await heldBy(kept.id, agent)).toBe(agent.id);
      const lines = (await get(`/api/rooms/${kept.id}/messages?stream=internal`)).body.items.map(({ activity }: any) => activity);
      expect(lines).toMatchObject([
        { type: 'routing_mode_changed', from: null, to: 'pool' },
        { type: 'routing_mode_changed', from: 'pool', to: null },
      ]);
    });

    it('A23 A43 pins no one who is not of the business, and takes no other mode', async () => {
      const { id, guest } = await newRoom();
      const foreign = await buildAgent(app.url, await buildBusiness(app.url));
      for (const pinnedAgentId of [foreign.id, guest.id, newKey()]) {
        expect((await patchRoom(id, { overrides: { pinnedAgentId } })).body.code).toBe('user.not_found');
      }
      for (const overrides of [{ routingMode: 'fair' }, { pinnedAgentId: 7 }, { hours: 1 }, null, [], 'auto']) {
        expect((await patchRoom(id, { overrides })).body.code).toBe('validation.failed');
      }
      expect((await room(id)).overrides).toEqual({});
      for (const routing of [
        { mode: 'fair' },
        { giveBackAfterSeconds: -1 },
        { giveBackAfterSeconds: 86_401 },
        { lastAgentFirst: 1 },
        [],
        7,
      ]) {
        const { status } = await rest(app.url, 'PATCH', '/api/business', { token: shop.admin.token, body: { settings: { routing } } });
        expect([routing, status]).toEqual([routing, 400]);
      }
    });
  });

  describe('P9 N10 N12 the queue', () => {
    it('is emptied from the front as capacity comes free', async () => {
      await setUp(app.url, shop, AUTO);
      const ids = [];
      for (let n = 0; n < 4; n++) ids.push((await newRoom()).id);
      const [first, second, third, fourth] = ids as [string, string, string, string];
      const agent = await agentOnline({ capacity: 1 });
      expect(await heldBy(first, agent)).toBe(agent.id);
      for (const id of [second, third, fourth]) expect(await holder(id)).toBeNull();
      await rest(app.url, 'DELETE', `/api/rooms/${first}`, { token: agent.token });
      expect(await heldBy(second, agent)).toBe(agent.id);
      await rest(app.url, 'PATCH', `/api/agents/${agent.id}`, { token: shop.admin.token, body: { capacity: 2 } });
      expect(await heldBy(third, agent)).toBe(agent.id);
      expect(await holder(fourth)).toBeNull();
      await post(`/api/rooms/${second}/transfer`, { agentId: shop.admin.id, note: 'Yours' });
      expect(await heldBy(fourth, agent)).toBe(agent.id);
      expect((await room(fourth)).queuePosition).toBeNull();
    });

    it('tells a waiting customer its place, and an estimate once there is something to make it from', async () => {
      const agent = await agentOnline();
      const waiting: { id: string; socket: TestSocket }[] = [];
      for (let n = 0; n < 8; n++) {
        const socket = await connect(app.url, (await buildGuest(app.url, shop)).token);
        waiting.push({ id: (await socket.call('room.open')).id, socket });
      }
      for (const [index, { id, socket }] of waiting.entries()) {
        expect(await socket.waitFor('queue.moved', ({ position }) => position === index + 1)).toEqual({
          roomId: id,
          position: index + 1,
          estimateSeconds: null,
        });
      }
      await app.sql("UPDATE room SET waiting_since = waiting_since - interval '8 minutes' WHERE business_id = $1", [shop.id]);
      for (let n = 0; n < 5; n++) {
        // Each was taken a minute after the one before.
        await app.sql("UPDATE queue_departure SET at = at - interval '1 minute' WHERE business_id = $1", [shop.id]);
        await post(`/api/rooms/${waiting[n]?.id}/claim`, {}, agent);
        await until(
          () => app.sql('SELECT 1 FROM queue_departure WHERE business_id = $1', [shop.id]),
          ({ length }) => length === n + 1,
        );
      }
      const places = await Promise.all(
        waiting.slice(5).map(({ socket }) => socket.waitFor('queue.moved', ({ estimateSeconds }) => estimateSeconds !== null, 8_000)),
      );
      expect(places.map(({ position }) => position)).toEqual([1, 2, 3]);
      const estimates = places.map(({ estimateSeconds }) => estimateSeconds);
      expect(estimates[0]).toBeGreaterThanOrEqual(60);
      expect(estimates[2]).toBeGreaterThan(estimates[0] * 1.5);
      // Staff hear no places: the list has them.
      expect((await room(waiting[6]?.id as string)).queuePosition).toBe(2);
    });
  });

  it('rooms that nobody can have keep nobody behind them from an agent', async () => {
    await setUp(app.url, shop, AUTO);
    const teamId = await buildTeam(app.url, shop);
    const agent = await agentOnline();
    const { id: first } = await newRoom({ teamId });
    // More than are looked at in one go.
    await app.sql(
      `INSERT INTO room (id, business_id, customer_id, team_id, status, context, priority, is_exclusive, waiting_since)
         SELECT gen_random_uuid(), business_id, customer_id, team_id, 'open', '{}', 'normal', false, waiting_since - n * interval '1 second'
         FROM room, generate_series(1, 250) n WHERE id = $1`,
      [first],
    );
    const { id } = await newRoom();
    expect(await heldBy(id, agent)).toBe(agent.id);
    const noted = await app.sql<{ n: string }>('SELECT count(*) AS n FROM routing_decision WHERE business_id = $1 AND agent_id IS NULL', [
      shop.id,
    ]);
    expect(Number(noted[0]?.n)).toBeLessThanOrEqual(25);
  });

  it('a room that changed while it was decided on is decided on anew', async () => {
    await setUp(app.url, shop, AUTO);
    const [agent, member] = [await buildAgent(app.url, shop), await buildAgent(app.url, shop)];
    const teamId = await buildTeam(app.url, shop, [member]);
    const { id } = await newRoom();
    const blocker = new pg.Client({ connectionString: app.databaseUrl });
    await blocker.connect();
    await blocker.query('BEGIN');
    await blocker.query('UPDATE room SET team_id = $1 WHERE id = $2', [teamId, id]);
    await online(agent);
    await until(
      () => app.sql("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"),
      ({ length }) => length > 0,
    );
    await blocker.query('COMMIT');
    await blocker.end();
    await until(
      () => decisions(id),
      ([latest]) => latest?.candidates[0]?.verdict === 'not_in_team',
    );
    expect(await holder(id)).toBeNull();
    await online(member);
    expect(await heldBy(id, member)).toBe(member.id);
  });

  describe('N53 F9 agents who are gone', () => {
    /** As if so much time had passed since somebody was last here. */
    const leave = async (agent: Person, seconds: number): Promise<void> => {
      const back = `interval '${seconds} seconds'`;
      await until(
        () => app.sql('SELECT 1 FROM presence_lease WHERE user_id = $1 AND is_connected', [agent.id]),
        ({ length }) => length === 0,
      );
      await app.sql(`UPDATE presence_lease SET expires_at = expires_at - ${back} WHERE user_id = $1`, [agent.id]);
      await app.sql(`UPDATE presence SET last_seen_at = last_seen_at - ${back} WHERE user_id = $1`, [agent.id]);
      await app.sql(`UPDATE room SET assigned_at = assigned_at - ${back} WHERE assignee_id = $1`, [agent.id]);
    };
    const claimed = async (agent: Person, guest?: Person): Promise<{ roomId: string; guest: Person }> => {
      const { room: opened, guest: owner } = await buildRoom(app.url, shop, guest);
      await post(`/api/rooms/${opened.id}/claim`, {}, agent);
      return { roomId: opened.id, guest: owner };
    };

    it('give back the rooms in which a customer waits for an answer, the oldest first, and the customer is told', async () => {
      await setUp(app.url, shop, { routing: { giveBackAfterSeconds: 60 } });
      const agent = await buildAgent(app.url, shop);
      const socket = await online(agent);
      const [older, answered, newer, silent] = [await claimed(agent), await claimed(agent), await claimed(agent), await claimed(agent)];
      for (const { guest, roomId } of [newer, answered, older]) await say(app.url, guest, roomId, 'Hello?');
      await say(app.url, agent, answered.roomId, 'Hello!');
      await say(app.url, agent, older.roomId, 'A note', 'internal');
      const customer = await connect(app.url, older.guest.token);
      await customer.call('room.join', { roomId: older.roomId });
      socket.close();
      await leave(agent, 30);
      await new Promise((done) => setTimeout(done, 2_500));
      expect(await holder(older.roomId)).toBe(agent.id);
      await leave(agent, 60);
      expect(await heldBy(older.roomId, null)).toBeNull();
      expect(await heldBy(newer.roomId, null)).toBeNull();
      expect([await holder(answered.roomId), await holder(silent.roomId)]).toEqual([agent.id, agent.id]);
      const entry = await customer.waitFor('message.created', ({ activity }) => activity?.type === 'unassigned');
      expect(entry.activity).toEqual({ type: 'unassigned', actor: null, assignee: null });
      expect(await customer.waitFor('queue.moved')).toMatchObject({ roomId: older.roomId, position: 1 });
      // Taken and given back again, it is at the same place again, and told so again.
      await post(`/api/rooms/${older.roomId}/claim`, {}, shop.admin);
      await post(`/api/rooms/${older.roomId}/assign`, { agentId: null }, shop.admin);
      await until(
        () => Promise.resolve(customer.all('queue.moved')),
        ({ length }) => length === 2,
      );
      expect(customer.all('queue.moved')[1]).toMatchObject({ position: 1 });
      expect((await room(newer.roomId)).queuePosition).toBe(2);
      expect((await get('/api/agents')).body.items.find(({ id }: Person) => id === agent.id).load).toBe(2);
      // A question that comes while the agent is gone need not wait for long.
      await say(app.url, answered.guest, answered.roomId, 'One more thing');
      expect(await heldBy(answered.roomId, null)).toBeNull();
    });

    it('an agent who is given back does not come to it at once, one who was only gone may have it again', async () => {
      await setUp(app.url, shop, { routing: { mode: 'auto', giveBackAfterSeconds: 0 } });
      const agent = await buildAgent(app.url, shop);
      let socket = await online(agent);
      const { id, guest } = await newRoom();
      expect(await heldBy(id, agent)).toBe(agent.id);
      await say(app.url, guest, id, 'Hello?');
      socket.close();
      await leave(agent, 60);
      expect(await heldBy(id, null)).toBeNull();
      socket = await online(agent);
      expect(await heldBy(id, agent)).toBe(agent.id);
      await post(`/api/rooms/${id}/assign`, { agentId: null }, agent);
      await until(
        () => decisions(id),
        ([latest]) => latest?.agent === null,
      );
      expect(await holder(id)).toBeNull();
      expect((await decisions(id))[0]?.candidates).toMatchObject([{ agent: { id: agent.id }, verdict: 'declined' }]);
      await post(`/api/rooms/${id}/claim`, {}, agent);
      expect(await holder(id)).toBe(agent.id);
      expect(await activities(id)).toEqual(['assigned', undefined, 'unassigned', 'assigned', 'unassigned', 'assigned']);
      expect(socket.raw.connected).toBe(true);
    });

    it('keep all, where the business says so, and so do those who are connected but away', async () => {
      await setUp(app.url, shop, { routing: { giveBackAfterSeconds: null } });
      const agent = await buildAgent(app.url, shop);
      const { roomId, guest } = await claimed(agent);
      await say(app.url, guest, roomId, 'Hello?');
      await app.sql("UPDATE room SET assigned_at = now() - interval '1 day' WHERE id = $1", [roomId]);
      await new Promise((done) => setTimeout(done, 2_500));
      expect(await holder(roomId)).toBe(agent.id);
      await online(agent, 'offline');
      await setUp(app.url, shop, { routing: { giveBackAfterSeconds: 0 } });
      await new Promise((done) => setTimeout(done, 2_500));
      expect(await holder(roomId)).toBe(agent.id);
    });
  });

  describe('C14 a transfer', () => {
    const transfer = (roomId: string, body: object, person = shop.admin): Promise<Answer> =>
      post(`/api/rooms/${roomId}/transfer`, body, person);

    it('hands the room on with its history, a note for staff and a line for all', async () => {
      const [agent, colleague] = [await buildAgent(app.url, shop), await buildAgent(app.url, shop, { capacity: 1 })];
      const { id, guest } = await newRoom();
      await post(`/api/rooms/${id}/claim`, {}, agent);
      await say(app.url, guest, id, 'Hello');
      const sockets = await Promise.all([agent, colleague, guest].map(({ token }) => connect(app.url, token)));
      for (const socket of sockets) await socket.call('room.join', { roomId: id });
      const { status, body } = await transfer(id, { agentId: colleague.id, note: 'Wants a refund' }, agent);
      expect([status, body.assignee.id, body.assignee.load]).toEqual([200, colleague.id, 1]);
      const entry = await sockets[2]?.waitFor('message.created', ({ activity }) => activity?.type === 'transferred');
      expect(entry.activity).toMatchObject({ actor: { id: agent.id }, assignee: { id: colleague.id } });
      const note = await sockets[1]?.waitFor('message.created', ({ stream }) => stream === 'internal');
      expect(note).toMatchObject({ kind: 'text', body: 'Wants a refund', sender: { id: agent.id } });
      expect(sockets[2]?.heard.some(({ payload }) => JSON.stringify(payload).includes('refund'))).toBe(false);
      expect((await get('/api/agents')).body.items.find((one: Person) => one.id === agent.id).load).toBe(0);
      // Once more changes nothing, but loses no note.
      expect((await transfer(id, { agentId: colleague.id, note: 'And quickly' }, agent)).status).toBe(200);
      expect((await get(`/api/rooms/${id}/messages?stream=internal`)).body.items.map(({ body: text }: any) => text)).toEqual([
        'Wants a refund',
        'And quickly',
      ]);
      expect(await activities(id)).toEqual(['assigned', undefined, 'transferred']);
      const other = await newRoom();
      expect((await transfer(other.id, { agentId: colleague.id, note: 'Too much' })).body.code).toBe('agent.at_capacity');
      expect((await get(`/api/rooms/${other.id}/messages?stream=internal`)).body.items).toEqual([]);
    });

    it('to a team puts it into the queue for that team', async () => {
      const agent = await buildAgent(app.url, shop);
      const teamId = await buildTeam(app.url, shop, [], 'Returns');
      const { id } = await newRoom();
      await post(`/api/rooms/${id}/claim`, {}, agent);
      await patchRoom(id, { status: 'pending' });
      const { body } = await transfer(id, { teamId }, agent);
      expect(body).toMatchObject({ assignee: null, teamId, status: 'open', queuePosition: 1 });
      expect((await get(`/api/rooms?teamId=${teamId}`)).body.items.map((found: StaffRoom) => found.id)).toEqual([id]);
      expect(await activities(id)).toEqual(['assigned', 'transferred']);
      const lines = (await get(`/api/rooms/${id}/messages?stream=internal`)).body.items.map(({ activity }: any) => activity);
      expect(lines).toMatchObject([
        { type: 'status_changed', to: 'pending' },
        { type: 'team_changed', from: null, to: 'Returns' },
        { type: 'status_changed', to: 'open' },
      ]);
      expect((await transfer(id, { teamId })).body).toMatchObject({ teamId });
      expect(await activities(id)).toEqual(['assigned', 'transferred']);
      const back = await post(`/api/rooms/${id}/assign`, { agentId: agent.id, teamId: null });
      expect(back.body).toMatchObject({ assignee: { id: agent.id }, teamId: null });
      expect((await post(`/api/rooms/${id}/assign`, { agentId: agent.id, teamId })).body).toMatchObject({ teamId });
      expect(await activities(id)).toEqual(['assigned', 'transferred', 'assigned']);
    });

    it('A23 A35 is refused where it cannot be', async () => {
      const other = await buildBusiness(app.url);
      const [foreign, foreignTeam] = [await buildAgent(app.url, other), await buildTeam(app.url, other)];
      const gone = await buildAgent(app.url, shop);
      await rest(app.url, 'DELETE', `/api/agents/${gone.id}`, { token: shop.admin.token });
      const { id, guest } = await newRoom();
      for (const [body, code] of [
        [{}, 'validation.failed'],
        [{ agentId: gone.id, teamId: newKey() }, 'validation.failed'],
        [{ agentId: null }, 'validation.failed'],
        [{ agentId: gone.id, note: ' ' }, 'validation.failed'],
        [{ agentId: gone.id, note: 'x'.repeat(4001) }, 'validation.failed'],
        [{ agentId: gone.id }, 'agent.unavailable'],
        [{ agentId: foreign.id }, 'user.not_found'],
        [{ agentId: guest.id }, 'user.not_found'],
        [{ agentId: newKey() }, 'user.not_found'],
        [{ teamId: foreignTeam }, 'team.not_found'],
        [{ teamId: newKey() }, 'team.not_found'],
      ] as const) {
        expect([body, (await transfer(id, body)).body.code]).toEqual([body, code]);
      }
      expect((await transfer(id, { agentId: shop.admin.id }, guest)).body.code).toBe('access.denied');
      expect((await post(`/api/rooms/${id}/assign`, { agentId: null, teamId: foreignTeam })).body.code).toBe('team.not_found');
      await rest(app.url, 'DELETE', `/api/rooms/${id}`, { token: shop.admin.token });
      expect((await transfer(id, { agentId: shop.admin.id })).body.code).toBe('room.closed');
      expect(await activities(id)).toEqual(['closed']);
    });
  });

  describe('every decision is explained', () => {
    it('with who was looked at and why each was passed over, and is the same when it is made again', async () => {
      await setUp(app.url, shop, AUTO);
      const [full, chosen, busy] = [await agentOnline({ capacity: 0 }), await agentOnline(), await buildAgent(app.url, shop)];
      await online(busy, 'busy');
      await buildAgent(app.url, shop);
      const { id, guest } = await newRoom();
      expect(await heldBy(id, chosen)).toBe(chosen.id);
      const [decision] = await decisions(id);
      expect(decision).toMatchObject({ agent: { id: chosen.id }, reason: 'least_loaded' });
      expect(Object.fromEntries(decision?.candidates.map(({ agent, verdict }) => [agent.id, verdict]) ?? [])).toEqual({
        [full.id]: 'at_capacity',
        [chosen.id]: 'chosen',
        [busy.id]: 'busy',
      });
      expect((await get(`/api/rooms/${id}/routing`, guest)).body.code).toBe('access.denied');
      const foreign = (await buildBusiness(app.url)).admin;
      expect((await get(`/api/rooms/${id}/routing`, foreign)).body.code).toBe('room.not_found');
      for (const query of ['?limit=0', '?cursor=x', '?status=open'])
        expect((await get(`/api/rooms/${id}/routing${query}`)).status).toBe(400);
    });

    it('and every one that was made in all these tests holds when it is made again', async () => {
      const made = await app.sql<{ agent_id: string | null; facts: RoutingFacts }>('SELECT agent_id, facts FROM routing_decision');
      expect(made.length).toBeGreaterThan(10);
      for (const { agent_id, facts } of made) expect(choose(facts).agentId).toBe(agent_id);
    });
  });
});
