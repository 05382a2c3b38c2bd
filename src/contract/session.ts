import type { User } from './user.js';

/** One login. `expiresAt` is when it ends if it is not refreshed before. */
export interface Session {
  id: string;
  createdAt: string;
  lastUsedAt: string;
  expiresAt: string;
  ip: string | null;
  userAgent: string | null;
  /** Whether the request was made with this session. */
  current: boolean;
}

/** `expiresIn` is the life of the access token in seconds. */
export interface Tokens {
  accessToken: string;
  refreshToken: string;
  tokenType: 'Bearer';
  expiresIn: number;
}

export type SignedIn = { user: User } & Tokens;

export const SESSION_END_REASONS = [
  'logout',
  'revoked',
  'disabled',
  'role_changed',
  'password_changed',
  'token_reused',
  'expired',
  'slow_consumer',
] as const;
export type SessionEndReason = (typeof SESSION_END_REASONS)[number];
