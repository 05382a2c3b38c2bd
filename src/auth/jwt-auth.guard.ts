import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { commandOf } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { isAttended } from '../access/attended.js';
import { callerOf } from '../access/caller.js';
import { ruleOf } from '../access/permissions.js';
import { AppError } from '../error/app-error.js';
import { PresenceService } from '../presence/presence.service.js';
import { Authenticator } from './authenticator.js';

/** A socket whose token ran out is heard this much longer, so that a refresh on the way still counts. */
export const EXPIRY_GRACE_MS = 30_000;

/** Finds out who calls. REST sends the token with every request; a socket sent it in its handshake, through the same strategy. */
@Injectable()
export class JwtAuthGuard implements CanActivate {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly presence: PresenceService,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (context.getType() === 'ws') {
      const { actor } = callerOf(context);
      if (!actor) throw new AppError('auth.required');
      if (actor.expiresAt + EXPIRY_GRACE_MS < Date.now()) throw new AppError('auth.token_expired');
      return true;
    }
    const command = commandOf(context);
    const who = command && ruleOf(command).who;
    const request = context.switchToHttp().getRequest<Request & { user?: Actor }>();
    const { authorization } = request.headers;
    if (who === 'anyone' || (who === 'anyone, known' && authorization === undefined)) return true;
    return this.authenticator.authenticate(authorization).then((actor) => {
      request.user = { ...actor, ip: request.ip ?? null };
      // To look is what a page does by itself, here whatever it looks at.
      if (request.method !== 'GET' && command !== undefined && isAttended(command)) this.presence.touch(actor.id);
      return true;
    });
  }
}
