import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThanOrEqual, Repository } from 'typeorm';
import { Room } from './room.entity.js';
import { RoomChanges } from './room-changes.js';
import { Sweep } from '../event/sweep.js';

const SWEEP_MS = 2_000;
const MOST_AT_ONCE = 200;

/** Wakes rooms whose time has come. A message of the customer wakes them too, see `append_entries`. */
@Injectable()
export class SnoozeService extends Sweep {
  constructor(
    @InjectRepository(Room) private readonly rooms: Repository<Room>,
    private readonly changes: RoomChanges,
  ) {
    super(SWEEP_MS);
  }

  async sweep(): Promise<void> {
    const due = await this.rooms.find({
      select: { id: true },
      where: { status: 'snoozed', snoozedUntil: LessThanOrEqual(new Date()) },
      order: { snoozedUntil: 'ASC' },
      take: MOST_AT_ONCE,
    });
    for (const { id } of due) {
      if (this.isClosed) return;
      await this.wake(id);
    }
  }

  private wake(roomId: string): Promise<void> {
    return this.changes.byServer(roomId, {}, async (change) => {
      const { status, snoozedUntil } = change.room;
      if (status !== 'snoozed' || snoozedUntil === null || snoozedUntil.getTime() > Date.now()) return;
      await this.changes.save(change, { status: 'open', snoozedUntil: null, waitingSince: new Date() });
      await this.changes.tell(change, [{ activity: 'status_changed', change: { from: 'snoozed', to: 'open' } }]);
    });
  }
}
