import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BusinessService } from '../business/business.service.js';
import { AgentService } from '../business/agent.service.js';
import { PresenceService } from '../presence/presence.service.js';
import { AssignmentService } from '../room/assignment.service.js';
import type { Room } from '../room/room.entity.js';
import { RoomService } from '../room/room.service.js';

const SWEEP_MS = 2_000;

/**
 * Puts the rooms of agents who are gone back into the queue, where a customer waits for an answer: the one that has waited
 * longest first. It looks at the leases and the rooms as they are, so that nothing is forgotten, whichever node dies.
 */
@Injectable()
export class AbsenceService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(AbsenceService.name);
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | undefined;

  constructor(
    private readonly businesses: BusinessService,
    private readonly agents: AgentService,
    private readonly presence: PresenceService,
    private readonly rooms: RoomService,
    private readonly assignments: AssignmentService,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.sweeping ??= this.sweep().finally(() => (this.sweeping = undefined));
    }, SWEEP_MS).unref();
  }

  onModuleDestroy(): Promise<void> | undefined {
    clearInterval(this.timer);
    return this.sweeping;
  }

  private async sweep(): Promise<void> {
    try {
      const holders = await this.agents.holders();
      if (holders.length === 0) return;
      const absent = await this.presence.absent(holders.map(({ id }) => id));
      if (absent.size === 0) return;
      const graces = new Map<string, number | null>();
      for (const room of await this.rooms.unansweredOf([...absent.keys()])) {
        const { businessId } = room;
        if (!graces.has(businessId)) graces.set(businessId, (await this.businesses.settings(businessId)).routing.giveBackAfterSeconds);
        await this.consider(room, absent.get(room.assigneeId as string), graces.get(businessId) ?? null);
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'rooms of absent agents could not be looked at; trying again');
    }
  }

  /** Whoever was given the room while away has as long as whoever went away. */
  private async consider(
    { id, assigneeId, assignedAt }: Room,
    seenAt: Date | null | undefined,
    graceSeconds: number | null,
  ): Promise<void> {
    if (graceSeconds === null || assigneeId === null) return;
    const since = Math.max(seenAt?.getTime() ?? 0, assignedAt?.getTime() ?? 0);
    if (Date.now() - since < graceSeconds * 1000) return;
    await this.assignments.giveBackOf(id, assigneeId, async (tx) => (await this.presence.absent([assigneeId], tx)).has(assigneeId));
  }
}
