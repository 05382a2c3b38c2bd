import { Injectable } from '@nestjs/common';
import { Metrics } from '../metrics/metrics.js';
import { PresenceService } from '../presence/presence.service.js';
import { TypingService } from '../presence/typing.service.js';
import { ChatServer, type ChatIo, type ChatSocket } from './chat-server.js';
import { RoomPump } from './room.pump.js';
import { RoomMembers } from './room-members.js';
import { SocketAuth } from './socket-auth.js';
import { SocketDoor } from './socket-door.js';
import { placesOf, userOf } from './socket-room.js';

const IN_FLIGHT_PATIENCE_MS = 5_000;
const LONGEST_RETURN_MS = 5_000;

/** The life of the sockets of this node, from the handshake to the cut. */
@Injectable()
export class Connections {
  constructor(
    private readonly server: ChatServer,
    private readonly pump: RoomPump,
    private readonly auth: SocketAuth,
    private readonly door: SocketDoor,
    private readonly members: RoomMembers,
    private readonly presence: PresenceService,
    private readonly typing: TypingService,
    metrics: Metrics,
  ) {
    metrics.from('parley_sockets', () => this.server.byRole());
  }

  start(io: ChatIo): void {
    this.server.io = io;
    this.pump.watch();
  }

  opened(socket: ChatSocket): void {
    const { actor } = socket.data;
    if (!actor) {
      socket.disconnect(true);
      return;
    }
    void socket.join(placesOf(actor));
    this.auth.admitted(socket, actor);
    void this.presence.arrive(actor);
  }

  closed(socket: ChatSocket): void {
    const { actor } = socket.data;
    if (!actor) return;
    this.auth.gone(socket, actor);
    this.members.gone(actor, socket.id);
    if (this.server.listeners(userOf(actor.id)) === 0) this.typing.stopAll(actor.id);
    void this.presence.leave(actor);
  }

  /** Lets nobody in, answers what is under way, tells the clients when to come back, and closes the sockets. */
  async drain(): Promise<void> {
    this.auth.isDraining = true;
    await this.door.idle(IN_FLIGHT_PATIENCE_MS);
    for (const socket of this.server.all()) {
      // Spread, so that they do not all come back at once.
      socket.emit('server.draining', { retryAfterMs: Math.floor(Math.random() * LONGEST_RETURN_MS) });
      socket.disconnect(true);
    }
  }
}
