import pg from 'pg';
import { startApp, type TestApp } from './support/app.js';
import { buildAgent, buildBusiness, buildRoom, buildTeam, newKey, until, type Person, type Tenant } from './support/factories.js';
import { rest, type Answer } from './support/rest.js';
import { closeSockets, connect } from './support/socket.js';

/** How often each deadlock is made. PostgreSQL looks for one after a second, and ends whoever looks first. */
const ROUNDS = 2;

describe('X21 a deadlock', () => {
  let app: TestApp;
  let shop: Tenant;
  let agent: Person;
  let other: pg.Client;

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
    agent = await buildAgent(app.url, shop);
    other = new pg.Client({ connectionString: app.databaseUrl });
    await other.connect();
    // The server is always the one who notices, and who is ended.
    await other.query("SET deadlock_timeout = '1min'");
  });
  afterAll(async () => {
    closeSockets();
    await other.end();
    await app.close();
  });

  const deadlocks = async (): Promise<number> => {
    const [row] = await app.sql<{ deadlocks: string }>(
      'SELECT pg_stat_get_db_deadlocks(oid) AS deadlocks FROM pg_database WHERE datname = current_database()',
    );
    return Number(row?.deadlocks);
  };
  /** Whether a connection of the server waits for a lock. */
  const isWaiting = async (): Promise<boolean> =>
    (
      await app.sql(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'parley' AND wait_event_type = 'Lock'",
      )
    ).length > 0;

  /** Holds `second`, lets the server take `first` and wait for `second`, then asks for `first`. */
  const inTheOtherOrder = async (first: string, second: string, roomId: string, work: () => Promise<Answer>): Promise<Answer> => {
    const before = await deadlocks();
    const lock = (table: string): Promise<unknown> =>
      other.query(`SELECT 1 FROM ${table} WHERE ${table === 'stream_counter' ? 'room_id' : 'id'} = $1 FOR UPDATE`, [
        table === '"user"' ? agent.id : roomId,
      ]);
    await other.query('BEGIN');
    await lock(second);
    const answer = work();
    await until(isWaiting, (is) => is);
    await lock(first);
    await other.query('COMMIT');
    const given = await answer;
    // Only then did the server lose against the other one, and try again.
    const after = await until(deadlocks, (count) => count > before, 3_000);
    expect(after).toBe(before + 1);
    return given;
  };

  const post = (path: string, body: object = {}): Promise<Answer> => rest(app.url, 'POST', path, { token: agent.token, body });

  it('of a claim that takes agent and room, with somebody who takes room and agent: the claim is made all the same, once', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { room } = await buildRoom(app.url, shop);
      const { status, body } = await inTheOtherOrder('"user"', 'room', room.id, () => post(`/api/rooms/${room.id}/claim`));
      expect([status, body.assignee.id]).toEqual([200, agent.id]);
      const lines = await app.sql("SELECT activity FROM message WHERE room_id = $1 AND activity = 'assigned'", [room.id]);
      expect(lines).toHaveLength(1);
    }
  });

  it('of a change that takes room and counters, with somebody who takes counters and room: nothing is done twice', async () => {
    const teamId = await buildTeam(app.url, shop, [agent]);
    for (let round = 0; round < ROUNDS; round++) {
      const { room } = await buildRoom(app.url, shop);
      const answer = await inTheOtherOrder('room', 'stream_counter', room.id, () =>
        post(`/api/rooms/${room.id}/transfer`, { teamId, note: 'Yours' }),
      );
      expect(answer.status).toBe(200);
      const notes = await app.sql("SELECT body FROM message WHERE room_id = $1 AND body = 'Yours'", [room.id]);
      expect(notes).toHaveLength(1);
    }
  });

  it('of messages of two rooms in one commit, with somebody who takes the counters backwards: all are stored, once', async () => {
    const socket = await connect(app.url, agent.token);
    for (let round = 0; round < ROUNDS; round++) {
      const rooms = (await Promise.all([buildRoom(app.url, shop), buildRoom(app.url, shop)])).map(({ room }) => room.id).sort();
      const [low = '', high = ''] = rooms;
      const before = await deadlocks();
      await other.query('BEGIN');
      const lock = (roomId: string): Promise<unknown> =>
        other.query('SELECT 1 FROM stream_counter WHERE room_id = $1 FOR UPDATE', [roomId]);
      await lock(high);
      // Over one socket, so that the lower room is not behind the other one.
      const answers = [...rooms, ...rooms].map((roomId) =>
        socket.ask('message.send', { roomId, clientMessageId: newKey(), body: 'Hello' }),
      );
      await until(isWaiting, (is) => is);
      await lock(low);
      await other.query('COMMIT');
      expect((await Promise.all(answers)).map(({ ok }) => ok)).toEqual([true, true, true, true]);
      expect(await until(deadlocks, (count) => count > before, 3_000)).toBe(before + 1);
      for (const roomId of rooms) {
        const stored = await app.sql("SELECT seq FROM message WHERE room_id = $1 AND stream = 'public' ORDER BY seq", [roomId]);
        expect(stored.map(({ seq }) => Number(seq))).toEqual([1, 2]);
      }
    }
  });

  it('that comes again and again is told as something that passes, and leaves nothing', async () => {
    const { room } = await buildRoom(app.url, shop);
    await app.sql(`
      CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'lost' USING ERRCODE = '40001'; END $$;
      CREATE TRIGGER lose BEFORE INSERT ON message FOR EACH ROW EXECUTE FUNCTION lose()`);
    try {
      const claim = await post(`/api/rooms/${room.id}/claim`);
      const sent = await post(`/api/rooms/${room.id}/messages`, { clientMessageId: newKey(), body: 'Hello' });
      for (const { status, body } of [claim, sent]) {
        expect([status, body.code, body.retryable]).toEqual([503, 'unavailable', true]);
      }
    } finally {
      await app.sql('DROP FUNCTION lose CASCADE');
    }
    const { body } = await rest(app.url, 'GET', `/api/rooms/${room.id}`, { token: agent.token });
    expect([body.assignee, body.lastSeq]).toEqual([null, 0]);
  });
});
