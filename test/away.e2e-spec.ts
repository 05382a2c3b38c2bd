import { setTimeout as sleep } from 'node:timers/promises';
import { newDatabase, startApp, type TestApp } from './support/app.js';
import { buildBusiness, buildTalk, newKey, until } from './support/factories.js';
import { startProxy, type Proxy } from './support/proxy.js';
import { rest, type Answer } from './support/rest.js';
import { closeSockets, type TestSocket } from './support/socket.js';

/** Longer than a connection may owe an answer: those that had nothing to say for so long are given up as well. */
const IDLE_MS = 7_000;
const HANGS_MS = 15_000;
const ASKED_EVERY_MS = 500;
const OWED_WITHIN_MS = 10_000;

interface Asked {
  what: string;
  tookMs: number;
  /** A status of HTTP or a code of an error; `ok` for an ack that is none. */
  answer: string | number;
}

describe('a server whose database is away', () => {
  let proxy: Proxy;
  let app: TestApp;
  let token: string;
  let roomId: string;
  let socket: TestSocket;

  beforeAll(async () => {
    const database = new URL(await newDatabase());
    proxy = await startProxy(`http://${database.host}`);
    database.host = new URL(proxy.url).host;
    app = await startApp({}, database.href);
    const talk = await buildTalk(app.url, await buildBusiness(app.url));
    token = talk.agent.token;
    roomId = talk.roomId;
    socket = talk.agentSocket;
  });
  afterAll(async () => {
    closeSockets();
    await app.close();
    await proxy.close();
  });

  const get = (path: string): Promise<Answer> => rest(app.url, 'GET', path, { token });
  const draft = (): object => ({ clientMessageId: newKey(), body: 'x' });
  const asking = {
    account: () => get('/api/auth/me'),
    rooms: () => get('/api/rooms'),
    history: () => get(`/api/rooms/${roomId}/messages`),
    search: () => get('/api/search?q=kettle'),
    send: () => rest(app.url, 'POST', `/api/rooms/${roomId}/messages`, { token, body: draft() }),
    sign: () => rest(app.url, 'POST', '/api/auth/login', { body: { email: 'nobody@shop.example', password: 'correct horse battery' } }),
    ready: () => get('/health/ready'),
    'send by socket': () => socket.ask('message.send', { roomId, ...draft() }),
    'join by socket': () => socket.ask('room.join', { roomId }),
    'sync by socket': () => socket.ask('room.sync', { roomId, after: { public: 0 } }),
  };

  const ask = async (what: keyof typeof asking): Promise<Asked> => {
    const began = Date.now();
    const answer = await asking[what]();
    const tookMs = Date.now() - began;
    if ('status' in answer) return { what, tookMs, answer: answer.status };
    return { what, tookMs, answer: answer.ok ? 'ok' : answer.error.code };
  };

  /** Asks everything again and again for so long, and waits for all answers. */
  const askAll = async (ms: number): Promise<Asked[]> => {
    const asked: Promise<Asked>[] = [];
    for (const end = Date.now() + ms; Date.now() < end;) {
      for (const what of Object.keys(asking) as (keyof typeof asking)[]) asked.push(ask(what));
      expect((await get('/health/live')).status).toBe(200);
      await sleep(ASKED_EVERY_MS);
    }
    return Promise.all(asked);
  };

  const expectAnswers = (asked: Asked[], withinMs: number): void => {
    expect(asked.filter(({ tookMs }) => tookMs > withinMs)).toEqual([]);
    expect([...new Set(asked.map(({ answer }) => answer))].sort()).toEqual([503, 'unavailable']);
  };

  const expectWell = async (): Promise<void> => {
    await until(
      () => get('/health/ready'),
      ({ status }) => status === 200,
      10_000,
    );
    const { body } = await get(`/api/rooms/${roomId}/messages`);
    const sent = await socket.call('message.send', { roomId, ...draft() });
    expect(sent.seq).toBe((body.lastSeq as number) + 1);
  };

  it('X4 P7 hangs: everything is answered within ten seconds, it says that it is not ready, and serves when it is back', async () => {
    await sleep(IDLE_MS);
    proxy.freeze();
    expectAnswers(await askAll(HANGS_MS), OWED_WITHIN_MS);
    proxy.thaw();
    await expectWell();
  }, 60_000);

  it('X8 cannot be reached: everything is refused within two seconds, and served when it can', async () => {
    proxy.shut();
    expectAnswers(await askAll(3_000), 2_000);
    proxy.open();
    await expectWell();
  }, 60_000);
});
