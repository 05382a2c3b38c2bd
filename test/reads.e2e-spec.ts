import type { Socket } from 'node:net';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { BY_KEY } from '../src/database/planning.js';
import { preparedRows } from '../src/database/prepared.js';
import { Reads } from '../src/database/reads.js';
import { Room } from '../src/room/room.entity.js';
import { newId } from '../src/database/new-id.js';
import { MessageBatch } from '../src/stream/message-batch.js';
import { toArguments, type NewEntry } from '../src/stream/new-entry.js';
import { startApp, type TestApp } from './support/app.js';
import { buildBusiness, buildRoom, buildTalk, newKey, until, type Tenant } from './support/factories.js';
import { nodesOf, type Plan } from './support/plan.js';
import { rest } from './support/rest.js';
import { closeSockets } from './support/socket.js';

const NOBODY = '00000000-0000-7000-8000-000000000000';
const SCANS = ['Seq Scan', 'Index Scan', 'Index Only Scan', 'Bitmap Index Scan'];

/** The tables and indexes that a plan reads without a key. */
const readWhole = (plan: Plan): string[] =>
  nodesOf(plan)
    .filter((node) => SCANS.includes(node['Node Type']) && !node['Index Cond'])
    .map((node) => node['Relation Name'] ?? node['Index Name'] ?? '?');

