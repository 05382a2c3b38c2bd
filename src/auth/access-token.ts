/** What an access token says. The role is not in it: it is read from the database, so that a change holds at once. */
export interface AccessTokenPayload {
  sub: string;
  sid: string;
  bid: string;
  jti: string;
  typ: 'access';
  /** Seconds since 1970. */
  exp: number;
}

/** What is read of a token that was verified. */
export type Claims = Pick<AccessTokenPayload, 'sub' | 'sid' | 'bid' | 'exp'>;

export const TOKEN_ISSUER = 'parley';
export const TOKEN_AUDIENCE = 'parley-api';
export const TOKEN_ALGORITHM = 'HS256';
