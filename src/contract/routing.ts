import type { Page } from './page.js';
import type { Id, Time } from './scalar.js';
import type { PublicUser } from './user.js';

/** Why an agent was chosen. */
export type RoutingReason = 'pinned' | 'last_agent' | 'least_loaded' | 'longest_idle';

/**
 * Why an agent was passed over. In this order: the first that applies is the one that counts. `not_pinned`, `not_last_agent`,
 * `more_loaded` and `less_idle` say that the agent could have had the room, but another came first.
 */
export type RoutingVerdict =
  | 'chosen'
  | 'declined'
  | 'not_in_team'
  | 'offline'
  | 'away'
  | 'busy'
  | 'at_capacity'
  | 'pool'
  | 'not_pinned'
  | 'not_last_agent'
  | 'more_loaded'
  | 'less_idle';

/** An agent who was looked at. */
export interface RoutingCandidate {
  agent: PublicUser;
  verdict: RoutingVerdict;
}

/** What the server decided about a waiting room, and why. */
export interface RoutingDecision {
  id: Id;
  at: Time;
  /** Who got the room; null when it waits on. */
  agent: PublicUser | null;
  /** Null when it waits on. */
  reason: RoutingReason | null;
  candidates: RoutingCandidate[];
}

export type RoutingDecisionPage = Page<RoutingDecision>;
