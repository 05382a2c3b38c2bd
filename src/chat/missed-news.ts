import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { isStaff, type Actor } from '../access/actor.js';
import { AgentService } from '../business/agent.service.js';
import type { DomainEventMap } from '../contract/domain-events.js';
import type { PresenceStatus } from '../contract/presence.js';
import { EventBus } from '../event/event-bus.js';
import { PresenceReader } from '../presence/presence.reader.js';
import { MarkService } from '../room/mark.service.js';
import { RecentRooms } from '../room/recent-rooms.js';
import { ChatServer } from './chat-server.js';
import { QueueNotifier } from './queue-notifier.js';
import { RoomMembers } from './room-members.js';
import { RoomNotifier } from './room-notifier.js';

/** Clocks differ, and what was changed at one moment is seen some moments later. */
const MARGIN_MS = 10_000;
const ROOMS_AT_ONCE = 1_000;

/**
 * Mends what sockets of this server were not told because news of another server did not come. Entries, reach and ended sessions
 * are swept for anyway; here it is rooms, places in queues, presence and, once news come again, marks.
 */
@Injectable()
export class MissedNews implements OnModuleDestroy {
  private readonly logger = new Logger(MissedNews.name);
  /** What staff were told last of each other. */
  private readonly shown = new Map<string, PresenceStatus>();
  private next: DomainEventMap['news.lost'] | undefined;
  private looking: Promise<void> | undefined;
  private isClosed = false;

  constructor(
    private readonly server: ChatServer,
    private readonly agents: AgentService,
    private readonly presence: PresenceReader,
    private readonly rooms: RecentRooms,
    private readonly marks: MarkService,
    private readonly members: RoomMembers,
    private readonly notifier: RoomNotifier,
    private readonly queue: QueueNotifier,
    private readonly events: EventBus,
  ) {
    events.on('presence.changed', ({ userId, isStaff: isOfStaff, status }) => isOfStaff && this.shown.set(userId, status));
    events.on('news.lost', (lost) => {
      const { since = lost.since, isOver = false } = this.next ?? {};
      this.next = { since: Math.min(since, lost.since), isOver: isOver || lost.isOver };
      this.looking ??= this.look().finally(() => (this.looking = undefined));
    });
  }

  onModuleDestroy(): Promise<void> | undefined {
    this.isClosed = true;
    return this.looking;
  }

  private async look(): Promise<void> {
    while (this.next && !this.isClosed) {
      const { since, isOver } = this.next;
      this.next = undefined;
      const actors = [...this.server.all()].flatMap(({ id, data: { actor } }) => (actor ? [{ id, actor }] : []));
      if (actors.length === 0) continue;
      const businessIds = [...new Set(actors.map(({ actor }) => actor.businessId))];
      try {
        await this.tellRooms(businessIds, since - MARGIN_MS);
        for (const businessId of businessIds) {
          this.queue.moved(businessId);
          await this.tellPresence(businessId);
        }
        if (isOver) await this.tellJoined(actors);
      } catch (error) {
        this.logger.warn({ err: error }, 'what was missed could not be read');
      }
    }
  }

  private async tellRooms(businessIds: string[], since: number): Promise<void> {
    for (const { id, businessId, isNew, isPublic } of await this.rooms.since(businessIds, since, ROOMS_AT_ONCE)) {
      if (isNew) this.notifier.created(businessId, id);
      else this.notifier.changed(businessId, id, isPublic);
    }
  }

  private async tellPresence(businessId: string): Promise<void> {
    const staff = await this.agents.able(businessId);
    for (const presence of (await this.presence.ofAll(staff.map(({ id }) => id))).values()) {
      if (this.shown.get(presence.userId) === presence.status) continue;
      this.events.tell('presence.changed', { ...presence, businessId, isStaff: true }, null);
    }
  }

  /** All rooms that customers look at, changed or not: when they hear of them must not show what staff did. */
  private async tellJoined(actors: { id: string; actor: Actor }[]): Promise<void> {
    const joined = new Set<string>();
    for (const { id, actor } of actors) {
      for (const roomId of this.members.roomsOf(id)) {
        joined.add(roomId);
        if (!isStaff(actor)) this.notifier.changedForCustomer(actor.businessId, roomId);
      }
    }
    const roomIds = [...joined];
    for (let start = 0; start < roomIds.length; start += ROOMS_AT_ONCE) {
      const marks = await this.marks.of(roomIds.slice(start, start + ROOMS_AT_ONCE));
      for (const mark of marks) this.events.tell('room.marked', mark, null);
    }
  }
}
