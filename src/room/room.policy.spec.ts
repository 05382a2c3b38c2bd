import type { Actor } from '../access/actor.js';
import type { Role } from '../contract/user.js';
import { AppError } from '../error/app-error.js';
import { readableStreams, requireReadable, requireStream } from './room.policy.js';

const actor = (id: string, role: Role): Actor => ({
  ...{ id, role, name: null, avatarUrl: null, businessId: 'shop', sessionId: 's', reach: 'own', teamIds: [], expiresAt: 0 },
});
const room = { businessId: 'shop', customerId: 'gwen', assigneeId: null, teamId: null };

describe('a room', () => {
  it('is not there for who does not reach it', () => {
    expect(requireReadable(actor('gwen', 'guest'), room)).toBe(room);
    for (const refused of [() => requireReadable(actor('gus', 'guest'), room), () => requireReadable(actor('gwen', 'guest'), null)]) {
      expect(refused).toThrow(new AppError('room.not_found'));
    }
  });

  it('customers read the public stream alone', () => {
    expect(readableStreams(actor('gwen', 'guest'))).toEqual(['public']);
    expect(readableStreams(actor('alex', 'agent'))).toEqual(['public', 'internal']);
    expect(() => requireStream(actor('cleo', 'customer'), 'internal')).toThrow(new AppError('access.denied'));
  });
});
