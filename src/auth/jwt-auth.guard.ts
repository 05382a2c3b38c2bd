import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import passport from 'passport';
import { commandOf } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { callerOf } from '../access/caller.js';
import { ruleOf } from '../access/command.js';
import { AppError } from '../error/app-error.js';

/** A socket whose token ran out is heard this much longer, so that a refresh on the way still counts. */
export const EXPIRY_GRACE_MS = 30_000;

const reasonOf = (error: unknown, info: unknown): Error => {
  if (error instanceof Error) return error;
  const { name, message } = (info ?? {}) as Partial<Error>;
  if (message === 'No auth token') return new AppError('auth.required');
  return new AppError(name === 'TokenExpiredError' ? 'auth.token_expired' : 'auth.invalid_credentials');
};

/** Asks the JWT strategy who an Authorization header stands for. @throws AppError with the `auth.…` code that fits. */
export const authenticate = (authorization: string | undefined): Promise<Actor> =>
  new Promise((accept, refuse) => {
    const answer = (error: unknown, actor: Actor | false | undefined, info: unknown): void =>
      actor ? accept(actor) : refuse(reasonOf(error, info));
    const request = { headers: { authorization } };
    (passport.authenticate('jwt', { session: false }, answer) as (req: object, res: object, next: (e: unknown) => void) => void)(
      request,
      {},
      refuse,
    );
  });

/** Finds out who calls. REST sends the token with every request; a socket sent it in its handshake, through the same strategy. */
@Injectable()
export class JwtAuthGuard implements CanActivate {
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
    return authenticate(authorization).then((actor) => {
      request.user = actor;
      return true;
    });
  }
}
