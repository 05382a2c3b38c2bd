import { Injectable } from '@nestjs/common';
import { In, Not, type EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { Team } from '../business/team.entity.js';
import { TeamService } from '../business/team.service.js';
import type { User } from '../business/user.entity.js';
import { UserService } from '../business/user.service.js';
import type { Room as RoomView, RoomStatus } from '../contract/room.js';
import { isStaffRole } from '../contract/user.js';
import { newId } from '../database/new-id.js';
import { AppError, invalid } from '../error/app-error.js';
import { EventBus, type Publish } from '../event/event-bus.js';
import { newActivity } from '../stream/new-entry.js';
import { StreamWriter } from '../stream/stream.writer.js';
import type { AssignRoomDto, TransferRoomDto } from './room.dto.js';
import { Room } from './room.entity.js';
import { hasRoomFor, isWaiting, RoomChanges, type Change, type Line } from './room-changes.js';

/** What the server decided, to be done if it still holds. */
interface Decided {
  isStill: (change: Change) => Promise<boolean>;
  note: (tx: EntityManager) => Promise<void>;
}

/** Somebody else has the room. */
class Taken extends Error {
  constructor(readonly assigneeId: string) {
    super('Somebody else has the room');
  }
}

/** Who has a room. Decided under the locks of the agents and the room, so that of any number of attempts one wins. */
@Injectable()
export class AssignmentService {
  constructor(
    private readonly changes: RoomChanges,
    private readonly writer: StreamWriter,
    private readonly users: UserService,
    private readonly teams: TeamService,
    events: EventBus,
  ) {
    events.within('user.disabled', (tx, { userId, byId }, publish) => this.giveBackAll(tx, publish, userId, byId));
    events.within('team.deleted', (tx, { teamId, name, byId }, publish) => this.dissolve(tx, publish, teamId, name, byId));
  }

  /** Takes a waiting room. Of any number of claims one wins. @throws AppError `room.closed`, `room.already_assigned`, `agent.at_capacity`. */
  async claim(actor: Actor, roomId: string): Promise<RoomView> {
    const refuse = ({ status, assigneeId }: Room): void => {
      if (status === 'closed') throw new AppError('room.closed');
      if (assigneeId !== null && assigneeId !== actor.id) throw new Taken(assigneeId);
    };
    try {
      return await this.changes.byActor(actor, roomId, { agentIds: [actor.id], refuse }, async (change) => {
        if (change.room.assigneeId !== null) return;
        const agent = change.agents.get(actor.id) as User;
        this.requireAvailable(agent);
        await this.changes.give(change, agent, 'assigned');
      });
    } catch (error) {
      throw error instanceof Taken ? await this.alreadyAssigned(error.assigneeId) : error;
    }
  }

  /**
   * Hands a room to an agent, or with `agentId: null` back to the queue, and with `teamId` to another team; what is absent stays.
   * @throws AppError `user.not_found`, `team.not_found`, `access.denied`, `room.closed`, `agent.unavailable`, `agent.at_capacity`.
   */
  assign(actor: Actor, roomId: string, { agentId: wanted, teamId, force = false }: Partial<AssignRoomDto>): Promise<RoomView> {
    return this.changes.byActor(actor, roomId, { agentIds: wanted == null ? [] : [wanted], teamId }, async (change) => {
      const { room } = change;
      const agentId = wanted === undefined ? room.assigneeId : wanted;
      const agent = agentId === null ? null : this.requireAgent(change, agentId);
      const team = await this.teamOf(change, teamId);
      if (force && actor.role !== 'admin') throw new AppError('access.denied', { message: 'Only an admin may go over the capacity' });
      if (room.status === 'closed') throw new AppError('room.closed');
      const lines = await this.teamLines(change, team);
      const fields = team === undefined ? {} : { teamId: team?.id ?? null };
      if (room.assigneeId === agentId) {
        if (lines.length === 0) return;
        await this.changes.save(change, fields, 'room.assigned');
        await this.changes.tell(change, lines, false);
      } else if (agent === null) {
        await this.changes.giveBack(change, 'unassigned', fields, lines);
      } else {
        this.requireAvailable(agent, force);
        await this.changes.give(change, agent, 'assigned', fields, lines);
      }
    });
  }

  /**
   * Hands a room on to an agent, or to a team, where it waits. The note is an internal message of who transfers.
   * @throws AppError `user.not_found`, `team.not_found`, `room.closed`, `agent.unavailable`, `agent.at_capacity`.
   */
  transfer(actor: Actor, roomId: string, { agentId, teamId, note }: TransferRoomDto): Promise<RoomView> {
    if ((agentId === undefined) === (teamId === undefined)) throw invalid('agentId', 'must be given, or teamId, and not both');
    return this.changes.byActor(actor, roomId, { agentIds: agentId === undefined ? [] : [agentId], teamId }, async (change) => {
      const { room } = change;
      const agent = agentId === undefined ? null : this.requireAgent(change, agentId);
      const team = await this.teamOf(change, teamId);
      if (room.status === 'closed') throw new AppError('room.closed');
      // First of all: afterwards the room may be out of the writer's reach.
      if (note !== undefined) await this.writeNote(change, actor, note);
      if (agent) {
        if (room.assigneeId === agent.id) return;
        this.requireAvailable(agent);
        await this.changes.give(change, agent, 'transferred');
        return;
      }
      if (room.assigneeId === null && room.teamId === team?.id && room.status === 'open') return;
      const lines = await this.teamLines(change, team);
      if (room.status !== 'open') lines.push({ activity: 'status_changed', change: { from: room.status, to: 'open' } });
      await this.changes.giveBack(change, 'transferred', { teamId: team?.id ?? null, status: 'open' }, lines);
    });
  }

  /**
   * Gives a waiting room to an agent by the server's own decision, if that still holds under the locks: `isStill` says so, and
   * `note` writes it down in the same transaction. `gone` when the room does not wait any more.
   */
  route(roomId: string, agentId: string, { isStill, note }: Decided): Promise<'given' | 'gone' | 'changed'> {
    return this.changes.byServer(roomId, { agentIds: [agentId] }, async (change) => {
      const agent = change.agents.get(agentId);
      if (!isWaiting(change.room)) return 'gone';
      if (!agent || agent.disabled || !hasRoomFor(agent) || !(await isStill(change))) return 'changed';
      await this.changes.give(change, agent, 'assigned');
      await note(change.tx);
      return 'given';
    });
  }

  /** Puts the room of an agent who is gone back into the queue, if it is still that agent's and `isStill` says so under the locks. */
  giveBackOf(roomId: string, agentId: string, isStill: (tx: EntityManager) => Promise<boolean>): Promise<boolean> {
    return this.changes.byServer(roomId, { agentIds: [agentId] }, async (change) => {
      const { tx, room } = change;
      if (room.assigneeId !== agentId || room.status !== 'open' || !(await isStill(tx))) return false;
      await this.changes.giveBack(change, 'unassigned');
      return true;
    });
  }

  private requireAgent({ room, agents }: Change, agentId: string): User {
    const agent = agents.get(agentId);
    if (agent?.businessId !== room.businessId || !isStaffRole(agent.role)) throw new AppError('user.not_found');
    return agent;
  }

  private requireAvailable(agent: User, mayGoOver = false): void {
    if (agent.disabled) throw new AppError('agent.unavailable');
    if (!mayGoOver && !hasRoomFor(agent)) throw new AppError('agent.at_capacity');
  }

  /** Undefined when none was named, null for anybody. */
  private async teamOf({ tx, room }: Change, teamId: string | null | undefined): Promise<Team | null | undefined> {
    return teamId == null ? teamId : this.teams.find(room.businessId, teamId, tx);
  }

  private async teamLines({ tx, room }: Change, team: Team | null | undefined): Promise<Line[]> {
    if (team === undefined || room.teamId === (team?.id ?? null)) return [];
    const before = room.teamId === null ? null : await this.teams.find(room.businessId, room.teamId, tx);
    return [{ activity: 'team_changed', change: { from: before?.name ?? null, to: team?.name ?? null } }];
  }

  private async writeNote({ tx, publish, room }: Change, actor: Actor, body: string): Promise<void> {
    const note = { id: newId(), clientMessageId: newId(), kind: 'text' as const, stream: 'internal' as const, senderId: actor.id, body };
    await this.writer.appendIn(tx, publish, [{ businessId: room.businessId, roomId: room.id, ...note }]);
  }

  private async alreadyAssigned(assigneeId: string): Promise<AppError> {
    const [assignee] = await this.users.staffViews(await this.users.findMany([assigneeId]));
    return new AppError('room.already_assigned', { details: { assignee } });
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
    await this.changes.noteMoved(tx, byId, 'room.unassigned', rooms, { assigneeId: null });
    for (const { businessId, id: roomId, teamId } of rooms) {
      publish('room.moved', { businessId, roomId, from: { assigneeId: agentId, teamId }, to: { assigneeId: null, teamId } });
    }
    const lines = rooms.map(({ businessId, id: roomId }) =>
      newActivity({ businessId, roomId, senderId: byId, stream: 'public', activity: 'unassigned', assigneeId: null }),
    );
    await this.writer.appendIn(tx, publish, lines);
    for (const { businessId, id: roomId } of rooms) publish('room.updated', { businessId, roomId, isCustomerVisible: true });
    publish('queue.changed', { businessId: (rooms[0] as Room).businessId });
  }

  /** The rooms of a team that is being deleted are anybody's; those that are not closed tell so. */
  private async dissolve(tx: EntityManager, publish: Publish, teamId: string, name: string, byId: string): Promise<void> {
    const where = { teamId, status: Not<RoomStatus>('closed') };
    const rooms = await tx.getRepository(Room).find({ where, order: { id: 'ASC' }, lock: { mode: 'for_no_key_update' } });
    await tx.getRepository(Room).update({ teamId }, { teamId: null });
    if (rooms.length === 0) return;
    await this.changes.noteMoved(tx, byId, 'room.assigned', rooms, { teamId: null });
    for (const { businessId, id: roomId, assigneeId } of rooms) {
      publish('room.moved', { businessId, roomId, from: { assigneeId, teamId }, to: { assigneeId, teamId: null } });
    }
    const lines = rooms.map(({ businessId, id: roomId }) =>
      newActivity({ businessId, roomId, senderId: byId, stream: 'internal', activity: 'team_changed', change: { from: name, to: null } }),
    );
    await this.writer.appendIn(tx, publish, lines);
    for (const { businessId, id: roomId } of rooms) publish('room.updated', { businessId, roomId, isCustomerVisible: false });
    publish('queue.changed', { businessId: (rooms[0] as Room).businessId });
  }
}
