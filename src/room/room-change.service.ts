import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Not, Repository, type EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { reaches } from '../access/permissions.js';
import type { Label } from '../business/label.entity.js';
import { LabelService, namesOf } from '../business/label.service.js';
import { MAX_LABELS_WORN } from '../contract/label.js';
import { UserService } from '../business/user.service.js';
import type { Room as RoomView, RoomOverrides, RoomOverridesPatch } from '../contract/room.js';
import { isStaffRole } from '../contract/user.js';
import { violates } from '../database/violates.js';
import { AppError, invalid } from '../error/app-error.js';
import { StaleRead, type Publish } from '../event/event-bus.js';
import { newActivity } from '../stream/new-entry.js';
import { StreamWriter } from '../stream/stream.writer.js';
import type { UpdateRoomDto } from './room.dto.js';
import { Room } from './room.entity.js';
import { hasRoomFor, isWaiting, RoomChanges, type Line } from './room-changes.js';
import { RoomService } from './room.service.js';

/** One for each room that is held, so that an agent with two of them is named twice. */
const assigneesOf = (rooms: Room[]): string[] => rooms.map(({ assigneeId }) => assigneeId).filter((id) => id !== null);

/** The state and the fields of rooms, whoever has them. */
@Injectable()
export class RoomChangeService {
  constructor(
    @InjectRepository(Room) private readonly rooms: Repository<Room>,
    private readonly changes: RoomChanges,
    private readonly writer: StreamWriter,
    private readonly users: UserService,
    private readonly finder: RoomService,
    private readonly labels: LabelService,
  ) {}

  /** Closes a room, by staff; its history stays. Closing a closed one changes nothing. */
  close(actor: Actor, roomId: string): Promise<RoomView> {
    return this.finish(actor, roomId, 'closed');
  }

  /** Ends the chat from the customer's side. @throws AppError `access.denied` for a blocked one. */
  end(actor: Actor, roomId: string): Promise<RoomView> {
    return this.finish(actor, roomId, 'ended');
  }

