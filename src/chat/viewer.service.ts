import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import type { Viewers } from '../contract/room.js';
import { isStaffRole } from '../contract/user.js';
import { TypingService } from '../presence/typing.service.js';
import { RoomService } from '../room/room.service.js';
import { RoomMembers } from './room-members.js';

/** Which staff have a room open, on whichever server, and who of them is writing. Later news of both come as events to who joins. */
@Injectable()
export class ViewerService {
  constructor(
    private readonly rooms: RoomService,
    private readonly members: RoomMembers,
    private readonly typing: TypingService,
  ) {}

  /** @throws AppError `room.not_found`. */
  async list(actor: Actor, roomId: string): Promise<Viewers> {
    await this.rooms.require(actor, roomId);
    const writing = this.typing.in(roomId);
    const staff = this.members.in(roomId).filter(({ role }) => isStaffRole(role));
    return { items: staff.map((user) => ({ user, composing: writing.get(user.id) ?? null })) };
  }
}
