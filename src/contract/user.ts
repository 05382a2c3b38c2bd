import type { Page } from './page.js';
import type { PresenceStatus } from './presence.js';
import type { Count, FreeObject, Id, Time } from './scalar.js';

export const ROLES = ['guest', 'customer', 'agent', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Roles that write from outside: guests have no account, customers have one or are vouched for by the business. */
export const CUSTOMER_ROLES = ['guest', 'customer'] as const satisfies readonly Role[];
export type CustomerRole = (typeof CUSTOMER_ROLES)[number];
export const STAFF_ROLES = ['agent', 'admin'] as const satisfies readonly Role[];
export type StaffRole = (typeof STAFF_ROLES)[number];

export const isStaffRole = (role: Role): role is StaffRole => role === 'agent' || role === 'admin';

export const isCustomerRole = (role: Role): role is CustomerRole => role === 'guest' || role === 'customer';

/** Of the name of a person or a business. */
export const MAX_NAME_LENGTH = 120;
export const MAX_USERNAME_LENGTH = 60;

/** The most unclosed rooms that an agent with a limit may hold. */
export const MAX_CAPACITY = 10_000;

/** A person as customers see one. */
export interface PublicUser {
  id: Id;
  role: Role;
  /** The name to show; null when the person gave none, or erased itself. */
  name: string | null;
  /** A picture on the web. */
  avatarUrl: string | null;
}

/** A person as staff see one. */
export interface StaffUser extends PublicUser {
  email: string | null;
  /** A name to sign or to mention with, of the person's own choice. */
  username: string | null;
  /** How the business itself calls this person. */
  externalId: string | null;
  /** What was told of the person when it came. */
  attributes: FreeObject;
  /** Whether it was shown who this is: the business has vouched for it, or a link mailed to the address was used. Another address takes it back. */
  verified: boolean;
  presence: PresenceStatus;
  /** When the person was last connected; null for never. */
  lastSeenAt: Time | null;
  createdAt: Time;
}

/** A guest or customer as staff see one. */
export interface CustomerUser extends StaffUser {
  role: CustomerRole;
  /** Whether staff let it read its rooms, but not write or open one. */
  blocked: boolean;
  /** The names of the labels on it, in the order of the alphabet. */
  labels: string[];
}

export type CustomerUserPage = Page<CustomerUser>;

/** An agent or admin as staff see one. */
export interface AgentUser extends StaffUser {
  role: StaffRole;
  /** How many unclosed rooms this agent may hold; null is unlimited. */
  capacity: Count | null;
  /** How many it holds. */
  load: Count;
  teamIds: Id[];
  /** A disabled person cannot sign in. */
  disabled: boolean;
}

export type AgentUserPage = Page<AgentUser>;

/** Anybody, as staff see people. */
export type KnownUser = CustomerUser | AgentUser;
/** Anybody, as people see themselves: staff in full. */
export type OwnUser = PublicUser | AgentUser;
export type User = PublicUser | KnownUser;

/** A signed-in guest or customer. */
export interface CustomerMe extends PublicUser {
  businessId: Id;
}

/** A signed-in agent or admin. */
export interface AgentMe extends AgentUser {
  businessId: Id;
  /** Whether signing in takes a code as well. */
  secondFactor: boolean;
}

export type Me = CustomerMe | AgentMe;

/** Everyone of the business who is online. */
export interface OnlineUsers {
  items: KnownUser[];
}
