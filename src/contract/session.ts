import type { Business } from './business.js';
import type { Page } from './page.js';
import type { Count, Id, Time } from './scalar.js';
import type { AgentUser, OwnUser, PublicUser } from './user.js';

export const MIN_PASSWORD_LENGTH = 8;
export const MAX_PASSWORD_LENGTH = 128;

/** One login. `expiresAt` is when it ends if it is not refreshed before. */
export interface Session {
  id: Id;
  createdAt: Time;
  /** When its refresh token was last used. */
  lastUsedAt: Time;
  expiresAt: Time;
  /** The address it was begun from. */
  ip: string | null;
  /** The browser it was begun with, as that one calls itself. */
  userAgent: string | null;
  /** Whether the request was made with this session. */
  current: boolean;
}

export type SessionPage = Page<Session>;

export interface Tokens {
  /** Goes with every request as `Authorization: Bearer`, and into the handshake of a socket as `auth.token`. */
  accessToken: string;
  /** Is traded for new tokens, once. */
  refreshToken: string;
  tokenType: 'Bearer';
  /** The life of the access token in seconds. */
  expiresIn: Count;
}

export interface SignedIn extends Tokens {
  user: OwnUser;
}

/** Where a guest or customer goes on with its chat on another device. Good once, and for ten minutes; a newer one ends it. */
export interface ResumeLink {
  /** What `POST /api/auth/resume` takes. */
  token: string;
  /** The guest page, with the token behind `#resume=`. */
  url: string;
  expiresAt: Time;
}

/** Somebody that an admin made: the person is not signed in by that. */
export interface Made {
  user: AgentUser;
}

/** Somebody whose password was set by a mailed link: the person is not signed in by that. */
export interface PasswordSet {
  user: PublicUser;
}

export type Registered = SignedIn | Made;

/** A new business with its first admin, signed in. */
export interface Founded extends Tokens {
  business: Business;
  user: AgentUser;
}

/** Until when a socket is heard now. */
export interface Renewed {
  expiresAt: Time;
}

export const SESSION_END_REASONS = [
  'logout',
  'revoked',
  'disabled',
  'role_changed',
  'password_changed',
  'token_reused',
  'expired',
  'slow_consumer',
  'too_many_sockets',
] as const;
export type SessionEndReason = (typeof SESSION_END_REASONS)[number];
