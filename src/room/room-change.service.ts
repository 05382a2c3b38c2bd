import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Not, Repository, type EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { User } from '../business/user.entity.js';
import { UserService } from '../business/user.service.js';
import { PUBLIC_ACTIVITIES, type ActivityType } from '../contract/message.js';
import type { Room as RoomView } from '../contract/room.js';
import { isStaffRole } from '../contract/user.js';
import { violates } from '../database/violates.js';
import { AppError } from '../error/app-error.js';
import { EventBus, StaleRead, type Publish } from '../event/event-bus.js';
import { newActivity, type NewEntry } from '../stream/new-entry.js';
import { StreamWriter } from '../stream/stream.writer.js';
import { Mark } from './mark.entity.js';
import type { AssignRoomDto, UpdateRoomDto } from './room.dto.js';
import { Room } from './room.entity.js';
import { RoomService } from './room.service.js';

/** A room that is being changed, with everything that must be locked for it, in the order agents, room, streams. */
interface Change {
  tx: EntityManager;
  publish: Publish;
  room: Room;
  agents: Map<string, User>;
}

type Line = Pick<NewEntry, 'activity' | 'assigneeId' | 'change'>;

const hasRoomFor = ({ capacity, load }: User): boolean => capacity === null || load < capacity;
/** One for each room that is held, so that an agent with two of them is named twice. */
const assigneesOf = (rooms: Room[]): string[] => rooms.map(({ assigneeId }) => assigneeId).filter((id) => id !== null);
const isPublic = (activity: ActivityType): boolean => (PUBLIC_ACTIVITIES as readonly string[]).includes(activity);

/** Every change of a room. Each is one transaction that also writes its activity lines. */
@Injectable()
export class RoomChangeService {
  constructor(
    @InjectRepository(Room) private readonly rooms: Repository<Room>,
    private readonly events: EventBus,
    private readonly writer: StreamWriter,
    private readonly users: UserService,
    private readonly finder: RoomService,
  ) {
    events.within('user.disabled', (tx, { userId, byId }, publish) => this.giveBackAll(tx, publish, userId, byId));
  }

  /** Takes a waiting room. Of any number of claims one wins. @throws AppError `room.closed`, `room.already_assigned`, `agent.at_capacity`. */
  async claim(actor: Actor, roomId: string): Promise<RoomView> {
    const held: { byId?: string | null } = {};
    const view = await this.change(actor, roomId, [actor.id], async (change) => {
      const { room, agents } = change;
      held.byId = room.assigneeId;
      if (room.status === 'closed') throw new AppError('room.closed');
      if (room.assigneeId !== null) return;
      const agent = agents.get(actor.id) as User;
      if (agent.disabled) throw new AppError('agent.unavailable');
      if (!hasRoomFor(agent)) throw new AppError('agent.at_capacity');
      await this.give(change, actor, agent);
    });
    if (held.byId && held.byId !== actor.id) throw await this.alreadyAssigned(held.byId);
    return view;
  }

  /** Hands a room to an agent, or with `agentId: null` back to the queue. @throws AppError `user.not_found`, `access.denied`, `room.closed`, `agent.unavailable`, `agent.at_capacity`. */
  assign(actor: Actor, roomId: string, { agentId, force = false }: AssignRoomDto): Promise<RoomView> {
    return this.change(actor, roomId, agentId === null ? [] : [agentId], async (change) => {
      const { room, agents } = change;
      const agent = agentId === null ? null : agents.get(agentId);
      if (agent === undefined || (agent !== null && !this.isAgentOf(actor, agent))) throw new AppError('user.not_found');
      if (force && actor.role !== 'admin') throw new AppError('access.denied', { message: 'Only an admin may go over the capacity' });
      if (room.status === 'closed') throw new AppError('room.closed');
      if (room.assigneeId === agentId) return;
      if (agent === null) return this.giveBack(change, actor);
      if (agent.disabled) throw new AppError('agent.unavailable');
      if (!force && !hasRoomFor(agent)) throw new AppError('agent.at_capacity');
      await this.release(change);
      await this.give(change, actor, agent);
    });
  }

  /** Closes a room, by staff; its history stays. Closing a closed one changes nothing. */
  close(actor: Actor, roomId: string): Promise<RoomView> {
    return this.finish(actor, roomId, 'closed');
  }

