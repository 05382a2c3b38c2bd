import type { Actor } from '../access/actor.js';
import type { Role } from '../contract/user.js';
import { AppError } from '../error/app-error.js';
import { canRead, readableStreams, requireStream } from './room.policy.js';

const actor = (id: string, role: Role, businessId = 'shop'): Actor => ({
  id,
  role,
  name: null,
  avatarUrl: null,
  businessId,
  sessionId: 's',
  expiresAt: 0,
});
const room = { businessId: 'shop', customerId: 'gwen' };

describe('who reads a room', () => {
  it.each([
    ['its guest', actor('gwen', 'guest'), true],
    ['another guest', actor('gus', 'guest'), false],
    ['another customer', actor('cleo', 'customer'), false],
    ['an agent of the business', actor('alex', 'agent'), true],
    ['an admin of the business', actor('ada', 'admin'), true],
    ['an admin of another business', actor('ada', 'admin', 'other'), false],
    ['the same id in another business', actor('gwen', 'guest', 'other'), false],
  ])('%s', (_, who, can) => {
    expect(canRead(who, room)).toBe(can);
  });

  it('customers read the public stream alone', () => {
    expect(readableStreams(actor('gwen', 'guest'))).toEqual(['public']);
    expect(readableStreams(actor('alex', 'agent'))).toEqual(['public', 'internal']);
    expect(() => requireStream(actor('cleo', 'customer'), 'internal')).toThrow(new AppError('access.denied'));
  });
});
