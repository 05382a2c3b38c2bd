import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { isStaff, type Actor } from '../access/actor.js';
import { reaches, type RoomFacts } from '../access/permissions.js';
import { UserService } from '../business/user.service.js';
import type { DomainEventMap } from '../contract/domain-events.js';
import { EventBus } from '../event/event-bus.js';
import { RoomService } from '../room/room.service.js';
import { ChatServer, type ChatSocket } from './chat-server.js';
import { RoomNotifier } from './room-notifier.js';
import { RoomMembers } from './room-members.js';
import { RoomSubscriptions } from './room-subscriptions.js';
import { internalOf, placesOf, staffOf, teamOf, userOf } from './socket-room.js';

const LOOK_MS = 1_000;

const staffActor = ({ data: { actor } }: ChatSocket): Actor | undefined => (actor && isStaff(actor) ? actor : undefined);

/**
 * Keeps what sockets hear to what their people reach now: at once for what happens on this node, and within a second for
 * what another node or a hand in the database changed.
 */
@Injectable()
export class ReachWatch implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(ReachWatch.name);
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly server: ChatServer,
    private readonly users: UserService,
    private readonly rooms: RoomService,
    private readonly members: RoomMembers,
    private readonly subscriptions: RoomSubscriptions,
    private readonly notifier: RoomNotifier,
    events: EventBus,
  ) {
    events.on('room.moved', (event) => this.removeLosers(event));
    for (const name of ['staff.updated', 'business.updated'] as const) {
      events.on(name, ({ businessId }) => void this.look(this.server.socketsIn(staffOf(businessId))));
    }
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.looking ??= this.look([...this.server.all()]).finally(() => (this.looking = undefined));
    }, LOOK_MS).unref();
  }

  onModuleDestroy(): Promise<void> | undefined {
    clearInterval(this.timer);
    return this.looking;
  }

  /** Compares what these sockets are let hear with what the database says their people reach. */
  private async look(sockets: ChatSocket[]): Promise<void> {
    try {
      const staff = sockets.filter(staffActor);
      if (staff.length === 0) return;
      const reached = await this.users.reachesOf([...new Set(staff.map((socket) => (staffActor(socket) as Actor).id))]);
      const limited = staff.filter((socket) => {
        const actor = staffActor(socket) as Actor;
        const now = reached.get(actor.id);
        if (now) this.apply(socket, actor, now);
        return actor.reach !== 'all';
      });
      const roomIds = [...new Set(limited.flatMap(({ id }) => this.members.roomsOf(id)))];
      if (roomIds.length > 0) await this.removeFrom(limited, await this.rooms.factsOf(roomIds));
    } catch (error) {
      this.logger.warn({ err: error }, 'who reaches what could not be read; trying again');
    }
  }

  private apply(socket: ChatSocket, actor: Actor, { reach, teamIds }: Pick<Actor, 'reach' | 'teamIds'>): void {
    if (actor.reach === reach && actor.teamIds.length === teamIds.length && actor.teamIds.every((id) => teamIds.includes(id))) return;
    const before = placesOf(actor);
    Object.assign(actor, { reach, teamIds });
    const after = placesOf(actor);
    const lost = before.filter((place) => !after.includes(place));
    for (const place of lost) void socket.leave(place);
    void socket.join(after);
    // Teams are nothing to whoever reaches all rooms, or only its own.
    if (lost.length > 0 || after.some((place) => !before.includes(place))) socket.emit('reach.changed', { agentScope: reach, teamIds });
  }

  private async removeFrom(sockets: ChatSocket[], rooms: Map<string, RoomFacts>): Promise<void> {
    for (const socket of sockets) {
      const actor = staffActor(socket) as Actor;
      for (const roomId of this.members.roomsOf(socket.id)) {
        const room = rooms.get(roomId);
        if (room && !reaches(actor, room)) await this.remove(socket, actor, roomId);
      }
    }
  }

  /** A room was given to others: who loses it hears so, and nothing of it afterwards. */
  private removeLosers({ businessId, roomId, from, to }: DomainEventMap['room.moved']): void {
    const places = [internalOf(roomId), from.assigneeId && userOf(from.assigneeId), from.teamId && teamOf(from.teamId)];
    const sockets = new Set(places.filter((place) => place !== null).flatMap((place) => this.server.socketsIn(place)));
    for (const socket of sockets) {
      const actor = staffActor(socket);
      // Of staff nobody asks for the customer.
      if (actor && !reaches(actor, { businessId, customerId: '', ...to })) void this.remove(socket, actor, roomId);
    }
  }

  private async remove(socket: ChatSocket, actor: Actor, roomId: string): Promise<void> {
    this.notifier.lost(roomId);
    socket.emit('room.removed', { roomId });
    await this.subscriptions.remove(socket, actor, roomId);
  }
}
