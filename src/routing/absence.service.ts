import { Injectable } from '@nestjs/common';
import { BusinessService } from '../business/business.service.js';
import { AgentService } from '../business/agent.service.js';
import { Sweep } from '../event/sweep.js';
import { PresenceReader } from '../presence/presence.reader.js';
import { AssignmentService } from '../room/assignment.service.js';
import type { Room } from '../room/room.entity.js';
import { RoomService } from '../room/room.service.js';

const SWEEP_MS = 2_000;

/**
 * Puts the rooms of agents who are gone back into the queue, where a customer waits for an answer: the one that has waited
 * longest first. It looks at the leases and the rooms as they are, so that nothing is forgotten, whichever node dies.
 */
@Injectable()
export class AbsenceService extends Sweep {
  constructor(
    private readonly businesses: BusinessService,
    private readonly agents: AgentService,
    private readonly presence: PresenceReader,
    private readonly rooms: RoomService,
    private readonly assignments: AssignmentService,
  ) {
    super(SWEEP_MS);
  }

  async sweep(): Promise<void> {
    const holders = await this.agents.holders();
    if (holders.length === 0) return;
    const absent = await this.presence.absent(holders.map(({ id }) => id));
    const graces = new Map<string, number>();
    for (const businessId of new Set(holders.filter(({ id }) => absent.has(id)).map((holder) => holder.businessId))) {
      const { giveBackAfterSeconds } = (await this.businesses.settings(businessId)).routing;
      if (giveBackAfterSeconds !== null) graces.set(businessId, giveBackAfterSeconds * 1000);
    }
    const leaving = holders.filter(({ id, businessId }) => absent.has(id) && graces.has(businessId)).map(({ id }) => id);
    if (leaving.length === 0) return;
    for (const room of await this.rooms.unansweredOf(leaving)) {
      if (this.isClosed) return;
      await this.consider(room, absent, graces.get(room.businessId) as number);
    }
  }

  private async consider({ id: roomId, assigneeId, assignedAt }: Room, absent: Map<string, number>, graceMs: number): Promise<void> {
    const agentId = assigneeId as string;
    // Whoever was given the room while away has as long as whoever went away.
    const isOver = (goneMs: number | undefined): boolean =>
      goneMs !== undefined && goneMs >= graceMs && Date.now() - (assignedAt?.getTime() ?? 0) >= graceMs;
    if (!isOver(absent.get(agentId))) return;
    await this.assignments.giveBackOf(
      roomId,
      agentId,
      async (tx) => isOver((await this.presence.absent([agentId], tx)).get(agentId)) && (await this.rooms.isUnanswered(tx, roomId)),
    );
  }
}
