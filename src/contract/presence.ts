import type { Id, Time } from './scalar.js';

export const PRESENCE_STATUSES = ['online', 'away', 'busy', 'offline'] as const;
export type PresenceStatus = (typeof PRESENCE_STATUSES)[number];

/**
 * Availability of one person. Without a live connection it is `offline`, told 15 s after the last socket closed; only the answer
 * to `presence.set` is what the person chose.
 */
export interface Presence {
  userId: Id;
  status: PresenceStatus;
  /** Null when the person was never connected. */
  lastSeenAt: Time | null;
}