  /** Opens a closed room again, with its last assignee if that agent still has room for it. @throws AppError `room.already_open` with `details.roomId`. */
  async reopen(actor: Actor, roomId: string): Promise<RoomView> {
    try {
      return await this.changes.byActor(actor, roomId, {}, async (change) => {
        const { tx, room, agents } = change;
        if (room.status !== 'closed') return;
        const last = room.assigneeId === null ? undefined : agents.get(room.assigneeId);
        if (room.assigneeId !== null && !last) throw new StaleRead();
        const now = new Date();
        const assigneeId = last && !last.disabled && isStaffRole(last.role) && hasRoomFor(last) ? last.id : null;
        const fields = {
          status: 'open',
          closedAt: null,
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
      if (!violates(error, 'room_one_unclosed')) throw error;
      const { customerId } = await this.finder.require(actor, roomId);
      const open = await this.rooms.findOneBy({ customerId, isExclusive: true, status: Not('closed') });
      // One that the actor does not reach is not named.
      throw new AppError('room.already_open', { details: { roomId: open && reaches(actor, open) ? open.id : null } });
    }
  }

  /** Changes what staff may change of a room. @throws AppError `room.closed` for its status, `user.not_found` for a pinned agent, `label.not_found`. */
  update(actor: Actor, roomId: string, { subject, priority, status, labels, overrides }: UpdateRoomDto): Promise<RoomView> {
    const pinned = overrides?.pinnedAgentId;
    return this.changes.byActor(actor, roomId, { agentIds: pinned == null ? [] : [pinned] }, async (change) => {
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
      if (labels) lines.push(...(await this.relabel(room, fields, await this.labels.require(change.tx, room.businessId, labels))));
      if (overrides) lines.push(...(await this.override(actor, room, fields, overrides)));
      if (lines.length === 0) return;
      await this.changes.save(change, fields);
      await this.changes.tell(change, lines, fields.subject !== undefined || fields.status !== undefined);
    });
  }

  /** Puts labels on a room, or takes them off, and leaves the others. @throws AppError `label.not_found`, `validation.failed` for too many. */
  label(actor: Actor, roomId: string, names: string[], isOn: boolean): Promise<RoomView> {
    return this.changes.byActor(actor, roomId, {}, async (change) => {
      const { tx, room } = change;
      const named = await this.labels.require(tx, room.businessId, names);
      const others = (await this.labels.present(room.labelIds)).filter(({ id }) => !named.some((label) => label.id === id));
      const labels = isOn ? [...others, ...named] : others;
      if (labels.length > MAX_LABELS_WORN) throw invalid('labels', `must come to at most ${MAX_LABELS_WORN} with those that are there`);
      const fields: Partial<Room> = {};
      const lines = await this.relabel(room, fields, labels);
      if (lines.length === 0) return;
      await this.changes.save(change, fields);
      await this.changes.tell(change, lines, false);
    });
  }

  /** Notes in `fields` which labels a room wears from now on, and says which line tells of it. */
  private async relabel(room: Room, fields: Partial<Room>, labels: Label[]): Promise<Line[]> {
    const listed = (all: Label[]): string | null => (all.length === 0 ? null : namesOf(all).join(', '));
    const [from, to] = [listed(await this.labels.present(room.labelIds)), listed(labels)];
    if (from === to) return [];
    fields.labelIds = labels.map(({ id }) => id);
    return [{ activity: 'labels_changed', change: { from, to } }];
  }

  /** Notes in `fields` what `patch` makes of the overrides of a room, and says which lines tell of it. */
  private async override(actor: Actor, room: Room, fields: Partial<Room>, patch: RoomOverridesPatch): Promise<Line[]> {
    const { routingMode, pinnedAgentId } = patch;
    const set = <Value>(value: Value): { value: Value; by: string; at: string } => ({ value, by: actor.id, at: new Date().toISOString() });
    const overrides: RoomOverrides = { ...room.overrides };
    const lines: Line[] = [];
    const before = room.overrides.routingMode?.value ?? null;
    if (routingMode !== undefined && routingMode !== before) {
      if (routingMode === null) delete overrides.routingMode;
      else overrides.routingMode = set(routingMode);
      lines.push({ activity: 'routing_mode_changed', change: { from: before, to: routingMode } });
    }
    const pinned = room.overrides.pinnedAgentId?.value ?? null;
    if (pinnedAgentId !== undefined && pinnedAgentId !== pinned) {
      const people = await this.users.findMany([pinned, pinnedAgentId].filter((id) => id !== null));
      const nameOf = (id: string | null): string | null => people.find((user) => user.id === id)?.name ?? null;
      const agent = people.find(({ id }) => id === pinnedAgentId);
      const isAgent = agent?.businessId === room.businessId && isStaffRole(agent.role);
      if (pinnedAgentId !== null && !isAgent) throw new AppError('user.not_found');
      if (pinnedAgentId === null) delete overrides.pinnedAgentId;
      else overrides.pinnedAgentId = set(pinnedAgentId);
      lines.push({ activity: 'pinned_agent_changed', change: { from: nameOf(pinned), to: nameOf(pinnedAgentId) } });
    }
    if (lines.length > 0) fields.overrides = overrides;
    return lines;
  }

  private finish(actor: Actor, roomId: string, activity: 'closed' | 'ended'): Promise<RoomView> {
    return this.changes.byActor(actor, roomId, {}, async (change) => {
      await this.users.requireUnblocked(actor, change.tx);
      if (change.room.status === 'closed') return;
      await this.changes.release(change);
      await this.changes.save(change, { status: 'closed', closedAt: new Date() });
      await this.changes.tell(change, [{ activity }]);
    });
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
    for (const { businessId } of ending.filter(isWaiting)) publish('queue.changed', { businessId });
    return rooms.map(({ id }) => id);
  }
}