describe('reading by key', () => {
  let app: TestApp;
  let shop: Tenant;
  let reads: Reads;

  const one = (value: number): Promise<{ value: number }[]> =>
    reads.rows({ name: 'one', text: 'SELECT $1::integer AS value', values: [value] });
  const broken = (): Promise<unknown[]> => reads.rows({ name: 'broken', text: 'SELECT 1 / $1::integer', values: [0] });
  const connectionOf = async (): Promise<{ pid: number }> =>
    (await reads.rows<{ pid: number }>({ name: 'pid', text: 'SELECT pg_backend_pid() AS pid', values: [] }))[0] as { pid: number };

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
    reads = app.app.get(Reads);
  });
  afterEach(() => {
    closeSockets();
    jest.restoreAllMocks();
  });
  afterAll(() => app.close());

  it('finds entities with their relations as a repository does, and nothing for an unknown key', async () => {
    const { roomId, guest, agent, agentSocket, guestSocket } = await buildTalk(app.url, shop);
    await guestSocket.call('message.send', { roomId, clientMessageId: newKey(), body: 'Hello' });
    await agentSocket.call('room.claim', { roomId });
    for (const { token } of [guest, agent]) await rest(app.url, 'POST', `/api/rooms/${roomId}/marks`, { token, body: { delivered: 1 } });
    const relations = { customer: true, assignee: true, marks: true };
    const expected = await app.app
      .get(DataSource)
      .getRepository(Room)
      .findOneOrFail({ where: { id: roomId }, relations });
    const [found, ...more] = await reads.by(Room, 'id', { relations: { customer: 'all', assignee: 'all', marks: 'all' } })([
      roomId,
      NOBODY,
    ]);
    const byUser = (marks: Room['marks'] = []): unknown[] => marks.sort((a, b) => (a.userId < b.userId ? -1 : 1));
    expect({ ...found, marks: byUser(found?.marks) }).toEqual({ ...expected, marks: byUser(expected.marks) });
    expect(found?.marks?.map(({ userId }) => userId)).toEqual(expect.arrayContaining([guest.id, agent.id]));
    expect(more).toEqual([]);
  });

  it('finds no more than it is asked for, null for a relation to nobody, and no members as an empty list', async () => {
    const { roomId } = await buildTalk(app.url, shop);
    const find = reads.by(Room, 'id', { fields: ['status'], relations: { assignee: ['name'], marks: ['publicRead'] } });
    expect(await find([roomId])).toEqual([{ id: roomId, status: 'open', assignee: null, marks: [] }]);
  });

  it('sends what is asked in one turn together, and a statement that fails fails nobody else', async () => {
    await one(0);
    const { pool } = reads as unknown as { pool: pg.Pool };
    const client = await pool.connect();
    client.release();
    const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
    const written = [jest.spyOn(stream, '_write'), jest.spyOn(stream, '_writev' as '_write')];
    const answers = await Promise.allSettled([one(1), broken(), one(2), one(3)]);
    expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : 'failed'))).toEqual([
      [{ value: 1 }],
      'failed',
      [{ value: 2 }],
      [{ value: 3 }],
    ]);
    expect(written.reduce((calls, { mock }) => calls + mock.calls.length, 0)).toBe(1);
    expect(await one(4)).toEqual([{ value: 4 }]);
  });

  it('has the columns of a statement described once for a connection, and never reads a row by columns that are not its own', async () => {
    const client = await (reads as unknown as { pool: pg.Pool }).pool.connect();
    const { connection } = client as unknown as { connection: { describe: (what: object) => void } };
    const described = jest.spyOn(connection, 'describe');
    const ask = (rowMode?: 'array'): Promise<unknown[]> =>
      preparedRows(client, { name: 'probe', text: 'SELECT * FROM probe ORDER BY n', values: [], ...(rowMode && { rowMode }) });
    try {
      await client.query(
        "CREATE TEMPORARY TABLE probe AS SELECT n, 'no ' || n AS named, n % 2 = 0 AS is_even FROM generate_series(1, 3) n",
      );
      described.mockClear();
      const rows = [
        { n: 1, named: 'no 1', is_even: false },
        { n: 2, named: 'no 2', is_even: true },
        { n: 3, named: 'no 3', is_even: false },
      ];
      // All three are under way before the first is described.
      expect(await Promise.all([ask(), ask(), ask('array')])).toEqual([rows, rows, rows.map((row) => Object.values(row))]);
      expect(await Promise.all([ask(), ask('array')])).toEqual([rows, rows.map((row) => Object.values(row))]);
      expect(described).toHaveBeenCalledTimes(3);
      await client.query('DELETE FROM probe WHERE n < 3');
      expect(await ask()).toEqual([rows[2]]);
      await client.query('ALTER TABLE probe DROP COLUMN named');
      await expect(ask()).rejects.toThrow('cached plan must not change result type');
      expect(described).toHaveBeenCalledTimes(3);
    } finally {
      client.release(true);
    }
  });

  it('serves again after its connection was lost, also in the middle of a statement', async () => {
    const { pid } = await connectionOf();
    const stuck = reads.rows({ name: 'stuck', text: 'SELECT pg_sleep($1)', values: [3] }).then(
      () => 'answered',
      () => 'failed',
    );
    await until(
      () => app.sql<{ state: string }>('SELECT state FROM pg_stat_activity WHERE pid = $1', [pid]),
      ([row]) => row?.state === 'active',
    );
    await app.sql('SELECT pg_terminate_backend($1)', [pid]);
    expect(await stuck).toBe('failed');
    expect(await one(1)).toEqual([{ value: 1 }]);
    expect((await connectionOf()).pid).not.toBe(pid);
  });

  it('no statement of a handshake, a join or a sending reads a table as a whole', async () => {
    const prepared = new Map<string, string>();
    const query = pg.Client.prototype.query as (...args: unknown[]) => unknown;
    jest.spyOn(pg.Client.prototype, 'query' as never).mockImplementation(function (this: pg.Client, ...args: unknown[]) {
      const { name, text } = args[0] as { name?: string; text: string };
      // What the server looks for by itself now and then, it does whoever comes or sends.
      if (name && !name.startsWith('sweep ')) prepared.set(name, text);
      return query.apply(this, args);
    } as never);
    const { roomId, agent, guestSocket } = await buildTalk(app.url, shop);
    await guestSocket.call('message.send', { roomId, clientMessageId: newKey(), body: 'Hello' });
    await rest(app.url, 'GET', `/api/rooms/${roomId}`, { token: agent.token });
    await until(
      () => Promise.resolve([...prepared.keys()]),
      (names) => names.includes('hold presence') && names.includes('read presence'),
    );
    jest.restoreAllMocks();
    expect([...prepared.keys()]).toEqual(
      expect.arrayContaining(['session by id userId expiresAt endedAt isRestricted user', 'room by id', 'unread', 'queue positions']),
    );
    const client = new pg.Client({ connectionString: app.databaseUrl });
    await client.connect();
    await client.query(BY_KEY);
    const whole: Record<string, string[]> = {};
    for (const [name, text] of prepared) {
      const { rows } = await client.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(`EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${text}`);
      const tables = rows[0]?.['QUERY PLAN'].flatMap(({ Plan: plan }) => readWhole(plan)) ?? [];
      if (tables.length > 0) whole[name] = tables;
    }
    await client.end();
    expect(whole).toEqual({});
  });

  it('a message finds its room and its sender by their ids, also on a server that knows nothing of its tables yet', async () => {
    const entries: NewEntry[] = [];
    for (let i = 0; i < 3; i++) {
      const { room, guest } = await buildRoom(app.url, shop);
      entries.push({
        ...{ id: newId(), businessId: room.businessId, roomId: room.id, stream: 'public', kind: 'text', senderId: guest.id },
        ...{ clientMessageId: newKey(), fingerprint: 'f', body: 'Hello', wakes: true },
      });
    }
    const client = new pg.Client({ connectionString: app.databaseUrl });
    await client.connect();
    await client.query(
      `${BY_KEY}; LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0; SET auto_explain.log_nested_statements = on;
        SET auto_explain.log_format = json; SET client_min_messages = log`,
    );
    const plans: Plan[] = [];
    client.on('notice', ({ message = '' }) => plans.push((JSON.parse(message.slice(message.indexOf('{'))) as { Plan: Plan }).Plan));
    try {
      for (const { text, values } of [
        new MessageBatch(entries.slice(0, 1)).statement,
        new MessageBatch([{ ...(entries[0] as NewEntry), senderId: shop.admin.id, wakes: undefined }]).statement,
        new MessageBatch(entries).statement,
        { text: 'SELECT * FROM append_entries($1, $2, $3, $4)', values: toArguments(entries) },
      ]) {
        plans.length = 0;
        await client.query('BEGIN');
        expect((await client.query(text, values as unknown[])).rows.length).toBeGreaterThan(0);
        await client.query('ROLLBACK');
        const nodes = plans.flatMap(nodesOf);
        const indexes = nodes.flatMap(({ 'Index Name': name }) => (name && /^(room|user)_/.test(name) ? [name] : []));
        expect(new Set(indexes)).toEqual(new Set(['room_pkey', 'user_pkey']));
        expect(nodes.map((node) => node['Node Type'])).not.toContain('Materialize');
      }
    } finally {
      await client.end();
    }
  });
});
