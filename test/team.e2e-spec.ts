import { startApp, type TestApp } from './support/app.js';
import { buildAgent, buildBusiness, buildGuest, buildTeam, newKey, type Person, type Tenant } from './support/factories.js';
import { rest, type Answer } from './support/rest.js';

describe('N4 teams', () => {
  let app: TestApp;
  let shop: Tenant;

  const call = (method: string, path = '', body?: unknown, { token }: Person = shop.admin): Promise<Answer> =>
    rest(app.url, method, `/api/teams${path}`, { token, body });

  beforeAll(async () => {
    app = await startApp();
  });
  beforeEach(async () => {
    shop = await buildBusiness(app.url);
  });
  afterAll(() => app.close());

  it('are made, changed and deleted by an admin, and shown to staff', async () => {
    const [one, two] = [await buildAgent(app.url, shop), await buildAgent(app.url, shop)];
    const made = await call('POST', '', { name: 'Returns', agentIds: [one.id] });
    expect([made.status, made.body]).toEqual([
      201,
      { id: expect.any(String), name: 'Returns', agentIds: [one.id], createdAt: expect.any(String) },
    ]);
    const path = `/${made.body.id}`;
    expect((await call('GET', path, undefined, two)).body).toEqual(made.body);
    expect((await call('PATCH', path, { name: 'Refunds' })).body).toEqual({ ...made.body, name: 'Refunds' });
    const members = [one.id, two.id].sort();
    expect((await call('PATCH', path, { agentIds: [two.id, one.id] })).body.agentIds.sort()).toEqual(members);
    expect((await call('PATCH', path, {})).body.agentIds.sort()).toEqual(members);
    const agents = (await rest(app.url, 'GET', '/api/agents', { token: one.token })).body.items;
    expect(agents.find(({ id }: Person) => id === two.id).teamIds).toEqual([made.body.id]);
    const second = await buildTeam(app.url, shop, [two]);
    const changed = await rest(app.url, 'PATCH', `/api/agents/${one.id}`, { token: shop.admin.token, body: { teamIds: [second] } });
    expect(changed.body.teamIds).toEqual([second]);
    expect((await call('GET', path)).body.agentIds).toEqual([two.id]);
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('DELETE', path)).body.code).toBe('team.not_found');
    const left = (await rest(app.url, 'GET', '/api/agents', { token: one.token })).body.items;
    expect(left.find(({ id }: Person) => id === two.id).teamIds).toEqual([second]);
    const hired = await buildAgent(app.url, shop, { teamIds: [second] });
    expect((await call('GET', `/${second}`)).body.agentIds).toContain(hired.id);
  });

  it('are listed in pages, and none of another business', async () => {
    await buildTeam(app.url, await buildBusiness(app.url));
    const ids = [];
    for (let n = 0; n < 3; n++) ids.push(await buildTeam(app.url, shop));
    const first = await call('GET', '?limit=2');
    const second = await call('GET', `?limit=2&cursor=${first.body.nextCursor}`);
    expect([...first.body.items, ...second.body.items].map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(second.body.nextCursor).toBeNull();
    for (const query of ['?cursor=x', '?limit=0', '?limit=201', '?name=a']) expect((await call('GET', query)).status).toBe(400);
  });

  it('A22 A23 A43 bad input changes nothing', async () => {
    const other = await buildBusiness(app.url);
    const [foreign, foreignTeam] = [await buildAgent(app.url, other), await buildTeam(app.url, other)];
    const [agent, guest] = [await buildAgent(app.url, shop), await buildGuest(app.url, shop)];
    const id = await buildTeam(app.url, shop, [agent], 'Returns');
    for (const body of [
      {},
      { name: '' },
      { name: ' ' },
      { name: 'x'.repeat(121) },
      { name: 'A', agentIds: 'x' },
      { name: 'A', agentIds: ['x'] },
    ]) {
      expect([body, (await call('POST', '', body)).body.code]).toEqual([body, 'validation.failed']);
    }
    expect((await call('POST', '', { name: 'A', agentIds: [agent.id, agent.id] })).body.code).toBe('validation.failed');
    for (const stranger of [foreign.id, guest.id, newKey()]) {
      expect((await call('POST', '', { name: 'A', agentIds: [agent.id, stranger] })).body.code).toBe('user.not_found');
      expect((await call('PATCH', `/${id}`, { name: 'B', agentIds: [stranger] })).body.code).toBe('user.not_found');
    }
    for (const body of [{ name: 'Returns' }, { name: 'Returns', agentIds: [] }]) {
      expect((await call('POST', '', body)).body.code).toBe('team.name_taken');
    }
    expect((await call('GET', `/${id}`)).body).toMatchObject({ name: 'Returns', agentIds: [agent.id] });
    expect((await call('GET')).body.items).toHaveLength(1);
    const second = await buildTeam(app.url, shop, [], 'Refunds');
    expect((await call('PATCH', `/${second}`, { name: 'Returns' })).body.code).toBe('team.name_taken');
    expect((await call('GET', `/${second}`)).body.name).toBe('Refunds');
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const answers = await Promise.all(
        [foreignTeam, newKey()].map((one) => call(method, `/${one}`, method === 'PATCH' ? { name: 'X' } : undefined)),
      );
      const bare = answers.map(({ status, body: { requestId: _, ...problem } }) => ({ status, problem }));
      expect(bare[0]).toMatchObject({ status: 404, problem: { code: 'team.not_found' } });
      expect(bare[1]).toEqual(bare[0]);
      expect((await call(method, '/x', method === 'PATCH' ? { name: 'X' } : undefined)).status).toBe(400);
    }
    for (const [method, path, body] of [
      ['POST', '', { name: 'A' }],
      ['PATCH', `/${id}`, { name: 'A' }],
      ['DELETE', `/${id}`, undefined],
    ] as const) {
      expect((await call(method, path, body, agent)).body.code).toBe('access.denied');
    }
    expect((await call('GET', '', undefined, guest)).body.code).toBe('access.denied');
    for (const teamIds of [[foreignTeam], [newKey()]]) {
      const body = { teamIds };
      const hired = { ...body, email: `${newKey()}@shop.example`, name: 'Nora', role: 'agent' };
      for (const [method, path, sent] of [
        ['PATCH', `/api/agents/${agent.id}`, body],
        ['POST', '/api/agents', hired],
      ] as const) {
        expect((await rest(app.url, method, path, { token: shop.admin.token, body: sent })).body.code).toBe('team.not_found');
      }
    }
  });

  it('two changes of the members at the same time leave one of them, not both', async () => {
    const agents = [await buildAgent(app.url, shop), await buildAgent(app.url, shop)];
    for (let round = 0; round < 5; round++) {
      const id = await buildTeam(app.url, shop);
      const answers = await Promise.all(agents.map((agent) => call('PATCH', `/${id}`, { agentIds: [agent.id] })));
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect((await call('GET', `/${id}`)).body.agentIds).toHaveLength(1);
    }
  });

  it('two with one name at the same time are one', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => call('POST', '', { name: 'Twins' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  });
});
