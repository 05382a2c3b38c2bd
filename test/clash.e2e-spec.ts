import pg from 'pg';
import { startApp, type TestApp } from './support/app.js';
import { buildArticle, buildBusiness, buildCannedReply, buildTalk, buildView, newKey, PASSWORD, say, until } from './support/factories.js';
import { rest, type Answer } from './support/rest.js';
import { closeSockets, connect } from './support/socket.js';
import { buildForeign, buildWorld, type Foreign } from './support/two-doors.js';
import { MESSAGE_CASES, ROOM_CASES, type Act } from './support/two-doors-cases.js';

/** So often somebody may lose and still get it done. */
const TIMES = 3;

/** What the server writes in its own time, for which nobody waits. */
const BY_ITSELF = "'migrations', 'chore', 'presence', 'presence_lease'";

/** The next statements that write end as if each had lost against another transaction. */
const CLASHES = `
CREATE SEQUENCE clash MINVALUE -1000 START 1;
CREATE FUNCTION clash() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF nextval('clash') <= 0 THEN RAISE EXCEPTION 'lost against another' USING ERRCODE = '40001'; END IF;
  RETURN NULL;
END $$;
DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN (${BY_ITSELF}) LOOP
    EXECUTE format('CREATE TRIGGER clash BEFORE INSERT OR UPDATE OR DELETE ON %I FOR EACH STATEMENT EXECUTE FUNCTION clash()', name);
  END LOOP;
END $$`;

type Deed = Omit<Act, 'event' | 'payload'>;

describe('X21 what loses against another transaction', () => {
  let app: TestApp;
  let foreign: Foreign;

  beforeAll(async () => {
    app = await startApp();
    foreign = await buildForeign(app.url);
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  /** While this is done, so many statements that write lose. */
  const losing = async (times: number, { as, method, path, body }: Deed): Promise<{ what: string; status: number; hasLost: boolean }> => {
    await app.sql("SELECT setval('clash', $1)", [-times]);
    const { status } = await rest(app.url, method, path, { token: as.token, body });
    const [clash] = await app.sql<{ at: number }>('SELECT last_value::integer AS at FROM clash');
    await app.sql("SELECT setval('clash', 1)");
    return { what: `${method} ${path}`, status, hasLost: (clash?.at ?? 0) > -times };
  };

  /** What no case of the two doors does. */
  const otherDeeds = async (): Promise<Deed[]> => {
    const shop = await buildBusiness(app.url);
    const { roomId, agent, guest } = await buildTalk(app.url, shop);
    await say(app.url, guest, roomId, 'Hello');
    const { admin } = shop;
    const room = `/api/rooms/${roomId}`;
    const colleague = { email: `colleague-${newKey()}@shop.example`, name: 'Cy', role: 'agent', password: PASSWORD };
    return [
      { as: admin, method: 'POST', path: '/api/agents', body: colleague },
      { as: agent, method: 'PUT', path: `${room}/draft`, body: { body: 'Hel' } },
      { as: agent, method: 'DELETE', path: `${room}/draft` },
      { as: agent, method: 'POST', path: `${room}/unread`, body: {} },
      { as: agent, method: 'DELETE', path: `/api/views/${await buildView(app.url, agent, {})}` },
      { as: admin, method: 'DELETE', path: `/api/articles/${await buildArticle(app.url, shop)}` },
      { as: admin, method: 'DELETE', path: `/api/canned-replies/${await buildCannedReply(app.url, shop)}` },
      { as: admin, method: 'DELETE', path: `/api/customers/${guest.id}` },
      { as: agent, method: 'POST', path: '/api/auth/logout' },
    ];
  };

  it('is done all the same, whatever it is', async () => {
    const cases = [...ROOM_CASES, ...MESSAGE_CASES].filter(({ expected }) => expected === 'ok');
    const deeds: Deed[] = await Promise.all(cases.map(async ({ act }) => act(await buildWorld(app.url, foreign))));
    deeds.push(...(await otherDeeds()));
    await app.sql(CLASHES);
    const done = [];
    for (const deed of deeds) done.push(await losing(TIMES, deed));
    expect(done.filter(({ status }) => status >= 300)).toEqual([]);
    expect(done.filter(({ hasLost }) => hasLost).length).toBeGreaterThan(35);

    const { agent, roomId } = await buildWorld(app.url, foreign);
    const ways = [
      { as: agent, method: 'POST', path: `/api/rooms/${roomId}/claim` },
      { as: agent, method: 'POST', path: `/api/rooms/${roomId}/messages`, body: { clientMessageId: newKey(), body: 'x' } },
    ];
    for (const deed of ways) expect((await losing(500, deed)).status).toBe(503);
    await app.sql('DROP FUNCTION clash CASCADE');
  });

  describe('for good reason', () => {
    let other: pg.Client;
    beforeEach(async () => {
      other = new pg.Client({ connectionString: app.databaseUrl });
      await other.connect();
      // Longer than the server's, so that it is the one to lose.
      await other.query("SET deadlock_timeout = '30s'");
      await other.query('BEGIN');
    });
    afterEach(() => other.end());

    const deadlocks = async (): Promise<number> =>
      (await app.sql<{ n: number }>('SELECT deadlocks::integer AS n FROM pg_stat_database WHERE datname = current_database()'))[0]?.n ?? 0;
    const isWaiting = async (): Promise<number> =>
      (await app.sql("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")).length;
    /** Holds the last of what `work` locks, and asks for the first once that waits. */
    const cross = async <T>(last: string, first: string, work: () => Promise<T>): Promise<T> => {
      const before = await deadlocks();
      await other.query(last);
      const working = work();
      expect(await until(isWaiting, (count) => count === 1)).toBe(1);
      await other.query(first);
      await other.query('ROLLBACK');
      const result = await working;
      expect(await until(deadlocks, (count) => count > before)).toBe(before + 1);
      return result;
    };

    it('two messages of one batch, whose rooms somebody locks the other way round, are stored', async () => {
      const { agent, roomId, strangerRoomId } = await buildWorld(app.url, foreign);
      const socket = await connect(app.url, agent.token);
      const [one, two] = [roomId, strangerRoomId].sort();
      const lock = (id: string | undefined): string => `SELECT 1 FROM stream_counter WHERE room_id = '${id}' FOR UPDATE`;
      const sent = await cross(lock(two), lock(one), () =>
        Promise.all([one, two].map((id) => socket.call('message.send', { roomId: id, clientMessageId: newKey(), body: 'x' }))),
      );
      expect(sent.map(({ roomId: id, seq }) => [id, seq])).toEqual([
        [one, 1],
        [two, 1],
      ]);
    });

    it('a claim, whose room and agent somebody locks the other way round, is made', async () => {
      const { agent, roomId } = await buildWorld(app.url, foreign);
      const claim = (): Promise<Answer> => rest(app.url, 'POST', `/api/rooms/${roomId}/claim`, { token: agent.token });
      const room = `SELECT 1 FROM room WHERE id = '${roomId}' FOR UPDATE`;
      const { status, body } = await cross(room, `SELECT 1 FROM "user" WHERE id = '${agent.id}' FOR UPDATE`, claim);
      expect([status, body.assignee?.id]).toEqual([200, agent.id]);
    });
  });
});
