import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BusinessService } from '../business/business.service.js';
import { AgentService } from '../business/agent.service.js';
import type { RoutingSettings } from '../contract/business.js';
import { EventBus } from '../event/event-bus.js';
import { PresenceService } from '../presence/presence.service.js';
import { AssignmentService } from '../room/assignment.service.js';
import type { Room } from '../room/room.entity.js';
import { RoomService } from '../room/room.service.js';
import { choose, type Candidate, type RoutingFacts } from './choose.js';
import { DecisionService } from './decision.service.js';

/** Finds what no signal told of: another node's change, or one that was told as this node stopped. */
const SWEEP_MS = 5_000;
const ROOMS_AT_ONCE = 100;
/** While nobody is free, so many of the queue are looked at, for the sake of the explanation. */
const LOOKS_IN_VAIN = 20;
/** How often a room is tried again when the agent chosen was not to be had any more. */
const TRIES = 3;

const isFree = ({ presence, capacity, load }: Candidate): boolean => presence === 'online' && (capacity === null || load < capacity);

/** Gives waiting rooms to agents, the oldest first, whenever something changed that may let one have a room. */
@Injectable()
export class RoutingService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(RoutingService.name);
  /** Businesses to look at. */
  private readonly due = new Set<string>();
  private running: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(
    private readonly businesses: BusinessService,
    private readonly agents: AgentService,
    private readonly presence: PresenceService,
    private readonly rooms: RoomService,
    private readonly assignments: AssignmentService,
    private readonly decisions: DecisionService,
    events: EventBus,
  ) {
    for (const name of ['queue.changed', 'room.updated', 'business.updated', 'staff.updated'] as const) {
      events.on(name, ({ businessId }) => this.look(businessId));
    }
    events.on('presence.changed', ({ businessId, isStaff, status }) => isStaff && status === 'online' && this.look(businessId));
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweep(), SWEEP_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.timer);
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

  private async drain(businessId: string): Promise<void> {
    const { routing } = await this.businesses.settings(businessId);
    const waiting = await this.rooms.waitingFor(businessId, routing.mode, ROOMS_AT_ONCE);
    if (waiting.length === 0) return;
    let candidates = await this.candidates(businessId, waiting);
    let looks = 0;
    for (const room of waiting) {
      if (!candidates.some(isFree) && ++looks > LOOKS_IN_VAIN) return;
      for (let tries = 0; tries < TRIES; tries++) {
        const facts = await this.factsOf(room, routing, candidates);
        const { agentId } = choose(facts);
        if (agentId === null) {
          await this.decisions.noteWaiting(room, facts);
          break;
        }
        if (await this.assignments.route(room.id, agentId, (tx) => this.decisions.noteGiven(tx, room, facts, agentId))) {
          const idleSince = new Date().toISOString();
          candidates = candidates.map((one) => (one.agentId === agentId ? { ...one, load: one.load + 1, idleSince } : one));
          break;
        }
        candidates = await this.candidates(businessId, waiting);
      }
    }
    if (waiting.length === ROOMS_AT_ONCE) this.due.add(businessId);
  }

  /** Agents who are connected, and those that a room names, wherever they are. */
  private async candidates(businessId: string, rooms: Room[]): Promise<Candidate[]> {
    const able = await this.agents.able(businessId);
    const presences = await this.presence.ofAll(able.map(({ id }) => id));
    const pinned = new Set(rooms.map(({ overrides }) => overrides.pinnedAgentId?.value));
    return able
      .map(({ id: agentId, capacity, load, idleSince, teamIds }) => {
        const presence = presences.get(agentId)?.status ?? 'offline';
        return { agentId, presence, capacity, load, idleSince: idleSince.toISOString(), teamIds };
      })
      .filter(({ agentId, presence }) => presence !== 'offline' || pinned.has(agentId));
  }

  private async factsOf(room: Room, { mode, lastAgentFirst }: RoutingSettings, candidates: Candidate[]): Promise<RoutingFacts> {
    return {
      mode: room.overrides.routingMode?.value ?? mode,
      teamId: room.teamId,
      pinnedAgentId: room.overrides.pinnedAgentId?.value ?? null,
      lastAgentId: lastAgentFirst ? await this.rooms.lastAgentOf(room) : null,
      declinedById: room.declinedById,
      candidates,
    };
  }
}
