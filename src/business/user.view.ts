import type { Presence } from '../contract/presence.js';
import { isStaffRole, type KnownUser, type PublicUser } from '../contract/user.js';
import type { User } from './user.entity.js';

/** What a customer may know of a person: made of these four fields, not of more with some taken away. */
export const toPublicUser = ({ id, role, name, avatarUrl }: User): PublicUser => ({ id, role, name, avatarUrl });

/** `labels` are the names of those on a customer. */
export const toStaffView = (user: User, { status, lastSeenAt }: Presence, labels: string[]): KnownUser => {
  const view = {
    ...toPublicUser(user),
    email: user.email,
    username: user.username,
    externalId: user.externalId,
    attributes: user.attributes,
    verified: user.verified,
    presence: status,
    lastSeenAt,
    createdAt: user.createdAt.toISOString(),
  };
  if (!isStaffRole(user.role)) return { ...view, role: user.role, blocked: user.blocked, labels };
  return { ...view, role: user.role, capacity: user.capacity, load: user.load, teamIds: user.teamIds, disabled: user.disabled };
};
