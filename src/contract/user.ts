import type { PresenceStatus } from './presence.js';

export const ROLES = ['guest', 'customer', 'agent', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Roles that write from outside: guests have no account, customers have one or are vouched for by the business. */
export const CUSTOMER_ROLES = ['guest', 'customer'] as const satisfies readonly Role[];
export const STAFF_ROLES = ['agent', 'admin'] as const satisfies readonly Role[];
export type StaffRole = (typeof STAFF_ROLES)[number];

export const isStaffRole = (role: Role): role is StaffRole => role === 'agent' || role === 'admin';

/** A person as customers see one. */
export interface PublicUser {
  id: string;
  role: Role;
  name: string | null;
  avatarUrl: string | null;
}

/** A person as staff see one. */
export interface StaffUser extends PublicUser {
  email: string | null;
  username: string | null;
  externalId: string | null;
  attributes: Record<string, unknown>;
  verified: boolean;
  presence: PresenceStatus;
  lastSeenAt: string | null;
  createdAt: string;
}

/** An agent or admin as staff see one. */
export interface AgentUser extends StaffUser {
  /** How many unclosed rooms this agent may hold; null is unlimited. */
  capacity: number | null;
  load: number;
  teamIds: string[];
  disabled: boolean;
}

export type User = PublicUser | StaffUser | AgentUser;
export type Me = User & { businessId: string };
