import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Not, Repository, type EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { reaches } from '../access/permissions.js';
import { BusinessService } from '../business/business.service.js';
import { UserService } from '../business/user.service.js';
import type { Room as RoomView } from '../contract/room.js';
import { isStaffRole } from '../contract/user.js';
import { violates } from '../database/violates.js';
import { AppError } from '../error/app-error.js';
import { StaleRead, type Publish } from '../event/event-bus.js';
import { newActivity } from '../stream/new-entry.js';
import { StreamWriter } from '../stream/stream.writer.js';
import { Room } from './room.entity.js';
import { hasRoomFor, isWaiting, RoomChanges } from './room-changes.js';
import { RoomService } from './room.service.js';

/** One for each room that is held, so that an agent with two of them is named twice. */
const assigneesOf = (rooms: Room[]): string[] => rooms.map(({ assigneeId }) => assigneeId).filter((id) => id !== null);

/** The customer has another room that is not closed. */
class AlreadyOpen extends Error {}

/** Whether rooms are open or closed, whoever has them. */
@Injectable()
export class RoomChangeService {
  constructor(
    @InjectRepository(Room) private readonly rooms: Repository<Room>,
    private readonly changes: RoomChanges,
    private readonly writer: StreamWriter,
    private readonly users: UserService,
    private readonly finder: RoomService,
    private readonly businesses: BusinessService,
  ) {}

  /** Closes a room, by staff; its history stays. Closing a closed one changes nothing. */
  close(actor: Actor, roomId: string): Promise<RoomView> {
    return this.finish(actor, roomId, 'closed');
  }

  /** Ends the chat from the customer's side. @throws AppError `access.denied` for a blocked one. */
  end(actor: Actor, roomId: string): Promise<RoomView> {
    return this.finish(actor, roomId, 'ended');
  }

  /**
   * Opens a closed room again, with its last assignee if that agent still has room for it.
   * @throws AppError `room.already_open` with `details.roomId`, `room.closed` where the customer was erased.
   */
  async reopen(actor: Actor, roomId: string): Promise<RoomView> {
    const { multipleRooms } = await this.businesses.settings(actor.businessId);
    try {
      return await this.changes.byActor(actor, roomId, {}, async (change) => {
        const { tx, room, agents } = change;
        if (room.status !== 'closed') return;
        const { disabled: isErased } = await this.users.find(room.businessId, room.customerId, tx);
        if (isErased) throw new AppError('room.closed', { message: 'Its customer was erased' });
        const last = room.assigneeId === null ? undefined : agents.get(room.assigneeId);
        if (room.assigneeId !== null && !last) throw new StaleRead();
        // A room from when customers could have several bars none by the index.
        if (!multipleRooms && (await this.finder.findUnclosed(tx, room.customerId))) throw new AlreadyOpen();
        const now = new Date();
        const assigneeId = last && !last.disabled && isStaffRole(last.role) && hasRoomFor(last) ? last.id : null;
        const fields = {
          status: 'open',
          closedAt: null,
          isExclusive: !multipleRooms,
          assigneeId,
          assignedAt: assigneeId === null ? null : now,
          declinedById: null,
          waitingSince: now,
        } as const;
        await this.changes.save(change, fields, 'room.unassigned');
        if (assigneeId !== null) await this.users.addLoad(tx, assigneeId, 1);
        await this.changes.tell(change, [{ activity: 'reopened', assigneeId }]);
      });
    } catch (error) {
      if (!(error instanceof AlreadyOpen) && !violates(error, 'room_one_unclosed')) throw error;
      const { customerId } = await this.finder.require(actor, roomId);
      const open = await this.finder.findUnclosed(this.rooms.manager, customerId);
      // One that the actor does not reach is not named.
      throw new AppError('room.already_open', { details: { roomId: open && reaches(actor, open) ? open.id : null } });
    }
  }

  private finish(actor: Actor, roomId: string, activity: 'closed' | 'ended'): Promise<RoomView> {
    return this.changes.byActor(actor, roomId, {}, async (change) => {
      await this.users.requireUnblocked(actor, change.tx);
      await this.changes.close(change, activity);
    });
  }

  /** The rooms of a customer that erases itself: ended, without what it told of itself in them, and held with their streams. Returns their ids. */
  async eraseAll(tx: EntityManager, publish: Publish, customerId: string): Promise<string[]> {
    const unclosed = await tx.getRepository(Room).findBy({ customerId, status: Not('closed') });
    const held = new Set((await this.users.lock(tx, assigneesOf(unclosed))).map(({ id }) => id));
    const rooms = await tx.getRepository(Room).find({ where: { customerId }, order: { id: 'ASC' }, lock: { mode: 'for_no_key_update' } });
    const ending = rooms.filter(({ status }) => status !== 'closed');
    if (assigneesOf(ending).some((id) => !held.has(id))) throw new StaleRead();
    const roomIds = rooms.map(({ id }) => id);
    await this.writer.hold(tx, roomIds);
    for (const assigneeId of assigneesOf(ending)) await this.users.addLoad(tx, assigneeId, -1);
    const now = new Date();
    await tx.getRepository(Room).update({ customerId }, { subject: null, context: {}, ratingComment: null, updatedAt: now });
    await tx.getRepository(Room).update({ id: In(ending.map(({ id }) => id)) }, { status: 'closed', closedAt: now, snoozedUntil: null });
    const lines = ending.map(({ businessId, id: roomId }) =>
      newActivity({ businessId, roomId, senderId: customerId, stream: 'public', activity: 'ended' }),
    );
    if (lines.length > 0) await this.writer.appendIn(tx, publish, lines);
    for (const { businessId, id: roomId } of rooms) publish('room.updated', { businessId, roomId, isCustomerVisible: true });
    for (const { businessId } of ending.filter(isWaiting)) publish('queue.changed', { businessId });
    return roomIds;
  }
}
