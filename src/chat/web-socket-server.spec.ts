import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import type { ChatSocket } from './chat-server.js';
import { forgetRequest, WebSocketServer } from './web-socket-server.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('a connection', () => {
  const http = createServer();
  const server = new Server(http, { wsEngine: WebSocketServer, transports: ['websocket', 'polling'] } as object);
  let url: string;

  beforeAll(async () => {
    await once(http.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it.each([
    ['over WebSocket', ['websocket']],
    ['upgraded from polling', ['polling', 'websocket']],
  ])('%s does not keep the request that it came with, nor its token, and works on', async (_, transports) => {
    const requests: WeakRef<IncomingMessage>[] = [];
    const note = (request: IncomingMessage): void => void requests.push(new WeakRef(request));
    http.on('upgrade', note);
    const opened = once(server, 'connection') as Promise<[ChatSocket]>;
    const client = io(url, { transports, auth: { token: 'secret' }, forceNew: true });
    const [socket] = await opened;
    while (socket.conn.transport.name !== 'websocket') await sleep(10);
    forgetRequest(socket);
    socket.on('room.get' as never, ((given: unknown, answer: (taken: unknown) => void) => answer(given)) as never);
    expect(await client.emitWithAck('room.get', { roomId: 'one' })).toEqual({ roomId: 'one' });
    // What the event loop still holds of the handshake goes with its next turns.
    const isHeld = (): boolean => requests.some((request) => request.deref() !== undefined);
    for (let tries = 0; isHeld() && tries < 50; tries++) {
      await sleep(20);
      collectGarbage();
    }
    expect({ requests: requests.length, isHeld: isHeld() }).toEqual({ requests: 1, isHeld: false });
    expect(JSON.stringify(socket.handshake)).toBe('{}');
    expect(await client.emitWithAck('room.get', { roomId: 'two' })).toEqual({ roomId: 'two' });
    http.off('upgrade', note);
    const closed = once(socket, 'disconnect');
    client.close();
    await closed;
  });
});
