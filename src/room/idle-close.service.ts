import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
import { LAST_PUBLIC_AT } from '../stream/last-public.js';
import { StreamCounter } from '../stream/stream-counter.entity.js';
import { Room } from './room.entity.js';
import { RoomChanges } from './room-changes.js';
import { Sweep } from '../event/sweep.js';

const SWEEP_MS = 15_000;
const MOST_AT_ONCE = 200;

/**
 * Open rooms, and those in the hands of the machine, in which the customer has seen nothing happen for as long as their business
 * allows, and nobody waits for an answer; the oldest first.
 */
const IDLE = `
SELECT r.id FROM business b
  JOIN room r ON r.business_id = b.id AND (r.status = 'open' OR r.status = 'pending' AND ai_holds(r))
  JOIN stream_counter c ON c.room_id = r.id
  CROSS JOIN LATERAL (SELECT ${LAST_PUBLIC_AT} AS since OFFSET 0) last
  WHERE (b.settings -> 'autoReplies' ->> 'idleCloseMinutes') IS NOT NULL AND c.asked_at IS NULL
    AND since <= now() - (b.settings -> 'autoReplies' ->> 'idleCloseMinutes')::integer * interval '1 minute'
  ORDER BY since, r.id LIMIT $1`;

const STILL_IDLE = `${IDLE.replace('WHERE', 'WHERE r.id = $2 AND')} FOR UPDATE OF c`;

/** Closes rooms that were forgotten. */
@Injectable()
export class IdleCloseService extends Sweep {
  constructor(
    @InjectRepository(Room) private readonly rooms: Repository<Room>,
    private readonly changes: RoomChanges,
  ) {
    super(SWEEP_MS);
  }

  async sweep(): Promise<void> {
    const idle = await this.rooms.query<{ id: string }[]>(IDLE, [MOST_AT_ONCE]);
    await this.each(idle, ({ id }) =>
      this.changes.byServer(id, {}, async (change) => {
        if (await this.isStillIdle(change.tx, id)) await this.changes.close(change, 'closed');
      }),
    );
  }

  /** Holds the counter: a message that comes now waits for the end of this, and then finds the room closed. */
  private async isStillIdle(tx: EntityManager, roomId: string): Promise<boolean> {
    await tx.getRepository(StreamCounter).findOneOrFail({ where: { roomId }, lock: { mode: 'pessimistic_write' } });
    return (await tx.query<unknown[]>(STILL_IDLE, [1, roomId])).length > 0;
  }
}
