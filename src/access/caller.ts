import type { ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Socket } from 'socket.io';
import type { Actor } from './actor.js';
import { networkOf } from './network.js';

/** What the handshake leaves on a socket, and what is noted there later. */
export interface SocketState {
  actor?: Actor;
  ip: string;
  /** Of the token whose coming end its person was told of, when that is, in milliseconds since 1970. */
  toldExpiry?: number;
  /** Keys of the messages that it sends at the moment: their entries are the answers to it, and not told to it. */
  sending?: string[];
}

interface Caller {
  actor?: Actor;
  ip: string | null;
}

/** Who calls, behind either door, and from which address. */
export const callerOf = (context: ExecutionContext): Caller => {
  if (context.getType() === 'ws') {
    const { actor, ip } = context.getArgByIndex<Socket>(0).data as SocketState;
    return { actor, ip };
  }
  const request = context.switchToHttp().getRequest<Request & { user?: Actor }>();
  return { actor: request.user, ip: request.ip ?? null };
};

/** Whose bucket a call is taken from: the person's, or without a credential its network's. */
export const ownerOf = ({ actor, ip }: Caller): string => actor?.id ?? networkOf(ip);
