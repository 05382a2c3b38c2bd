import type { INestApplication } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { MessageMappingProperties } from '@nestjs/websockets';
import type { Server, ServerOptions, Socket } from 'socket.io';
import { OriginService } from '../auth/origin.service.js';
import type { ChatSocket } from './chat-server.js';
import { SocketAuth } from './socket-auth.js';
import { SocketDoor, type Handler } from './socket-door.js';

const MAX_FRAME_BYTES = 64 * 1024;

/** Socket.IO under Nest, with the handshake, the limits and the answers of this server in place of Nest's. */
export class SocketAdapter extends IoAdapter {
  private readonly auth: SocketAuth;
  private readonly door: SocketDoor;
  private readonly origins: OriginService;

  constructor(app: INestApplication) {
    super(app);
    this.auth = app.get(SocketAuth);
    this.door = app.get(SocketDoor);
    this.origins = app.get(OriginService);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const server = super.createIOServer(port, {
      ...options,
      serveClient: false,
      transports: ['websocket', 'polling'],
      maxHttpBufferSize: MAX_FRAME_BYTES,
      pingInterval: 25_000,
      pingTimeout: 20_000,
      connectTimeout: 10_000,
      perMessageDeflate: false,
      httpCompression: false,
      // Only lets allowed pages read what polling answers; the handshake itself is refused by the middleware.
      cors: {
        origin: (origin: string | undefined, answer: (error: Error | null, isAllowed: boolean) => void) => {
          this.origins.isAllowed(origin).then(
            (isAllowed) => answer(null, isAllowed),
            () => answer(null, false),
          );
        },
      },
    } as ServerOptions);
    server.use((socket, next) => this.auth.middleware(socket as ChatSocket, next));
    return server;
  }

  override bindMessageHandlers(socket: Socket, handlers: MessageMappingProperties[]): void {
    this.door.open(
      socket as ChatSocket,
      new Map(handlers.map(({ message, callback }) => [String(message), callback as unknown as Handler])),
    );
  }
}
