import { Injectable } from '@nestjs/common';
import type { Server, Socket } from 'socket.io';
import type { SocketState } from '../access/caller.js';
import { ROLES } from '../contract/user.js';
import type { ClientToServerEvents, ServerToClientEvents } from '../contract/socket-events.js';

export type ChatIo = Server<ClientToServerEvents, ServerToClientEvents, Record<string, never>, SocketState>;
export type ChatSocket = Socket<ClientToServerEvents, ServerToClientEvents, Record<string, never>, SocketState>;

/** The Socket.IO server, for those who send to it. Set by the gateway once it listens. */
@Injectable()
export class ChatServer {
  private server: ChatIo | undefined;

  set io(server: ChatIo) {
    this.server = server;
  }

  get io(): ChatIo {
    if (!this.server) throw new Error('The socket server is not up yet');
    return this.server;
  }

  socket(id: string): ChatSocket | undefined {
    return this.server?.of('/').sockets.get(id);
  }

  /** Every socket of this node; none before the server is up. */
  all(): Iterable<ChatSocket> {
    return this.server?.of('/').sockets.values() ?? [];
  }

  /** How many sockets of this node are in a room. */
  listeners(name: string): number {
    return this.server?.of('/').adapter.rooms.get(name)?.size ?? 0;
  }

  /** How many sockets of this node people of each role have open. */
  byRole(): Map<string, number> {
    const open = new Map<string, number>(ROLES.map((role) => [role, 0]));
    for (const { data } of this.all()) {
      if (data.actor) open.set(data.actor.role, (open.get(data.actor.role) ?? 0) + 1);
    }
    return open;
  }

  /** The sockets of this node in a room. */
  socketsIn(name: string): ChatSocket[] {
    return [...(this.io.of('/').adapter.rooms.get(name) ?? [])].map((id) => this.socket(id)).filter((socket) => socket !== undefined);
  }
}
