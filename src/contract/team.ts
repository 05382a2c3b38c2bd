import type { Page } from './page.js';
import type { Id, Time } from './scalar.js';

/** The longest name, in Unicode code points. */
export const MAX_TEAM_NAME = 120;
export const MAX_TEAM_MEMBERS = 1_000;

/** Agents who answer the same rooms. */
export interface Team {
  id: Id;
  /** Unique in the business. */
  name: string;
  /** Its agents and admins, disabled ones included. */
  agentIds: Id[];
  createdAt: Time;
}

export type TeamPage = Page<Team>;
