import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { newId } from '../database/new-id.js';
import type { Room } from './room.entity.js';
import { RoomChanges, type Change, type Line } from './room-changes.js';

/** What the functions of the database say of a room, see the migration `add-assist`. */
interface Rules {
  answers: boolean;
  mayTake: boolean;
  /** Where the public stream stands. */
  turn: number;
}

const RULES = `
SELECT ai_answers(r) AS answers, ai_may_take(r) AS "mayTake", c.public_seq AS turn
  FROM room r JOIN stream_counter c ON c.room_id = r.id WHERE r.id = $1`;

const fromTo = (from: string, to: string): Line => ({ activity: 'status_changed', change: { from, to } });

/** Moves rooms into the hands of the machine of their business, and out of them. Each decides under the locks of the room. */
@Injectable()
export class MachineRoomService {
  constructor(private readonly changes: RoomChanges) {}

  /** Takes a room that waits out of the queue. False when it may not have it. */
  take(bot: Actor, roomId: string): Promise<boolean> {
    return this.change(bot, roomId, async (change, { mayTake }) => {
      if (!mayTake) return false;
      await this.changes.save(change, { status: 'pending' });
      await this.changes.tell(change, [fromTo('open', 'pending')]);
      return true;
    });
  }

  /**
   * Leaves a room to people, with a note for them of what was said up to `turn`. False when it is in other hands already, or the talk
   * has gone on: the note must not hold what was taken back meanwhile.
   */
  handOver(bot: Actor, roomId: string, turn: number, note: string): Promise<boolean> {
    return this.change(bot, roomId, async (change, { answers, turn: now }) => {
      const { room } = change;
      if (turn !== now || !answers || room.status !== 'pending' || room.assigneeId !== null) return false;
      await this.changes.save(change, { ...this.switchedOff(room, bot.id), status: 'open', waitingSince: new Date() });
      await this.changes.tell(change, [{ activity: 'handed_over' }, fromTo('pending', 'open')], true, [
        {
          id: newId(),
          businessId: room.businessId,
          roomId,
          stream: 'internal',
          kind: 'text',
          senderId: bot.id,
          clientMessageId: newId(),
          fingerprint: '',
          body: note,
          ai: true,
        },
      ]);
      return true;
    });
  }

  /** Puts a room into the queue in which the machine answers no more, since somebody has switched it off. */
  release(bot: Actor, roomId: string): Promise<boolean> {
    return this.change(bot, roomId, async (change, { answers }) => {
      const { room } = change;
      if (answers || room.status !== 'pending' || room.assigneeId !== null) return false;
      await this.changes.save(change, { status: 'open', waitingSince: new Date() });
      await this.changes.tell(change, [fromTo('pending', 'open')]);
      return true;
    });
  }

  /** Switches the machine off in a room in which an agent speaks. */
  silence(bot: Actor, roomId: string, agentId: string): Promise<boolean> {
    return this.change(bot, roomId, async (change, { answers }) => {
      if (!answers) return false;
      await this.changes.save(change, this.switchedOff(change.room, agentId));
      await this.changes.tell(change, [{ activity: 'ai_disabled', senderId: agentId }]);
      return true;
    });
  }

  private switchedOff({ overrides }: Room, by: string): Pick<Room, 'overrides'> {
    return { overrides: { ...overrides, aiEnabled: { value: false, by, at: new Date().toISOString() } } };
  }

  private change(bot: Actor, roomId: string, work: (change: Change, rules: Rules) => Promise<boolean>): Promise<boolean> {
    const decide = async (change: Change): Promise<boolean> => {
      const [rules] = await change.tx.query<Rules[]>(RULES, [roomId]);
      return rules ? work(change, rules) : false;
    };
    return this.changes.byServer(roomId, {}, decide, bot);
  }
}
