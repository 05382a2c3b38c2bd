import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import type { Attendances, Viewer, Viewers } from '../contract/room.js';
import { isStaffRole } from '../contract/user.js';
import { PresenceReader } from '../presence/presence.reader.js';
import { TypingService } from '../presence/typing.service.js';
import { QueueService } from '../room/queue.service.js';
import { RoomService } from '../room/room.service.js';
import { RoomMembers } from './room-members.js';

/** Which staff have a room open, on whichever server, and who of them is writing. Later news of both come as events to who joins. */
@Injectable()
export class ViewerService {
  constructor(
    private readonly rooms: RoomService,
    private readonly members: RoomMembers,
    private readonly typing: TypingService,
    private readonly presence: PresenceReader,
    private readonly queue: QueueService,
  ) {}

  /** @throws AppError `room.not_found`. */
  async list(actor: Actor, roomId: string): Promise<Viewers> {
    await this.rooms.require(actor, roomId);
    return { items: this.viewersOf(roomId) };
  }

  /** Of those of these rooms that the actor reaches. */
  async attendance(actor: Actor, roomIds: string[]): Promise<Attendances> {
    const rooms = await this.rooms.withinReach(actor, [...new Set(roomIds)]);
    const [presence, places] = await Promise.all([
      this.presence.ofAll(rooms.map(({ customerId }) => customerId)),
      this.queue.placesOf(actor.businessId, rooms),
    ]);
    return {
      items: rooms.map(({ id, customerId, waitingSince }) => {
        const place = places.get(id);
        return {
          roomId: id,
          customerPresence: presence.get(customerId)?.status ?? 'offline',
          viewers: this.viewersOf(id),
          waiting: place ? { since: waitingSince.toISOString(), ...place } : null,
        };
      }),
    };
  }

  private viewersOf(roomId: string): Viewer[] {
    const writing = new Map(this.typing.in(roomId).map(({ user, stream }) => [user.id, stream]));
    const staff = this.members.in(roomId).filter(({ role }) => isStaffRole(role));
    return staff.map((user) => ({ user, composing: writing.get(user.id) ?? null }));
  }
}
