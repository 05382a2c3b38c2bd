import type { RoutingMode } from '../contract/business.js';
import type { PresenceStatus } from '../contract/presence.js';
import type { RoutingReason, RoutingVerdict } from '../contract/routing.js';

/** An agent as routing sees one. */
export interface Candidate {
  agentId: string;
  presence: PresenceStatus;
  /** Null is unlimited. */
  capacity: number | null;
  load: number;
  /** ISO 8601: when the agent last got a room or was rid of one. */
  idleSince: string;
  teamIds: string[];
}

/** All that a decision depends on: kept with it, so that it can be made again. */
export interface RoutingFacts {
  mode: RoutingMode;
  teamId: string | null;
  pinnedAgentId: string | null;
  /** Who had the customer the last time, where that counts. */
  lastAgentId: string | null;
  declinedById: string | null;
  candidates: Candidate[];
}

interface Choice {
  agentId: string | null;
  reason: RoutingReason | null;
  /** One for each candidate, in their order. */
  verdicts: RoutingVerdict[];
}

/** What keeps an agent from getting the room, whoever else is there; undefined when nothing does. */
const obstacle = (facts: RoutingFacts, { agentId, presence, capacity, load, teamIds }: Candidate): RoutingVerdict | undefined => {
  const { teamId, pinnedAgentId, declinedById } = facts;
  if (agentId === declinedById) return 'declined';
  if (teamId !== null && agentId !== pinnedAgentId && !teamIds.includes(teamId)) return 'not_in_team';
  if (presence !== 'online') return presence;
  return capacity !== null && load >= capacity ? 'at_capacity' : undefined;
};

/**
 * Who gets a waiting room: the agent pinned to it, else, where the server gives rooms, the one of the last time, else the one
 * with the fewest rooms, of those the one who has been idle longest. The same facts give the same choice.
 */
export const choose = (facts: RoutingFacts): Choice => {
  const { mode, pinnedAgentId, lastAgentId, candidates } = facts;
  const obstacles = candidates.map((candidate) => obstacle(facts, candidate));
  const free = candidates.filter((_, index) => obstacles[index] === undefined);
  const to = (chosen: Candidate, reason: RoutingReason, verdictOf: (other: Candidate) => RoutingVerdict): Choice => ({
    agentId: chosen.agentId,
    reason,
    verdicts: candidates.map((other, index) => (other === chosen ? 'chosen' : (obstacles[index] ?? verdictOf(other)))),
  });

  const pinned = free.find(({ agentId }) => agentId === pinnedAgentId);
  if (pinned) return to(pinned, 'pinned', () => 'not_pinned');
  if (mode === 'pool' || free.length === 0) {
    return { agentId: null, reason: null, verdicts: obstacles.map((why) => why ?? 'pool') };
  }
  const last = free.find(({ agentId }) => agentId === lastAgentId);
  if (last) return to(last, 'last_agent', () => 'not_last_agent');
  const load = Math.min(...free.map((candidate) => candidate.load));
  const idlest = free
    .filter((candidate) => candidate.load === load)
    .sort((one, other) => (one.idleSince + one.agentId < other.idleSince + other.agentId ? -1 : 1));
  const verdictOf = (other: Candidate): RoutingVerdict => (other.load > load ? 'more_loaded' : 'less_idle');
  return to(idlest[0] as Candidate, idlest.length > 1 ? 'longest_idle' : 'least_loaded', verdictOf);
};
