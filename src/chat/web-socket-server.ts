import type { IncomingMessage } from 'node:http';
import { Writable, type Duplex } from 'node:stream';
import { Socket } from 'node:net';
import { Receiver, WebSocketServer as WsServer, type WebSocket } from 'ws';
import type { ChatSocket } from './chat-server.js';
import { coalesceWrites } from './coalesce-writes.js';

declare module 'ws' {
  /** What the library reads frames with; missing in its types. */
  export class Receiver extends Writable {}
}

/** It is ended two or three times, and each time but the first Node makes an error with its stack, which nobody hears. */
Receiver.prototype.end = function (this: Writable, ...rest: unknown[]): Writable {
  return this.writableEnded ? this : (Reflect.apply(Writable.prototype.end, this, rest) as Writable);
};

type Accept = (client: WebSocket, request: IncomingMessage) => void;

/**
 * The WebSocket server under Engine.IO (its option `wsEngine`). Its connections write once in a turn, and do not keep the
 * request that they came with: Engine.IO waits for their close to tell middlewares of its own, of which there are none here.
 */
export class WebSocketServer extends WsServer {
  override handleUpgrade(request: IncomingMessage, connection: Duplex, head: Buffer, accept: Accept): void {
    // One by one: to remove them all would make the slow kind of object of the connection's list, of 800 bytes.
    for (const listener of connection.listeners('close')) connection.off('close', listener as () => void);
    if (connection instanceof Socket) coalesceWrites(connection);
    super.handleUpgrade(request, connection, head, accept);
  }
}

const FORGOTTEN = Object.freeze({});

/**
 * Lets go of the request of a socket that was let in. With the token in it it would stay in memory as long as the connection,
 * and be a third of what that takes.
 */
export const forgetRequest = (socket: ChatSocket): void => {
  Object.assign(socket, { handshake: FORGOTTEN });
  Object.assign(socket.conn, { request: null });
};
