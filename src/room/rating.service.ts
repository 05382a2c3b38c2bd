import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { UserService } from '../business/user.service.js';
import type { Room as RoomView } from '../contract/room.js';
import { AppError } from '../error/app-error.js';
import { RoomChanges } from './room-changes.js';
import type { RateRoomDto } from './room.dto.js';

/** What customers think of how they were answered. */
@Injectable()
export class RatingService {
  constructor(
    private readonly changes: RoomChanges,
    private readonly users: UserService,
  ) {}

  /** Rates a closed room; another rating takes the place of the first. @throws AppError `room.not_closed`, `access.denied` for a blocked one. */
  rate(actor: Actor, roomId: string, { score, comment = null }: RateRoomDto): Promise<RoomView> {
    return this.changes.byActor(actor, roomId, {}, async (change) => {
      const { room } = change;
      await this.users.requireUnblocked(actor, change.tx);
      if (room.status !== 'closed') throw new AppError('room.not_closed');
      if (room.ratingScore === score && room.ratingComment === comment) return;
      await this.changes.save(change, { ratingScore: score, ratingComment: comment, ratedAt: new Date() });
      const from = room.ratingScore === null ? null : String(room.ratingScore);
      await this.changes.tell(change, [{ activity: 'rated', change: { from, to: String(score) } }]);
    });
  }
}
