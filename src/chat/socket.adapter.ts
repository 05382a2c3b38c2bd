import type { INestApplication } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Server, ServerOptions, Socket } from 'socket.io';
import { OriginService } from '../auth/origin.service.js';
import type { ChatSocket } from './chat-server.js';
import { ChatGateway } from './chat.gateway.js';
import { GatewayHandlers, type Handler } from './gateway-handlers.js';
import { SocketAuth } from './socket-auth.js';
import { SocketDoor } from './socket-door.js';
import { textParser } from './text-parser.js';
import { WebSocketServer } from './web-socket-server.js';

const MAX_FRAME_BYTES = 64 * 1024;

/** Socket.IO under Nest, with the handshake, the limits and the answers of this server in place of Nest's. */
export class SocketAdapter extends IoAdapter {
  private readonly auth: SocketAuth;
  private readonly door: SocketDoor;
  private readonly origins: OriginService;
  private readonly handlers: ReadonlyMap<string, Handler>;

  constructor(app: INestApplication) {
    super(app);
    this.auth = app.get(SocketAuth);
    this.door = app.get(SocketDoor);
    this.origins = app.get(OriginService);
    this.handlers = app.get(GatewayHandlers).of(app.get(ChatGateway));
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const server = super.createIOServer(port, {
      ...options,
      serveClient: false,
      parser: textParser,
      wsEngine: WebSocketServer,
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

  /** Happens once in a socket's life, which is why it takes no listener that takes itself away. */
  override bindClientDisconnect(socket: Socket, tell: (reason?: string) => void): void {
    socket.on('disconnect', tell);
  }

  override bindMessageHandlers(socket: Socket): void {
    this.door.open(socket as ChatSocket, this.handlers);
  }
}
