import { createSecretKey } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { Actor } from '../access/actor.js';
import { Env } from '../config/env.js';
import { AppError } from '../error/app-error.js';
import { isUuid } from '../validation/rules.js';
import { TOKEN_ALGORITHM, TOKEN_AUDIENCE, TOKEN_ISSUER, type AccessTokenPayload } from './access-token.js';
import { SessionService } from './session.service.js';

/** The one check of an access token, for REST and for the handshake of a socket. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(
    env: Env,
    private readonly sessions: SessionService,
  ) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      // As a key: of a text the library would first try to make a public key, at every call.
      secretOrKey: createSecretKey(env.JWT_ACCESS_SECRET as string, 'utf8') as unknown as Buffer,
      algorithms: [TOKEN_ALGORITHM],
      issuer: TOKEN_ISSUER,
      audience: TOKEN_AUDIENCE,
    });
  }

  /** Signed by us is not enough: only what this version signs is a token. */
  validate(payload: Partial<AccessTokenPayload>): Promise<Actor> {
    const { typ, sub, sid, bid, exp } = payload as Record<string, unknown>;
    if (typ !== 'access' || ![sub, sid, bid].every(isUuid) || typeof exp !== 'number') throw new AppError('auth.invalid_credentials');
    return this.sessions.actorFrom(payload as AccessTokenPayload);
  }
}
