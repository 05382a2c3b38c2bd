import type { ExecutionContext } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { type AppError } from '../error/app-error.js';
import type { PresenceService } from '../presence/presence.service.js';
import type { Authenticator } from './authenticator.js';
import { EXPIRY_GRACE_MS, JwtAuthGuard } from './jwt-auth.guard.js';

/** An event of a socket whose token ends `ms` from now; without `ms` one that has no actor. */
const event = (ms?: number): ExecutionContext => {
  const actor = ms === undefined ? undefined : ({ id: 'x', expiresAt: Date.now() + ms } as Actor);
  return { getType: () => 'ws', getArgByIndex: () => ({ data: { actor, ip: '' } }) } as unknown as ExecutionContext;
};

describe('JwtAuthGuard on a socket', () => {
  // Asks nobody: a socket showed its token in the handshake.
  const guard = new JwtAuthGuard({} as Authenticator, {} as PresenceService);
  const codeOf = (context: ExecutionContext): unknown => {
    try {
      return guard.canActivate(context);
    } catch (error) {
      return (error as AppError).code;
    }
  };

  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it.each<[string, number, unknown]>([
    ['that is good', 60_000, true],
    ['that ends now', 0, true],
    ['that ended 30 s ago', -EXPIRY_GRACE_MS, true],
    ['that ended longer ago', -EXPIRY_GRACE_MS - 1, 'auth.token_expired'],
  ])('A16 with a token %s', (_, ms, expected) => {
    expect(EXPIRY_GRACE_MS).toBe(30_000);
    expect(codeOf(event(ms))).toBe(expected);
  });

  it('A82 without a person is refused', () => {
    expect(codeOf(event())).toBe('auth.required');
  });
});