  /** Ends the chat from the customer's side. */
  end(actor: Actor, roomId: string): Promise<RoomView> {
    return this.finish(actor, roomId, 'ended');
  }

  /** Opens a closed room again, with its last assignee if that agent still has room for it. @throws AppError `room.already_open` with `details.roomId`. */
  async reopen(actor: Actor, roomId: string): Promise<RoomView> {
    try {
      return await this.change(actor, roomId, [], async (change) => {
        const { tx, room, agents } = change;
        if (room.status !== 'closed') return;
        const last = room.assigneeId === null ? undefined : agents.get(room.assigneeId);
        if (room.assigneeId !== null && !last) throw new StaleRead();
        const assigneeId = last && !last.disabled && isStaffRole(last.role) && hasRoomFor(last) ? last.id : null;
        const now = new Date();
        await this.save(change, { status: 'open', closedAt: null, assigneeId, waitingSince: now });
        if (assigneeId !== null) await this.users.addLoad(tx, assigneeId, 1);
        await this.tell(change, actor, [{ activity: 'reopened', assigneeId }]);
      });
    } catch (error) {
      if (!violates(error, 'room_one_unclosed')) throw error;
      const { customerId } = await this.finder.require(actor, roomId);
      const open = await this.rooms.findOneBy({ customerId, isExclusive: true, status: Not('closed') });
      throw new AppError('room.already_open', { details: { roomId: open?.id ?? null } });
    }
  }

  /** Changes what staff may change of a room. @throws AppError `room.closed` for its status. */
  update(actor: Actor, roomId: string, { subject, priority, status }: UpdateRoomDto): Promise<RoomView> {
    return this.change(actor, roomId, [], async (change) => {
      const { room } = change;
      if (status !== undefined && room.status === 'closed') throw new AppError('room.closed');
      const lines: Line[] = [];
      const fields: Partial<Room> = {};
      if (subject !== undefined && subject !== room.subject) {
        fields.subject = subject;
        lines.push({ activity: 'subject_changed', change: { from: room.subject, to: subject } });
      }
      if (priority !== undefined && priority !== room.priority) {
        fields.priority = priority;
        lines.push({ activity: 'priority_changed', change: { from: room.priority, to: priority } });
      }
      if (status !== undefined && status !== room.status) {
        fields.status = status;
        lines.push({ activity: 'status_changed', change: { from: room.status, to: status } });
      }
      if (lines.length === 0) return;
      await this.save(change, fields);
      await this.tell(change, actor, lines, fields.subject !== undefined || fields.status !== undefined);
    });
  }

  private finish(actor: Actor, roomId: string, activity: 'closed' | 'ended'): Promise<RoomView> {
    return this.change(actor, roomId, [], async (change) => {
      if (change.room.status === 'closed') return;
      await this.release(change);
      await this.save(change, { status: 'closed', closedAt: new Date() });
      await this.tell(change, actor, [{ activity }]);
    });
  }

  /**
   * Locks the agents named and the present assignee, then the room, and runs `work` on it. What was seen before the locks
   * may have changed, so `work` decides by `room` alone.
   */
  private async change(actor: Actor, roomId: string, agentIds: string[], work: (change: Change) => Promise<void>): Promise<RoomView> {
    await this.events.transaction(async (tx, publish) => {
      const { assigneeId } = await this.finder.require(actor, roomId, tx);
      const locked = await this.users.lock(tx, [...agentIds, ...(assigneeId === null ? [] : [assigneeId])]);
      const room = await this.finder.lock(tx, roomId);
      await work({ tx, publish, room, agents: new Map(locked.map((user) => [user.id, user])) });
    });
    return this.finder.get(actor, roomId);
  }

  private isAgentOf({ businessId }: Actor, user: User): boolean {
    return user.businessId === businessId && isStaffRole(user.role);
  }

  private async alreadyAssigned(assigneeId: string): Promise<AppError> {
    const [assignee] = await this.users.staffViews(await this.users.findMany([assigneeId]));
    return new AppError('room.already_assigned', { details: { assignee } });
  }

