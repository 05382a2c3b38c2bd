import pg from 'pg';
import type { Message } from '../src/contract/message.js';
import { PresenceReader } from '../src/presence/presence.reader.js';
import { AbsenceService } from '../src/routing/absence.service.js';
import { startApp, type TestApp } from './support/app.js';
import {
  buildAgent,
  buildBusiness,
  buildGuest,
  buildTalk,
  forgeToken,
  newKey,
  readToken,
  setUp,
  until,
  type Person,
  type Tenant,
} from './support/factories.js';
import { setClock } from './support/clock.js';
import { rest } from './support/rest.js';
import { closeSockets, connect as connectAnew, type TestSocket } from './support/socket.js';

const HOUR_MS = 3_600_000;
/** The clients are in the same process, and keep their own time: by the server's they would have missed a ping. */
const keepTime = <Client extends TestSocket>(client: Client): Client => {
  Object.assign(client.raw.io.engine, { _pingTimeoutTime: Number.MAX_SAFE_INTEGER });
  return client;
};
const connect = async (url: string, token: string): Promise<TestSocket> => keepTime(await connectAnew(url, token));
const JUMPS: [string, number, number][] = [
  ['forward and back', HOUR_MS, 0],
  ['back and forward', -HOUR_MS, 0],
];

describe('X13 a server whose clock is put an hour', () => {
  let app: TestApp;
  let shop: Tenant;

  beforeAll(async () => {
    app = await startApp({ JWT_ACCESS_EXPIRES_IN: '1d', RATE_LIMIT_FACTOR: '1' });
    shop = await buildBusiness(app.url);
  });
  afterEach(() => {
    setClock(0);
    closeSockets();
  });
  afterAll(() => app.close());

  const talk = async (): ReturnType<typeof buildTalk> => {
    const built = await buildTalk(app.url, shop);
    keepTime(built.guestSocket);
    keepTime(built.agentSocket);
    return built;
  };
  const send = (socket: TestSocket, roomId: string, body = 'x'): Promise<Message> =>
    socket.call('message.send', { roomId, clientMessageId: newKey(), body });

  const statusOf = async ({ id }: Person): Promise<string> => (await app.app.get(PresenceReader).of(id)).status;
  const isOnline = async (person: Person): Promise<void> =>
    expect(
      await until(
        () => statusOf(person),
        (is) => is === 'online',
      ),
    ).toBe('online');

  it.each(JUMPS)('%s: numbers, what is heard and what is read keep their order, and nobody is cut or shut out', async (_, there, back) => {
    const { roomId, guest, guestSocket, agentSocket } = await talk();
    const acked: Message[] = [];
    for (const aheadMs of [0, there, back]) {
      setClock(aheadMs);
      for (let n = 0; n < 3; n++) acked.push(await send(guestSocket, roomId, `${aheadMs} ${n}`));
    }
    expect(acked.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await agentSocket.waitFor('message.created', ({ seq }) => seq === 9);
    expect(agentSocket.all<Message>('message.created').map(({ id }) => id)).toEqual(acked.map(({ id }) => id));
    const { body } = await rest(app.url, 'GET', `/api/rooms/${roomId}/messages`, { token: guest.token });
    expect(body.items.map(({ id }: Message) => id)).toEqual(acked.map(({ id }) => id));
  });

  it.each(JUMPS)('%s: nobody is told to wait for what was taken before', async (_, there, back) => {
    const guest = await buildGuest(app.url, shop);
    const ask = async (): Promise<number> => (await rest(app.url, 'GET', '/api/rooms', { token: guest.token })).status;
    for (const aheadMs of [0, there, back]) {
      setClock(aheadMs);
      expect(await Promise.all([ask(), ask(), ask()])).toEqual([200, 200, 200]);
    }
  });

  it.each(JUMPS)('%s: staff are told of talk as soon as ever', async (_, there, back) => {
    const { roomId, guestSocket } = await talk();
    const watcher = await connect(app.url, shop.admin.token);
    for (const aheadMs of [0, there, back]) {
      setClock(aheadMs);
      const { seq } = await send(guestSocket, roomId);
      await watcher.waitFor('room.updated', ({ id, lastSeq }) => id === roomId && lastSeq >= seq);
    }
  });

  it.each(JUMPS)('%s: who is at work stays online', async (_, there, back) => {
    const agent = await buildAgent(app.url, shop);
    const socket = await connect(app.url, agent.token);
    const watcher = await connect(app.url, shop.admin.token);
    await isOnline(agent);
    for (const aheadMs of [there, back]) {
      setClock(aheadMs);
      // Longer than it takes to look for those who do nothing.
      await new Promise((done) => setTimeout(done, 1_200));
      expect(await statusOf(agent)).toBe('online');
    }
    expect(watcher.all('presence.changed').filter(({ userId, status: is }) => userId === agent.id && is !== 'online')).toEqual([]);
    expect(socket.raw.connected).toBe(true);
  });

  it('forward: a send that is under way is answered by what became of it', async () => {
    const { roomId, guestSocket } = await talk();
    const holder = new pg.Client({ connectionString: app.databaseUrl });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM stream_counter WHERE room_id = $1 FOR UPDATE', [roomId]);
    const answer = guestSocket.ask('message.send', { roomId, clientMessageId: newKey(), body: 'x' });
    await new Promise((done) => setTimeout(done, 200));
    setClock(HOUR_MS);
    // Longer than it takes to look for answers that are owed.
    await new Promise((done) => setTimeout(done, 600));
    await holder.query('ROLLBACK');
    await holder.end();
    expect(await answer).toMatchObject({ ok: true, data: { seq: 1 } });
  });

  it('back, while sessions cannot be read: one that ended meanwhile is cut once they can', async () => {
    const guest = await buildGuest(app.url, shop);
    const socket = await connect(app.url, guest.token);
    const holder = new pg.Client({ connectionString: app.databaseUrl });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('LOCK TABLE session IN ACCESS EXCLUSIVE MODE');
    setClock(-HOUR_MS);
    await new Promise((done) => setTimeout(done, 4_000));
    // As if it had ended soon after the last look, and the looks had failed for longer.
    const { sid } = readToken(guest.token) as { sid: string };
    await holder.query("UPDATE session SET ended_at = clock_timestamp() - interval '17 seconds', end_reason = 'revoked' WHERE id = $1", [
      sid,
    ]);
    await holder.query('COMMIT');
    await holder.end();
    expect(await socket.waitFor('session.ended')).toEqual({ reason: 'revoked' });
  });

  it('forward: the room of an agent who left just now is not given back before its time', async () => {
    await setUp(app.url, shop, { routing: { giveBackAfterSeconds: 60 } });
    const { roomId, guestSocket, agent, agentSocket } = await talk();
    await agentSocket.call('room.claim', { roomId });
    await send(guestSocket, roomId, 'Anybody there?');
    // Whoever comes and goes within a moment was never here, and has as long as its assignment gives it.
    await isOnline(agent);
    agentSocket.close();
    const assignee = async (): Promise<unknown> => (await app.sql('SELECT assignee_id FROM room WHERE id = $1', [roomId]))[0]?.assignee_id;
    // As if the grace were over.
    const ended = await until(
      () => app.sql('DELETE FROM presence_lease WHERE user_id = $1 AND NOT is_connected RETURNING 1', [agent.id]),
      ({ length }) => length === 1,
    );
    expect(ended).toHaveLength(1);
    setClock(HOUR_MS);
    await app.app.get(AbsenceService).sweep();
    expect(await assignee()).toBe(agent.id);
    await app.sql(
      `WITH given AS (UPDATE room SET assigned_at = assigned_at - interval '1 minute' WHERE id = $2)
       UPDATE presence SET last_seen_at = last_seen_at - interval '1 minute' WHERE user_id = $1`,
      [agent.id, roomId],
    );
    await app.app.get(AbsenceService).sweep();
    expect(await until(assignee, (is) => is === null)).toBeNull();
  });

  it('tokens of a server whose clock is a minute ahead are taken', async () => {
    const { token } = shop.admin;
    const { iat, exp } = readToken(token) as { iat: number; exp: number };
    const fromAhead = forgeToken(token, { iat: iat + 60, exp: exp + 60 });
    expect((await rest(app.url, 'GET', '/api/auth/me', { token: fromAhead })).status).toBe(200);
    expect((await connect(app.url, fromAhead)).raw.connected).toBe(true);
  });
});
