import { RoomActivity } from '../src/room/room-activity.service.js';
import { startApp, type TestApp } from './support/app.js';
import {
  buildAgent,
  buildBusiness,
  buildGuest,
  buildLabel,
  buildRoom,
  buildTeam,
  buildView,
  newKey,
  say,
  setUp,
  until,
  type Person,
  type Tenant,
} from './support/factories.js';
import { rest, type Answer } from './support/rest.js';
import { closeSockets, connect } from './support/socket.js';

describe('the inbox', () => {
  let app: TestApp;
  let shop: Tenant;
  let agent: Person;

  const get = (path: string, { token }: Person = agent): Promise<Answer> => rest(app.url, 'GET', `/api/${path}`, { token });
  const post = (path: string, body: unknown, { token }: Person = agent): Promise<Answer> =>
    rest(app.url, 'POST', `/api/${path}`, { token, body });
  const patch = (path: string, body: unknown, { token }: Person = agent): Promise<Answer> =>
    rest(app.url, 'PATCH', `/api/${path}`, { token, body });
  const idsOf = ({ body }: Answer): string[] => body.items.map(({ id }: { id: string }) => id);
  const list = async (query: string, person = agent): Promise<string[]> => idsOf(await get(`rooms?${query}`, person));
  const close = (roomId: string): Promise<Answer> => rest(app.url, 'DELETE', `/api/rooms/${roomId}`, { token: agent.token });
  const rooms = async (count: number, tenant = shop): Promise<string[]> => {
    const ids: string[] = [];
    for (let n = 0; n < count; n++) ids.push((await buildRoom(app.url, tenant)).room.id);
    return ids;
  };

  /** Until the order of lists has caught up with what happened. */
  const settled = (): Promise<unknown> =>
    until(
      () => app.sql('SELECT FROM room r JOIN stream_counter c ON c.room_id = r.id WHERE r.active_at < c.active_at'),
      (behind) => behind.length === 0,
    );

  beforeAll(async () => {
    app = await startApp();
  });
  beforeEach(async () => {
    shop = await buildBusiness(app.url);
    agent = await buildAgent(app.url, shop);
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  describe('N38 the list', () => {
    it('is filtered by everything that a room has, and by several things at once', async () => {
      const team = await buildTeam(app.url, shop, [agent]);
      await buildLabel(app.url, shop, 'VIP');
      const [a, b, c, d] = (await rooms(4)) as [string, string, string, string];
      await post(`rooms/${a}/assign`, { agentId: agent.id, teamId: team });
      await patch(`rooms/${b}`, { priority: 'urgent', labels: ['VIP'] });
      await patch(`rooms/${c}`, { status: 'pending', labels: ['VIP'] });
      await close(d);
      const { customer } = (await get(`rooms/${c}`)).body;
      const expected: [string, string[]][] = [
        ['status=open', [a, b]],
        ['status=open,pending', [a, b, c]],
        ['status=closed,open,closed', [a, b, d]],
        ['priority=urgent', [b]],
        ['priority=normal,low', [a, c, d]],
        ['assignee=me', [a]],
        [`assignee=${agent.id.toUpperCase()}`, [a]],
        ['assignee=none', [b, c, d]],
        [`teamId=${team}`, [a]],
        ['label=vip', [b, c]],
        ['label=VIP&status=pending', [c]],
        [`customerId=${customer.id}`, [c]],
        ['label=None', []],
        [`teamId=${newKey()}`, []],
        [`assignee=${newKey()}`, []],
        [`customerId=${newKey()}`, []],
        [`customerId=${agent.id}`, []],
        [`assignee=me&teamId=${team}&status=open&priority=normal`, [a]],
      ];
      for (const sort of ['newest', 'waiting', 'priority'])
        for (const [query, ids] of expected)
          expect([query, (await list(`${query}&sort=${sort}`)).sort()]).toEqual([query, [...ids].sort()]);
    });

    it('is ordered by activity, by waiting or by priority, closed rooms behind those that wait', async () => {
      const [a, b, c, d, e] = (await rooms(5)) as [string, string, string, string, string];
      await patch(`rooms/${d}`, { priority: 'urgent' });
      await patch(`rooms/${b}`, { priority: 'low' });
      await close(a);
      await patch(`rooms/${e}`, { priority: 'urgent' });
      await say(app.url, agent, c, 'last');
      const newest = await until(
        () => list(''),
        (ids) => ids.join() === [c, e, a, b, d].join(),
      );
      expect(newest).toEqual([c, e, a, b, d]);
      expect(await list('sort=waiting')).toEqual([b, c, d, e, a]);
      expect(await list('sort=priority')).toEqual([d, e, c, b, a]);
      expect(await list('sort=waiting&status=closed,open&priority=low,urgent')).toEqual([b, d, e]);
    });

    it('is in order directly after a message, on the server that stored it', async () => {
      const rooms = [];
      for (let n = 0; n < 3; n++) rooms.push(await buildRoom(app.url, shop));
      for (const { room, guest } of [...rooms, ...rooms]) {
        await say(app.url, guest, room.id, 'Hello');
        expect((await get('rooms')).body.items[0].id).toBe(room.id);
      }
    });

    it.each(['newest', 'waiting', 'priority'])(
      'A47 pages by %s hold every untouched room once, whatever moves between them',
      async (sort) => {
        const ids = await rooms(9);
        for (const [n, id] of ids.entries()) if (n % 3 > 0) await patch(`rooms/${id}`, { priority: n % 3 === 1 ? 'urgent' : 'low' });
        await close(ids[8] as string);
        await close(ids[7] as string);
        await settled();
        const all = await list(`sort=${sort}`);
        const seen: string[] = [];
        let moved = '';
        for (let cursor = ''; ;) {
          const page = await get(`rooms?sort=${sort}&limit=2${cursor}`);
          seen.push(...idsOf(page));
          if (page.body.nextCursor === null) break;
          cursor = `&cursor=${page.body.nextCursor}`;
          if (moved !== '') continue;
          // One that was shown and one that was not move; and one comes that was not there.
          moved = all[6] as string;
          await Promise.all([patch(`rooms/${seen[0]}`, { subject: 'up' }), close(moved), rooms(1)]);
        }
        const untouched = all.filter((id) => id !== moved && id !== all[0]);
        expect(seen.filter((id) => untouched.includes(id))).toEqual(untouched);
        expect(new Set(seen).size).toBeGreaterThanOrEqual(seen.length - 1);
      },
    );

    it('A43 A44 A45 garbage, SQL, arrays and cursors of another list are refused', async () => {
      await rooms(3);
      const newest = (await get('rooms?limit=1')).body.nextCursor as string;
      const waiting = (await get('rooms?limit=1&sort=waiting')).body.nextCursor as string;
      const forged = (...values: unknown[]): string => Buffer.from(JSON.stringify(values)).toString('base64url');
      for (const [query, field] of [
        ['status=gone', 'status'],
        ['status=', 'status'],
        ['status=open,', 'status'],
        ['status=open,open,open,open,open', 'status'],
        ["status=open' OR 1=1 --", 'status'],
        ['status=open&status=closed', 'status'],
        ['status[]=open', 'status[]'],
        ['priority=none', 'priority'],
        ['priority=1', 'priority'],
        ['assignee=you', 'assignee'],
        ['assignee[]=me', 'assignee[]'],
        ["assignee=none'; DROP TABLE room; --", 'assignee'],
        ['teamId=1', 'teamId'],
        ['customerId=me', 'customerId'],
        ['label=', 'label'],
        [`label=${'x'.repeat(61)}`, 'label'],
        ['label=a&label=b', 'label'],
        ['sort=oldest', 'sort'],
        ['sort=newest,waiting', 'sort'],
        ['view=mine', 'view'],
        ['limit=0', 'limit'],
        ['limit=201', 'limit'],
        ['order=asc', 'order'],
        ['cursor=abc', 'cursor'],
        [`cursor=${waiting}`, 'cursor'],
        [`cursor=${newest}&sort=priority`, 'cursor'],
        [`cursor=${forged('newest', '8', new Date().toISOString(), newKey())}`, 'cursor'],
        [`cursor=${forged('newest', '0', 'infinity', newKey())}`, 'cursor'],
        [`cursor=${forged('newest', '0', '0000-01-01T00:00:00.000Z', newKey())}`, 'cursor'],
        [`cursor=${forged('newest', '0', new Date().toISOString(), "' OR 1=1")}`, 'cursor'],
        [`cursor=${forged('newest', 0, new Date().toISOString(), newKey())}`, 'cursor'],
        [`cursor=${forged('newest', '0', new Date().toISOString())}`, 'cursor'],
        [`label=None&cursor=${waiting}`, 'cursor'],
      ]) {
        const { status, body } = await get(`rooms?${query}`);
        expect([query, status, body.code, body.errors?.map(({ path }: { path: string }) => path)]).toEqual([
          query,
          400,
          'validation.failed',
          [field],
        ]);
      }
      expect(await list("label=' OR 1=1 --")).toEqual([]);
      expect((await list(`cursor=${newest}`)).length).toBe(2);
    });

    it('A22 A23 shows nothing of another business, and of the own one what the agent reaches', async () => {
      const other = await buildBusiness(app.url);
      await buildLabel(app.url, other, 'Theirs');
      const theirs = await buildAgent(app.url, other);
      const team = await buildTeam(app.url, shop, [agent]);
      const foreignTeam = await buildTeam(app.url, other, [theirs]);
      const [away] = (await rooms(1, other)) as [string];
      await patch(`rooms/${away}`, { labels: ['Theirs'] }, theirs);
      await post(`rooms/${away}/assign`, { agentId: theirs.id, teamId: foreignTeam }, other.admin);
      const [mine, teams, free] = (await rooms(3)) as [string, string, string];
      await post(`rooms/${mine}/assign`, { agentId: agent.id, teamId: team }, shop.admin);
      await post(`rooms/${teams}/assign`, { agentId: null, teamId: team }, shop.admin);
      const { customer } = (await get(`rooms/${away}`, theirs)).body;
      for (const query of [`assignee=${theirs.id}`, `teamId=${foreignTeam}`, 'label=Theirs', `customerId=${customer.id}`])
        for (const sort of ['newest', 'waiting', 'priority']) expect([query, await list(`${query}&sort=${sort}`)]).toEqual([query, []]);
      for (const [agentScope, ids] of [
        ['all', [mine, teams, free]],
        ['team', [mine, teams]],
        ['own', [mine]],
      ] as const) {
        await setUp(app.url, shop, { agentScope });
        for (const sort of ['newest', 'waiting', 'priority']) {
          expect([agentScope, sort, (await list(`sort=${sort}`)).sort()]).toEqual([agentScope, sort, [...ids].sort()]);
          expect((await list(`sort=${sort}&teamId=${team}`)).sort()).toEqual(ids.filter((id) => id !== free).sort());
          expect((await list(`sort=${sort}&assignee=none`)).sort()).toEqual(ids.filter((id) => id !== mine).sort());
        }
      }
    });

    it('a customer learns nothing from it that only staff know: no label, no priority, no time of a note', async () => {
      await setUp(app.url, shop, { multipleRooms: true });
      const guest = await buildGuest(app.url, shop);
      const [first, second] = [(await buildRoom(app.url, shop, guest)).room.id, (await buildRoom(app.url, shop, guest)).room.id];
      for (const query of [
        'label=VIP',
        'priority=low',
        'sort=priority',
        'sort=waiting',
        `teamId=${newKey()}`,
        `customerId=${guest.id}`,
        `view=${newKey()}`,
      ])
        expect([query, (await get(`rooms?${query}`, guest)).body.code]).toEqual([query, 'access.denied']);
      await say(app.url, agent, first, 'A note', 'internal');
      await patch(`rooms/${first}`, { priority: 'urgent' });
      await until(
        () => list(''),
        (ids) => ids[0] === first,
      );
      expect(await list('', guest)).toEqual([second, first]);
      await say(app.url, guest, first, 'Hello');
      expect(await list('sort=newest', guest)).toEqual([first, second]);
    });

    it('rooms whose server was killed before it moved them come right at the next start', async () => {
      const [a, b] = (await rooms(2)) as [string, string];
      await settled();
      await app.sql("UPDATE stream_counter SET active_at = active_at + interval '1 minute' WHERE room_id = $1", [a]);
      expect(await list('')).toEqual([b, a]);
      app.app.get(RoomActivity).onApplicationBootstrap();
      expect(
        await until(
          () => list(''),
          (ids) => ids[0] === a,
        ),
      ).toEqual([a, b]);
    });
  });

  it('N38 counts the lists that everybody has, as far as the reader reaches', async () => {
    const colleague = await buildAgent(app.url, shop);
    const [a, b, c] = (await rooms(5)) as [string, string, string];
    await post(`rooms/${a}/claim`, {});
    await post(`rooms/${b}/assign`, { agentId: colleague.id }, shop.admin);
    await patch(`rooms/${c}`, { status: 'pending' });
    expect((await get('views/counts')).body).toEqual({ mine: 1, unassigned: 3, queue: 2, all: 5 });
    await close(a);
    expect((await get('views/counts')).body).toEqual({ mine: 0, unassigned: 3, queue: 2, all: 4 });
    expect((await get('views/counts', colleague)).body).toEqual({ mine: 1, unassigned: 3, queue: 2, all: 4 });
    const { token } = await buildGuest(app.url, shop);
    expect((await rest(app.url, 'GET', '/api/views/counts', { token })).body.code).toBe('access.denied');
  });

  describe('N38 saved views', () => {
    const view = (body: object, person = agent): Promise<Answer> => post('views', { name: 'Mine', filter: {}, ...body }, person);

    it('are made, changed and deleted, and filter and order the list', async () => {
      const [a, b] = (await rooms(3)) as [string, string];
      await patch(`rooms/${a}`, { priority: 'urgent' });
      await close(b);
      const made = await view({ filter: { status: 'open' }, sort: 'priority' });
      expect([made.status, made.body]).toEqual([
        201,
        {
          id: expect.any(String),
          name: 'Mine',
          filter: { status: 'open' },
          sort: 'priority',
          shared: false,
          missing: [],
          count: 2,
          createdAt: expect.any(String),
        },
      ]);
      const { id } = made.body;
      expect((await get(`views/${id}`)).body).toEqual(made.body);
      expect(await list(`view=${id}`)).toEqual(await list('status=open&sort=priority'));
      expect(await list(`view=${id}&status=closed&sort=newest`)).toEqual([b]);
      expect((await patch(`views/${id}`, { name: 'Other', filter: { priority: 'urgent' }, sort: 'newest' })).body).toMatchObject({
        name: 'Other',
        filter: { priority: 'urgent' },
        count: 1,
      });
      expect(await list(`view=${id}`)).toEqual([a]);
      expect((await patch(`views/${id}`, {})).body.name).toBe('Other');
      expect((await rest(app.url, 'DELETE', `/api/views/${id}`, { token: agent.token })).status).toBe(204);
      for (const answer of [await get(`views/${id}`), await get(`rooms?view=${id}`), await patch(`views/${id}`, { name: 'x' })])
        expect(answer.body.code).toBe('view.not_found');
    });

    it('A22 A26 are the own ones, or those of all staff, which an admin writes', async () => {
      const colleague = await buildAgent(app.url, shop);
      const own = await buildView(app.url, agent, { filter: { assignee: 'me' } });
      const shared = await buildView(app.url, shop.admin, { name: 'All', shared: true, filter: { assignee: 'me' } });
      const away = await buildView(app.url, (await buildBusiness(app.url)).admin, { shared: true });
      const [room] = (await rooms(1)) as [string];
      await post(`rooms/${room}/assign`, { agentId: agent.id });
      expect(idsOf(await get('views'))).toEqual([own, shared]);
      expect(idsOf(await get('views', colleague))).toEqual([shared]);
      const counts = async (person: Person): Promise<number[]> =>
        (await get('views', person)).body.items.map(({ count }: { count: number }) => count);
      expect([await counts(agent), await counts(colleague)]).toEqual([[1, 1], [0]]);
      for (const id of [own, away, newKey()]) {
        expect((await get(`views/${id}`, colleague)).body.code).toBe('view.not_found');
        expect((await get(`rooms?view=${id}`, colleague)).body.code).toBe('view.not_found');
        expect((await patch(`views/${id}`, { name: 'x' }, colleague)).body.code).toBe('view.not_found');
        expect((await rest(app.url, 'DELETE', `/api/views/${id}`, { token: colleague.token })).body.code).toBe('view.not_found');
      }
      expect((await patch(`views/${shared}`, { name: 'x' })).body.code).toBe('access.denied');
      expect((await rest(app.url, 'DELETE', `/api/views/${shared}`, { token: agent.token })).body.code).toBe('access.denied');
      expect((await view({ shared: true })).body.code).toBe('access.denied');
      expect((await patch(`views/${own}`, { shared: true })).body.code).toBe('access.denied');
      expect((await patch(`views/${shared}`, { shared: false }, shop.admin)).body.shared).toBe(false);
      expect(idsOf(await get('views', colleague))).toEqual([]);
    });

    it('keep a label under its new name, and say what is gone', async () => {
      const label = await buildLabel(app.url, shop, 'VIP');
      const team = await buildTeam(app.url, shop);
      const [room] = (await rooms(1)) as [string];
      await patch(`rooms/${room}`, { labels: ['VIP'] });
      const [byLabel, byTeam] = [
        await buildView(app.url, agent, { filter: { label: 'vip' } }),
        await buildView(app.url, agent, { filter: { teamId: team } }),
      ];
      await rest(app.url, 'PATCH', `/api/labels/${label}`, { token: shop.admin.token, body: { name: 'Gold' } });
      expect((await get(`views/${byLabel}`)).body).toMatchObject({ filter: { label: 'Gold' }, missing: [], count: 1 });
      expect(await list(`view=${byLabel}`)).toEqual([room]);
      await rest(app.url, 'DELETE', `/api/labels/${label}`, { token: shop.admin.token });
      await rest(app.url, 'DELETE', `/api/teams/${team}`, { token: shop.admin.token });
      await buildLabel(app.url, shop, 'VIP');
      await patch(`rooms/${room}`, { labels: ['VIP'] });
      expect((await get(`views/${byLabel}`)).body).toMatchObject({ missing: ['label'], count: 0 });
      expect((await get(`views/${byTeam}`)).body).toMatchObject({ filter: { teamId: team }, missing: ['teamId'], count: 0 });
      for (const id of [byLabel, byTeam]) expect((await get(`rooms?view=${id}`)).body).toEqual({ items: [], nextCursor: null });
      expect(await list(`view=${byLabel}&label=VIP`)).toEqual([room]);
    });

    it('of a customer that was erased is empty and says so, though the rooms are there', async () => {
      const { room, guest } = await buildRoom(app.url, shop);
      const id = await buildView(app.url, agent, { filter: { customerId: guest.id } });
      expect((await get(`views/${id}`)).body).toMatchObject({ missing: [], count: 1 });
      await rest(app.url, 'DELETE', '/api/auth/me', { token: guest.token });
      expect((await get(`views/${id}`)).body).toMatchObject({ filter: { customerId: guest.id }, missing: ['customerId'], count: 0 });
      expect(await list(`view=${id}`)).toEqual([]);
      expect(await list(`view=${id}&customerId=${guest.id}`)).toEqual([room.id]);
      expect((await view({ filter: { customerId: guest.id } })).body.code).toBe('user.not_found');
    });

    it('A23 A43 A46 bad ones are refused, and there are at most 100, which count to 100', async () => {
      const other = await buildBusiness(app.url);
      for (const body of [
        { filter: { status: 'gone' } },
        { filter: { assignee: ['me'] } },
        { filter: { sort: 'newest' } },
        { filter: { q: 'x'.repeat(201) } },
        { filter: [] },
        { filter: null },
        { filter: 'status=open' },
        { name: '' },
        { name: 'x'.repeat(121) },
        { sort: 'oldest' },
        { shared: 'yes' },
        { ownerId: agent.id },
      ])
        expect([body, (await view(body)).body.code]).toEqual([body, 'validation.failed']);
      for (const [filter, code] of [
        [{ label: 'None' }, 'label.not_found'],
        [{ teamId: await buildTeam(app.url, other) }, 'team.not_found'],
        [{ assignee: other.admin.id }, 'user.not_found'],
        [{ customerId: (await buildGuest(app.url, other)).id }, 'user.not_found'],
        [{ customerId: agent.id }, 'user.not_found'],
        [{ customerId: shop.admin.id }, 'user.not_found'],
      ] as const)
        expect([filter, (await view({ filter })).body.code]).toEqual([filter, code]);
      const kept = await buildView(app.url, agent, {});
      for (const [filter, code] of [
        [{ label: 'None' }, 'label.not_found'],
        [{ teamId: newKey() }, 'team.not_found'],
        [{ assignee: newKey() }, 'user.not_found'],
      ] as const)
        expect((await patch(`views/${kept}`, { filter })).body.code).toBe(code);
      await app.sql(
        `INSERT INTO saved_view (id, business_id, owner_id, name, filter, sort) SELECT gen_random_uuid(), $1, $2, 'n', '{}', 'newest' FROM generate_series(1, 98)`,
        [shop.id, agent.id],
      );
      const both = await Promise.all([view({}), view({})]);
      expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
      expect(both.find(({ status }) => status === 409)?.body.code).toBe('view.limit_reached');
      // Nor by making one of all staff one's own.
      await app.sql('UPDATE saved_view SET owner_id = $1 WHERE owner_id = $2', [shop.admin.id, agent.id]);
      const shared = await buildView(app.url, shop.admin, { shared: true });
      expect((await patch(`views/${shared}`, { shared: false }, shop.admin)).body.code).toBe('view.limit_reached');
      expect((await patch(`views/${shared}`, { shared: true, name: 'Ours' }, shop.admin)).body).toMatchObject({
        shared: true,
        name: 'Ours',
      });
      await app.sql('UPDATE saved_view SET owner_id = $2 WHERE owner_id = $1', [shop.admin.id, agent.id]);
      await app.sql(
        `INSERT INTO room (id, business_id, customer_id, status, context, priority, is_exclusive) SELECT gen_random_uuid(), $1, $2, 'open', '{}', 'normal', false FROM generate_series(1, 130)`,
        [shop.id, (await buildGuest(app.url, shop)).id],
      );
      expect((await get(`views/${kept}`)).body.count).toBe(100);
    });
  });

  describe('N38 many rooms at once', () => {
    const bulk = (body: object, person = agent): Promise<Answer> => post('rooms/bulk', body, person);
    const outcome = ({ body }: Answer): unknown[] => body.items.map((item: any) => [item.roomId, item.ok, item.error?.code ?? null]);

    it('each is assigned, labelled and closed as it would be alone, and told of', async () => {
      await buildLabel(app.url, shop, 'VIP');
      await buildLabel(app.url, shop, 'Bug');
      const team = await buildTeam(app.url, shop, [agent]);
      const roomIds = (await rooms(3)).reverse();
      await patch(`rooms/${roomIds[0]}`, { labels: ['Bug'] });
      const socket = await connect(app.url, agent.token);
      const assigned = await bulk({ roomIds, action: 'assign', agentId: agent.id, teamId: team });
      expect(assigned.status).toBe(200);
      expect(assigned.body.items.map(({ room, ...item }: any) => [item, room.id, room.assignee.id, room.teamId])).toEqual(
        roomIds.map((roomId) => [{ roomId, ok: true, error: null }, roomId, agent.id, team]),
      );
      for (const id of roomIds) await socket.waitFor('room.updated', (room: any) => room.id === id && room.assignee?.id === agent.id);
      const labelled = await bulk({ roomIds, action: 'label', labels: ['vip'] });
      expect(labelled.body.items.map(({ room }: any) => room.labels)).toEqual([['Bug', 'VIP'], ['VIP'], ['VIP']]);
      const again = await bulk({ roomIds, action: 'label', labels: ['VIP'] });
      expect(again.body.items.map(({ room }: any) => room.internalLastSeq)).toEqual(
        labelled.body.items.map(({ room }: any) => room.internalLastSeq),
      );
      const off = await bulk({ roomIds, action: 'unlabel', labels: ['VIP'] });
      expect(off.body.items.map(({ room }: any) => room.labels)).toEqual([['Bug'], [], []]);
      const { items } = (await get(`rooms/${roomIds[0]}/messages?stream=internal`)).body;
      expect(items.slice(-2).map(({ activity: { from, to } }: any) => [from, to])).toEqual([
        ['Bug', 'Bug, VIP'],
        ['Bug, VIP', 'Bug'],
      ]);
      const closed = await bulk({ roomIds, action: 'close' });
      expect(closed.body.items.map(({ room }: any) => room.status)).toEqual(['closed', 'closed', 'closed']);
      expect(outcome(await bulk({ roomIds, action: 'close' }))).toEqual(roomIds.map((id) => [id, true, null]));
      expect(outcome(await bulk({ roomIds, action: 'assign', agentId: null }))).toEqual(roomIds.map((id) => [id, false, 'room.closed']));
    });

    it('A22 A24 a refusal of one leaves the others as they are: closed, full, out of reach, of another business, of nobody', async () => {
      const busy = await buildAgent(app.url, shop, { capacity: 1 });
      const [a, b, gone] = (await rooms(3)) as [string, string, string];
      const [away] = (await rooms(1, await buildBusiness(app.url))) as [string];
      await close(gone);
      const none = newKey();
      const roomIds = [away, a, gone, none, b];
      const answer = await bulk({ roomIds, action: 'assign', agentId: busy.id });
      expect(outcome(answer)).toEqual([
        [away, false, 'room.not_found'],
        [a, true, null],
        [gone, false, 'room.closed'],
        [none, false, 'room.not_found'],
        [b, false, 'agent.at_capacity'],
      ]);
      const [{ error: foreign }, , , { error: missing }] = answer.body.items;
      expect(foreign).toEqual(missing);
      expect(outcome(await bulk({ roomIds: [a, b], action: 'label', labels: ['None'] }))).toEqual([
        [a, false, 'label.not_found'],
        [b, false, 'label.not_found'],
      ]);
      await setUp(app.url, shop, { agentScope: 'own' });
      expect(outcome(await bulk({ roomIds: [a, b], action: 'close' }, busy))).toEqual([
        [a, true, null],
        [b, false, 'room.not_found'],
      ]);
    });

    it('a room that has 50 labels gets no more', async () => {
      const names = Array.from({ length: 51 }, (_, n) => `L${n}`);
      for (const name of names) await buildLabel(app.url, shop, name);
      const [a, b] = (await rooms(2)) as [string, string];
      await patch(`rooms/${a}`, { labels: names.slice(0, 50) });
      expect(outcome(await bulk({ roomIds: [a, b], action: 'label', labels: ['L50'] }))).toEqual([
        [a, false, 'validation.failed'],
        [b, true, null],
      ]);
    });

    it('A43 A45 bad input changes nothing', async () => {
      const [a] = (await rooms(1)) as [string];
      for (const body of [
        {},
        { roomIds: [], action: 'close' },
        { roomIds: [a, a], action: 'close' },
        { roomIds: Array.from({ length: 101 }, newKey), action: 'close' },
        { roomIds: Array.from({ length: 1_000 }, newKey), action: 'close' },
        { roomIds: a, action: 'close' },
        { roomIds: ["' OR 1=1"], action: 'close' },
        { roomIds: [[a]], action: 'close' },
        { roomIds: [a], action: 'delete' },
        { roomIds: [a], action: ['close'] },
        { roomIds: [a], action: 'close', labels: ['x'] },
        { roomIds: [a], action: 'close', agentId: null },
        { roomIds: [a], action: 'assign' },
        { roomIds: [a], action: 'assign', agentId: 'me' },
        { roomIds: [a], action: 'assign', agentId: agent.id, labels: ['x'] },
        { roomIds: [a], action: 'label' },
        { roomIds: [a], action: 'label', labels: [] },
        { roomIds: [a], action: 'label', labels: Array(10_000).fill('x') },
        { roomIds: [a], action: 'label', labels: ['x'], teamId: null },
        { roomIds: [a], action: 'close', force: true },
      ])
        expect([body, (await bulk(body)).body.code]).toEqual([body, 'validation.failed']);
      expect((await bulk({ roomIds: [a], action: 'close' }, await buildGuest(app.url, shop))).body.code).toBe('access.denied');
      expect((await get(`rooms/${a}`)).body.status).toBe('open');
    });
  });

  describe('N5 N41 several rooms of a customer', () => {
    it('are listed to it and to staff, closed ones too, in pages', async () => {
      await setUp(app.url, shop, { multipleRooms: true });
      const guest = await buildGuest(app.url, shop);
      const ids: string[] = [];
      for (let n = 0; n < 5; n++) {
        const { room } = await buildRoom(app.url, shop, guest);
        await say(app.url, guest, room.id, `Hello ${n}`);
        ids.unshift(room.id);
      }
      await rooms(1);
      await close(ids[1] as string);
      await close(ids[3] as string);
      // A line that it sees is activity to the customer, too.
      const order = [3, 1, 0, 2, 4].map((n) => ids[n]);
      const pages = async (path: string, person: Person): Promise<string[]> => {
        const seen: string[] = [];
        for (let cursor = ''; ;) {
          const page = await get(`${path}?limit=2${cursor}`, person);
          seen.push(...idsOf(page));
          if (page.body.nextCursor === null) return seen;
          cursor = `&cursor=${page.body.nextCursor}`;
        }
      };
      expect(await pages('rooms', guest)).toEqual(order);
      expect(await list('status=closed', guest)).toEqual([ids[3], ids[1]]);
      expect(await list('status=open,pending,snoozed', guest)).toEqual([ids[0], ids[2], ids[4]]);
      const seen = await until(
        () => pages(`customers/${guest.id}/rooms`, agent),
        (found) => found.join() === order.join(),
      );
      expect(seen).toEqual(order);
      await setUp(app.url, shop, { multipleRooms: false });
      expect(await pages('rooms', guest)).toEqual(order);
      expect(['open', 'open', 'open']).toContain((await buildRoom(app.url, shop, guest)).room.status);
    });
  });
});
