import type { AgentScope } from '../contract/business.js';
import { isStaffRole, type PublicUser, type Role } from '../contract/user.js';

/** Who acts. Comes from the credential alone, never from a payload. */
export interface Actor extends PublicUser {
  role: Role;
  businessId: string;
  sessionId: string;
  /** How far the person reaches, see `reaches` in permissions.ts. */
  reach: AgentScope;
  teamIds: string[];
  /** When the access token ends, in milliseconds since 1970. */
  expiresAt: number;
  /** Whether the business requires a second factor that this person has not set up yet: it may do nothing else. */
  isRestricted?: boolean;
  /** The address that it acts from. */
  ip?: string | null;
  /** Of a socket: the connection that the command came over. What one connection sends is kept in order. */
  connectionId?: string;
}

export const isStaff = (actor: Actor): boolean => isStaffRole(actor.role);

export const publicUser = ({ id, role, name, avatarUrl }: PublicUser): PublicUser => ({ id, role, name, avatarUrl });
