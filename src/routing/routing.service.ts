import { isDeepStrictEqual } from 'node:util';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BusinessService } from '../business/business.service.js';
import { AgentService } from '../business/agent.service.js';
import type { User } from '../business/user.entity.js';
import type { RoutingSettings } from '../contract/business.js';
import type { PresenceStatus } from '../contract/presence.js';
import { EventBus } from '../event/event-bus.js';
import { PresenceReader } from '../presence/presence.reader.js';
import { AssignmentService } from '../room/assignment.service.js';
import type { Room } from '../room/room.entity.js';
import { RoomService } from '../room/room.service.js';
import { choose, type Candidate, type RoutingFacts } from './choose.js';
import { DecisionService } from './decision.service.js';

/** Finds what no signal told of: another node's change, or one that was told as this node stopped. */
const SWEEP_MS = 5_000;
const ROOMS_AT_ONCE = 100;
/** So many of those whom nobody can have are written down at a time. */
const LOOKS_IN_VAIN = 20;
/** How often a room is tried again when the agent chosen was not to be had any more. */
const TRIES = 3;

const toCandidates = (agents: User[], shown: Map<string, PresenceStatus>): Candidate[] =>
  agents.map(({ id: agentId, capacity, load, idleSince, teamIds }) => {
    const presence = shown.get(agentId) ?? 'offline';
    return { agentId, presence, capacity, load, idleSince: idleSince.toISOString(), teamIds };
  });

/** Without the agent of the last time, who is looked up only where somebody can have the room. */
const factsOf = ({ overrides, teamId, declinedById }: Room, { mode }: RoutingSettings, candidates: Candidate[]): RoutingFacts => ({
  mode: overrides.routingMode?.value ?? mode,
  teamId,
  pinnedAgentId: overrides.pinnedAgentId?.value ?? null,
  lastAgentId: null,
  declinedById,
  candidates,
});

const isFree = ({ presence, capacity, load }: Candidate): boolean => presence === 'online' && (capacity === null || load < capacity);

/** Gives waiting rooms to agents, the oldest first, whenever something changed that may let one have a room. */
@Injectable()
export class RoutingService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(RoutingService.name);
  /** Businesses to look at. */
  private readonly due = new Set<string>();
  private running: Promise<void> | undefined;
  private readonly timers: NodeJS.Timeout[] = [];
  private isClosed = false;

  constructor(
    private readonly businesses: BusinessService,
    private readonly agents: AgentService,
    private readonly presence: PresenceReader,
    private readonly rooms: RoomService,
    private readonly assignments: AssignmentService,
    private readonly decisions: DecisionService,
    events: EventBus,
  ) {
    for (const name of ['queue.changed', 'room.updated', 'business.updated', 'staff.updated'] as const) {
      events.onOwn(name, ({ businessId }) => this.look(businessId));
    }
    events.onOwn('presence.changed', ({ businessId, isStaff, status }) => isStaff && status === 'online' && this.look(businessId));
  }

  onApplicationBootstrap(): void {
    this.timers.push(setInterval(() => void this.sweep(), SWEEP_MS).unref());
  }

  async onModuleDestroy(): Promise<void> {
    this.isClosed = true;
    for (const timer of this.timers) clearInterval(timer);
    await this.running;
  }

  private look(businessId: string): void {
    if (this.isClosed) return;
    this.due.add(businessId);
    // Once for all that one turn told of.
    this.running ??= new Promise((go) => setImmediate(go)).then(() => this.run());
  }

  private async sweep(): Promise<void> {
    try {
      for (const businessId of await this.rooms.businessesWaiting()) this.look(businessId);
    } catch (error) {
      this.logger.warn({ err: error }, 'waiting rooms could not be read; trying again');
    }
  }

  private async run(): Promise<void> {
    for (const businessId of this.due) {
      this.due.delete(businessId);
      if (this.isClosed) break;
      try {
        await this.drain(businessId);
      } catch (error) {
        this.logger.warn({ err: error, businessId }, 'rooms could not be routed; the sweep tries again');
      }
    }
    this.running = undefined;
  }

  /** Goes once through the queue, from the front; a room that nobody can have does not keep those behind it from being looked at. */
  private async drain(businessId: string): Promise<void> {
    const { routing } = await this.businesses.settings(businessId);
    let looksInVain = 0;
    for (let behind: Room | undefined; ;) {
      const waiting = await this.rooms.waitingFor(businessId, routing.mode, ROOMS_AT_ONCE, behind);
      let candidates = await this.candidates(businessId, waiting);
      for (const room of waiting) {
        if (this.isClosed || (!candidates.some(isFree) && looksInVain > LOOKS_IN_VAIN)) return;
        const facts = factsOf(room, routing, candidates);
        if (choose(facts).agentId === null) {
          // The first ones, for the sake of the explanation.
          if (++looksInVain <= LOOKS_IN_VAIN) await this.decisions.noteWaiting(room, facts);
        } else candidates = await this.give(room, routing, candidates);
      }
      behind = waiting.at(-1);
      if (waiting.length < ROOMS_AT_ONCE) return;
    }
  }

  /** Gives a room to whoever may have it, and answers how the agents stand then. What was seen may have changed: it is looked at again under the locks. */
  private async give(seen: Room, routing: RoutingSettings, candidates: Candidate[]): Promise<Candidate[]> {
    let room = seen;
    let now = candidates;
    for (let tries = 0; tries < TRIES; tries++) {
      const lastAgentId = routing.lastAgentFirst ? await this.rooms.lastAgentOf(room) : null;
      const facts = { ...factsOf(room, routing, now), lastAgentId };
      const { agentId } = choose(facts);
      if (agentId === null) return now;
      const outcome = await this.assignments.route(room.id, agentId, {
        isStill: async ({ tx, room: locked, agents }) => {
          const [agent] = toCandidates([agents.get(agentId) as User], await this.presence.shown([agentId], tx));
          const before = facts.candidates.find((candidate) => candidate.agentId === agentId);
          return isDeepStrictEqual(agent, before) && isDeepStrictEqual(factsOf(locked, routing, []), factsOf(room, routing, []));
        },
        note: (tx) => this.decisions.noteGiven(tx, room, facts, agentId),
      });
      if (outcome === 'given') {
        const agents = await this.agents.able(room.businessId);
        const fresh = toCandidates(
          agents.filter(({ id }) => id === agentId),
          new Map([[agentId, 'online']]),
        );
        return now.map((one) => fresh.find((other) => other.agentId === one.agentId) ?? one);
      }
      if (outcome === 'gone') return now;
      room = await this.rooms.require(null, room.id);
      now = await this.candidates(room.businessId, [room]);
    }
    return now;
  }

  /** Agents who are connected, and those that a room names, wherever they are. */
  private async candidates(businessId: string, rooms: Room[]): Promise<Candidate[]> {
    const able = await this.agents.able(businessId);
    const shown = await this.presence.shown(able.map(({ id }) => id));
    const pinned = new Set(rooms.map(({ overrides }) => overrides.pinnedAgentId?.value));
    return toCandidates(able, shown).filter(({ agentId, presence }) => presence !== 'offline' || pinned.has(agentId));
  }
}
