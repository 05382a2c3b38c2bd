import { createSecretKey } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { Actor } from '../access/actor.js';
import { Env } from '../config/env.js';
import { AppError } from '../error/app-error.js';
import { isUuid } from '../validation/rules.js';
import { TOKEN_ALGORITHM, TOKEN_AUDIENCE, TOKEN_ISSUER, type AccessTokenPayload, type Claims } from './access-token.js';
import { hashOf } from './hash-of.js';
import { SessionService } from './session.service.js';

/** Some two megabytes. */
const MOST_REMEMBERED = 10_000;

/** The request that a verified token came with. */
interface Verified {
  headers: { authorization: string };
}

/** The one check of an access token, for REST and for the handshake of a socket. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  /**
   * What verified tokens say, by the hash of their header, a sixth as long. To verify one costs a tenth of a handshake, and a
   * client shows the same one for minutes.
   */
  private readonly verified = new Map<string, Claims>();

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
      passReqToCallback: true,
    });
  }

  /**
   * Who a token that was verified before stands for now: its signature stays what it is, its end and its session do not.
   * Undefined for one that must be verified, an expired one included.
   */
  recall(authorization: string): Promise<Actor> | undefined {
    const key = hashOf(authorization);
    const claims = this.verified.get(key);
    if (!claims) return undefined;
    if (claims.exp * 1000 > Date.now()) return this.sessions.actorFrom(claims);
    this.verified.delete(key);
    return undefined;
  }

  /** Signed by us is not enough: only what this version signs is a token. */
  validate({ headers: { authorization } }: Verified, payload: Partial<AccessTokenPayload>): Promise<Actor> {
    const { typ, sub, sid, bid, exp } = payload;
    if (typ !== 'access' || !isUuid(sub) || !isUuid(sid) || !isUuid(bid) || typeof exp !== 'number') {
      throw new AppError('auth.invalid_credentials');
    }
    const claims = { sub, sid, bid, exp };
    const [oldest] = this.verified.size >= MOST_REMEMBERED ? this.verified.keys() : [];
    if (oldest !== undefined) this.verified.delete(oldest);
    this.verified.set(hashOf(authorization), claims);
    return this.sessions.actorFrom(claims);
  }
}