  private async give(change: Change, actor: Actor, agent: User): Promise<void> {
    const { tx, room } = change;
    await this.users.addLoad(tx, agent.id, 1);
    await this.save(change, { assigneeId: agent.id });
    await this.tell(change, actor, [{ activity: 'assigned', assigneeId: agent.id }]);
    // After the streams: the writer takes its locks in the same order.
    await tx.upsert(Mark, { roomId: room.id, userId: agent.id, wasAssignee: true }, ['roomId', 'userId']);
  }

  private async giveBack(change: Change, actor: Actor): Promise<void> {
    await this.release(change);
    await this.save(change, { assigneeId: null });
    await this.tell(change, actor, [{ activity: 'unassigned', assigneeId: null }]);
  }

  /** Takes the room off its assignee's load. */
  private async release({ tx, room: { assigneeId }, agents }: Change): Promise<void> {
    if (assigneeId === null) return;
    if (!agents.has(assigneeId)) throw new StaleRead();
    await this.users.addLoad(tx, assigneeId, -1);
  }

  private async save({ tx, room }: Change, fields: Partial<Room>): Promise<void> {
    await tx.getRepository(Room).update({ id: room.id }, { ...(fields as object), updatedAt: new Date() });
  }

  private async tell({ tx, publish, room }: Change, actor: Actor, lines: Line[], isCustomerVisible = true): Promise<void> {
    const { businessId, id: roomId } = room;
    const entries = lines.map((line) =>
      newActivity({
        businessId,
        roomId,
        senderId: actor.id,
        stream: isPublic(line.activity as ActivityType) ? 'public' : 'internal',
        ...line,
      }),
    );
    await this.writer.appendIn(tx, publish, entries);
    publish('room.updated', { businessId, roomId, isCustomerVisible });
  }

  /** A disabled agent's rooms wait again, in the transaction that disables it, which has locked the agent. */
  private async giveBackAll(tx: EntityManager, publish: Publish, agentId: string, byId: string): Promise<void> {
    const rooms = await tx.getRepository(Room).find({
      where: { assigneeId: agentId, status: In(['open', 'pending', 'snoozed']) },
      order: { id: 'ASC' },
      lock: { mode: 'for_no_key_update' },
    });
    if (rooms.length === 0) return;
    await tx.getRepository(Room).update({ id: In(rooms.map(({ id }) => id)) }, { assigneeId: null, updatedAt: new Date() });
    await this.users.addLoad(tx, agentId, -rooms.length);
    const lines = rooms.map(({ businessId, id: roomId }) =>
      newActivity({ businessId, roomId, senderId: byId, stream: 'public', activity: 'unassigned', assigneeId: null }),
    );
    await this.writer.appendIn(tx, publish, lines);
    for (const { businessId, id: roomId } of rooms) publish('room.updated', { businessId, roomId, isCustomerVisible: true });
  }

  /** The rooms of a customer that erases itself: ended, and without what it told of itself in them. Returns their ids. */
  async eraseAll(tx: EntityManager, publish: Publish, customerId: string): Promise<string[]> {
    const unclosed = await tx.getRepository(Room).findBy({ customerId, status: Not('closed') });
    const held = new Set((await this.users.lock(tx, assigneesOf(unclosed))).map(({ id }) => id));
    const rooms = await tx.getRepository(Room).find({ where: { customerId }, order: { id: 'ASC' }, lock: { mode: 'for_no_key_update' } });
    const ending = rooms.filter(({ status }) => status !== 'closed');
    if (assigneesOf(ending).some((id) => !held.has(id))) throw new StaleRead();
    for (const assigneeId of assigneesOf(ending)) await this.users.addLoad(tx, assigneeId, -1);
    const now = new Date();
    await tx.getRepository(Room).update({ customerId }, { subject: null, context: {}, updatedAt: now });
    await tx.getRepository(Room).update({ id: In(ending.map(({ id }) => id)) }, { status: 'closed', closedAt: now });
    const lines = ending.map(({ businessId, id: roomId }) =>
      newActivity({ businessId, roomId, senderId: customerId, stream: 'public', activity: 'ended' }),
    );
    if (lines.length > 0) await this.writer.appendIn(tx, publish, lines);
    for (const { businessId, id: roomId } of rooms) publish('room.updated', { businessId, roomId, isCustomerVisible: true });
    return rooms.map(({ id }) => id);
  }
}
