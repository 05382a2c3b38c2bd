import type { ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Socket } from 'socket.io';
import type { Actor } from './actor.js';

/** What the handshake leaves on a socket. */
export interface SocketState {
  actor?: Actor;
  ip: string;
}

/** Who calls, behind either door, and from which address. */
export const callerOf = (context: ExecutionContext): { actor: Actor | undefined; ip: string | null } => {
  if (context.getType() === 'ws') {
    const { actor, ip } = context.getArgByIndex<Socket>(0).data as SocketState;
    return { actor, ip };
  }
  const request = context.switchToHttp().getRequest<Request & { user?: Actor }>();
  return { actor: request.user, ip: request.ip ?? null };
};
