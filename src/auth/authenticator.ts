import { Injectable } from '@nestjs/common';
import passport from 'passport';
import type { Actor } from '../access/actor.js';
import { AppError } from '../error/app-error.js';
import { JwtStrategy } from './jwt.strategy.js';

type Middleware = (request: object, response: object, next: (error: unknown) => void) => void;

const reasonOf = (error: unknown, info: unknown): Error => {
  if (error instanceof Error) return error;
  const { name, message } = (info ?? {}) as Partial<Error>;
  if (message === 'No auth token') return new AppError('auth.required');
  return new AppError(name === 'TokenExpiredError' ? 'auth.token_expired' : 'auth.invalid_credentials');
};

/** Asks the JWT strategy for both doors. Has a registry of its own: Passport's is one for all applications of a process. */
@Injectable()
export class Authenticator {
  private readonly registry = new passport.Passport();

  constructor(private readonly strategy: JwtStrategy) {
    this.registry.use('jwt', strategy);
  }

  /** Who an Authorization header stands for. @throws AppError with the `auth.…` code that fits. */
  authenticate(authorization: string | undefined): Promise<Actor> {
    const known = authorization === undefined ? undefined : this.strategy.recall(authorization);
    if (known) return known;
    return new Promise((accept, refuse) => {
      const answer = (error: unknown, actor: Actor | false | undefined, info: unknown): void =>
        actor ? accept(actor) : refuse(reasonOf(error, info));
      const middleware = this.registry.authenticate('jwt', { session: false }, answer) as Middleware;
      middleware({ headers: { authorization } }, {}, refuse);
    });
  }
}
