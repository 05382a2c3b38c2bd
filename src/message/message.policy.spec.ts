import type { Actor } from '../access/actor.js';
import type { Role } from '../contract/user.js';
import { canDelete, canEdit, isWindowOver } from './message.policy.js';

const actor = (id: string, role: Role): Actor => ({
  id,
  role,
  name: null,
  avatarUrl: null,
  businessId: 'b',
  sessionId: 's',
  reach: 'all',
  teamIds: [],
  expiresAt: 0,
});
const message = { senderId: 'guest', kind: 'text' as const, createdAt: new Date(1_000_000) };

describe('who changes a message', () => {
  it('its author edits it, and nobody else', () => {
    expect(canEdit(actor('guest', 'guest'), message)).toBe(true);
    expect(canEdit(actor('agent', 'agent'), message)).toBe(false);
    expect(canEdit(actor('admin', 'admin'), message)).toBe(false);
  });

  it('its author and an admin delete it', () => {
    expect(canDelete(actor('guest', 'guest'), message)).toBe(true);
    expect(canDelete(actor('agent', 'agent'), message)).toBe(false);
    expect(canDelete(actor('admin', 'admin'), message)).toBe(true);
  });

  it.each(['activity', 'edit', 'deletion'] as const)('nobody changes an entry of kind %s', (kind) => {
    expect(canEdit(actor('guest', 'guest'), { ...message, kind })).toBe(false);
    expect(canDelete(actor('admin', 'admin'), { ...message, kind })).toBe(false);
  });

  it('the window binds its author to the second, and an admin not at all', () => {
    expect(isWindowOver(actor('guest', 'guest'), message, 900, 1_900_000)).toBe(false);
    expect(isWindowOver(actor('guest', 'guest'), message, 900, 1_900_001)).toBe(true);
    expect(isWindowOver(actor('admin', 'admin'), message, 900, 9_999_999)).toBe(false);
  });
});
