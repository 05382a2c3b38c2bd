import type { Page } from './page.js';
import type { FreeObject, Id, Time } from './scalar.js';
import type { PublicUser } from './user.js';

/** What is noted of who did what. Anonymous guests are noted where something is done to them, not for coming and going. */
export const AUDIT_ACTIONS = [
  /** Somebody came in. `details.method` is `password`, `second_factor` (and the password) or `identity`. */
  'auth.signed_in',
  /** A password or a code was wrong, `details.method`. Without a target nobody has an account under that address. */
  'auth.sign_in_failed',
  /** Somebody ended one of its own sessions, `details.sessionId`. */
  'auth.signed_out',
  /** `details.by`: `own` changed with the old one, `link` set by a mailed link, `operator` given by whoever runs the server. */
  'auth.password_changed',
  /** A refresh token came a second time, which ended the session, `details.sessionId`. */
  'auth.token_reused',
  /** Somebody signs in with a second factor from now on. */
  'auth.second_factor_enabled',
  /** Or no longer: switched off by itself, or taken away by an admin or by whoever runs the server. */
  'auth.second_factor_disabled',
  /** Somebody has new recovery codes, and the old ones are good no more. */
  'auth.recovery_codes_renewed',
  /** An admin, or whoever runs the server, made an agent or admin, `details.role`; or the first admin made itself with its business. */
  'agent.created',
  /** An admin had a link to choose a password mailed once more to somebody who has none. */
  'agent.invited',
  /** `details.fields` changed, and of `details.role` and `details.teamIds` it says `from` and `to`. */
  'agent.updated',
  /** An agent or admin may not sign in any more. */
  'agent.disabled',
  /** A disabled one may again. */
  'agent.enabled',
  /** The profile or the settings; `details.changed` says `from` and `to` of each by its dotted name. */
  'business.updated',
  /** The secret of signed identities was made anew. */
  'business.identity_secret_changed',
  /** `details.name` and `details.agentIds`. */
  'team.created',
  /** `details.changed` says `from` and `to` of the name and the agents. */
  'team.updated',
  /** `details.name`. */
  'team.deleted',
  /** Of a room's assignee and team, `details.from` and `details.to`: somebody gave it to an agent or to a team. */
  'room.assigned',
  /** It went back into the queue. */
  'room.unassigned',
  /** Whoever had it handed it on. */
  'room.transferred',
  /** An agent took it. */
  'room.claimed',
  /** Staff took its transcript out, `details.format`. */
  'room.exported',
  /** `details.fields` changed; which of the attributes, `details.attributes`. */
  'customer.updated',
  /** A guest or customer may read, but write no more. */
  'customer.blocked',
  /** A blocked one may write again. */
  'customer.unblocked',
  /** All that a guest or customer wrote and told is gone, by itself or by an admin. */
  'customer.erased',
  /** All that it wrote and was told was taken out. */
  'customer.exported',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export type AuditTarget = 'user' | 'business' | 'team' | 'room';

/** One thing that somebody did. Entries are never changed, but for what named a person that was erased. */
export interface AuditEntry {
  id: Id;
  at: Time;
  action: AuditAction;
  /** Who did it, in the role it had then; null for the server itself and for somebody who is not known. */
  actor: PublicUser | null;
  targetType: AuditTarget;
  /** What it was done to; null when there was no such thing. */
  targetId: Id | null;
  /** The address it was done from; null for the server's own doing and what followed from another entry. */
  ip: string | null;
  /** What more there is to say, by the action. Never a secret, a password or a message. */
  details: FreeObject;
}

export type AuditEntryPage = Page<AuditEntry>;
