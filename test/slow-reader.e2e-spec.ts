import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { ChatServer } from '../src/chat/chat-server.js';
import { startApp, type TestApp } from './support/app.js';
import { buildBusiness, buildTalk, newKey, until } from './support/factories.js';
import { rest } from './support/rest.js';
import { closeSockets } from './support/socket.js';

const MESSAGES_PER_SECOND = 200;
/** As long as a message may be, in letters of four bytes. */
const BODY = '🫖'.repeat(4_000);

/** A client that says what it must, and then reads only when it is told to. */
class LazyClient {
  readonly packets: string[] = [];
  readonly closed: Promise<unknown>;
  private readonly socket: WebSocket;

  constructor(url: string, token: string) {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    this.socket.on('open', () => this.socket.send(`40${JSON.stringify({ token })}`));
    this.socket.on('message', (data: Buffer) => this.packets.push(data.toString()));
    this.socket.on('error', () => undefined);
    this.closed = new Promise((done) => this.socket.once('close', done));
  }

  /** Its id on the server. */
  async id(): Promise<string> {
    const answer = await this.packet('40');
    return (JSON.parse(answer.slice(2)) as { sid: string }).sid;
  }

  async join(roomId: string): Promise<void> {
    this.socket.send(`420${JSON.stringify(['room.join', { roomId }])}`);
    await this.packet('430');
  }

  stop(): void {
    this.socket.pause();
  }

  readOn(): void {
    this.socket.resume();
  }

  private async packet(beginning: string): Promise<string> {
    const found = await until(
      () => Promise.resolve(this.packets.find((packet) => packet.startsWith(beginning))),
      (packet) => packet !== undefined,
    );
    return found as string;
  }
}

describe('P12 A90 X10 a client that does not read', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  it('is cut within ten seconds in a busy room, told why if it reads on, and others hear everything', async () => {
    const shop = await buildBusiness(app.url);
    const { roomId, guest, guestSocket, agentSocket } = await buildTalk(app.url, shop);
    const clients = [new LazyClient(app.url, guest.token), new LazyClient(app.url, guest.token)] as const;
    const ids = await Promise.all(
      clients.map(async (client) => {
        const id = await client.id();
        await client.join(roomId);
        client.stop();
        return id;
      }),
    );
    const server = app.app.get(ChatServer);
    const began = Date.now();
    let sent = 0;
    while (ids.some((id) => server.socket(id)) && Date.now() - began < 15_000) {
      const due = Math.floor(((Date.now() - began) * MESSAGES_PER_SECOND) / 1_000);
      for (; sent < due; sent++) void agentSocket.ask('message.send', { roomId, clientMessageId: newKey(), body: BODY });
      await sleep(10);
    }
    expect(Date.now() - began).toBeLessThan(10_000);
    const [late] = clients;
    late.readOn();
    await late.closed;
    expect(late.packets.slice(-3)).toContain('42["session.ended",{"reason":"slow_consumer"}]');
    const all = await until(
      () => Promise.resolve(guestSocket.all('message.created')),
      ({ length }) => length >= sent,
      20_000,
    );
    expect(all.map(({ seq }: { seq: number }) => seq)).toEqual([...Array(sent).keys()].map((n) => n + 1));
    // Nothing is kept of the one that never reads.
    const open = await until(
      () => Promise.resolve(server.io.engine.clientsCount),
      (count) => count === 2,
    );
    expect(open).toBe(2);
    // The session goes on.
    expect((await rest(app.url, 'GET', '/api/auth/me', { token: guest.token })).status).toBe(200);
  }, 40_000);
});
