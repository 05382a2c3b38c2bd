import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { AuditService, type Deed } from '../audit/audit.service.js';
import { TeamService } from '../business/team.service.js';
import type { User } from '../business/user.entity.js';
import { UserService } from '../business/user.service.js';
import type { AuditAction } from '../contract/audit.js';
import type { RoomHolder } from '../contract/domain-events.js';
import { PUBLIC_ACTIVITIES, type ActivityType } from '../contract/message.js';
import type { Room as RoomView } from '../contract/room.js';
import { EventBus, StaleRead, type Publish } from '../event/event-bus.js';
import { newActivity, type NewEntry } from '../stream/new-entry.js';
import { StreamWriter } from '../stream/stream.writer.js';
import { Mark } from './mark.entity.js';
import { Room } from './room.entity.js';
import { requireReadable } from './room.policy.js';
import { RoomService } from './room.service.js';

/** A room that is being changed, with everything that must be locked for it, in the order team, agents, room, streams. */
export interface Change {
  tx: EntityManager;
  publish: Publish;
  room: Room;
  agents: Map<string, User>;
  /** Null is the server itself. */
  by: Actor | null;
}

/** What a change is about, beside the room. */
interface Named {
  /** Locked before the room. */
  agentIds?: string[];
  /** Locked before those; undefined where the team stays; null for anybody. */
  teamId?: string | null;
  /** Throws what speaks against the change: asked before the locks are waited for, and again under them. */
  refuse?: (room: Room) => void;
}

export type Line = Pick<NewEntry, 'activity' | 'assigneeId' | 'change'> & Partial<Pick<NewEntry, 'senderId'>>;

export const isWaiting = ({ status, assigneeId }: Pick<Room, 'status' | 'assigneeId'>): boolean => status === 'open' && assigneeId === null;
export const hasRoomFor = ({ capacity, load }: User): boolean => capacity === null || load < capacity;
export const isPublic = (activity?: ActivityType): boolean => (PUBLIC_ACTIVITIES as readonly (string | undefined)[]).includes(activity);

/** The frame of every change of a room: one transaction that holds what it decides by and writes the activity lines too. */
@Injectable()
export class RoomChanges {
  constructor(
    private readonly events: EventBus,
    private readonly writer: StreamWriter,
    private readonly users: UserService,
    private readonly teams: TeamService,
    private readonly rooms: RoomService,
    private readonly audit: AuditService,
  ) {}

  /** Changes a room that the actor reaches, and answers how it then is, also where the change took it out of that reach. */
  async byActor(actor: Actor, roomId: string, named: Named, work: (change: Change) => Promise<void>): Promise<RoomView> {
    await this.run(actor, roomId, named, work);
    return this.rooms.getChanged(actor, roomId);
  }

  /** Changes a room by the server's own decision, or by that of the machine of its business. */
  byServer<T>(roomId: string, named: Named, work: (change: Change) => Promise<T>, bot: Actor | null = null): Promise<T> {
    return this.run(bot, roomId, named, work);
  }

  /** Gives the room to an agent, who is locked and has room for it. */
  async give(
    change: Change,
    agent: User,
    activity: 'assigned' | 'transferred',
    fields: Partial<Room> = {},
    lines: Line[] = [],
  ): Promise<void> {
    const { tx, room, by } = change;
    await this.release(change);
    await this.users.addLoad(tx, agent.id, 1);
    const isClaim = activity === 'assigned' && by?.id === agent.id;
    const now = { assigneeId: agent.id, assignedAt: new Date(), declinedById: null };
    await this.save(change, { ...fields, ...now }, isClaim ? 'room.claimed' : `room.${activity}`);
    await this.tell(change, [{ activity, assigneeId: agent.id }, ...lines]);
    // After the streams: the writer takes its locks in the same order.
    await tx.upsert(Mark, { roomId: room.id, userId: agent.id, wasAssignee: true }, ['roomId', 'userId']);
  }

  /** Puts the room back into the queue. */
  async giveBack(change: Change, activity: 'unassigned' | 'transferred', fields: Partial<Room> = {}, lines: Line[] = []): Promise<void> {
    const { room, by } = change;
    await this.release(change);
    // What a person decides is not undone by the server at once; an agent who was only gone may get the room again.
    const declinedById = by === null ? room.declinedById : (room.assigneeId ?? room.declinedById);
    await this.save(change, { ...fields, assigneeId: null, declinedById }, `room.${activity}`);
    await this.tell(change, [{ activity, assigneeId: null }, ...lines]);
  }

  /** Closes the room, or ends it from the customer's side. Closing a closed one changes nothing. */
  async close(change: Change, activity: 'closed' | 'ended'): Promise<void> {
    if (change.room.status === 'closed') return;
    await this.release(change);
    await this.save(change, { status: 'closed', closedAt: new Date() });
    await this.tell(change, [{ activity }]);
  }

  /** Takes the room off its assignee's load. */
  async release({ tx, room: { assigneeId }, agents }: Change): Promise<void> {
    if (assigneeId === null) return;
    if (!agents.has(assigneeId)) throw new StaleRead();
    await this.users.addLoad(tx, assigneeId, -1);
  }

  /** `action` is what a change of who has the room is noted as. */
  async save({ tx, publish, room, by }: Change, wanted: Partial<Room>, action?: AuditAction): Promise<void> {
    const { businessId, id: roomId } = room;
    const isWoken = room.status === 'snoozed' && (wanted.status ?? 'snoozed') !== 'snoozed';
    // Whoever wakes waits anew: nobody expected an answer meanwhile.
    const fields = { ...wanted, ...(isWoken && { snoozedUntil: null, waitingSince: new Date() }) };
    const after = { ...room, ...fields };
    await tx.getRepository(Room).update({ id: roomId }, { ...(fields as object), updatedAt: new Date() });
    const [from, to] = [room, after].map(({ assigneeId, teamId }) => ({ assigneeId, teamId }));
    if (from && to && (from.assigneeId !== to.assigneeId || from.teamId !== to.teamId)) {
      // Before the lines of the change: who does not reach the room any more does not hear them.
      publish('room.moved', { businessId, roomId, from, to });
      if (action) await this.audit.note(tx, businessId, by, [{ action, targetType: 'room', targetId: roomId, details: { from, to } }]);
    }
    const isOther = isWaiting(after) && (from?.teamId !== to?.teamId || 'overrides' in fields);
    if (isOther || isWaiting(room) !== isWaiting(after)) publish('queue.changed', { businessId });
  }

  /** Notes that rooms have another assignee or team, which followed from what somebody did to that one. */
  async noteMoved(tx: EntityManager, byId: string, action: AuditAction, rooms: Room[], now: Partial<RoomHolder>): Promise<void> {
    const deeds = rooms.map(({ id: targetId, assigneeId, teamId }): Deed => {
      const from = { assigneeId, teamId };
      return { action, targetType: 'room', targetId, details: { from, to: { ...from, ...now } } };
    });
    const [room] = rooms;
    if (room) await this.audit.note(tx, room.businessId, { id: byId }, deeds);
  }

  async tell({ tx, publish, room, by }: Change, lines: Line[], isCustomerVisible = true, notes: NewEntry[] = []): Promise<void> {
    const { businessId, id: roomId } = room;
    const entries = lines.map((line) =>
      newActivity({
        businessId,
        roomId,
        senderId: by?.id ?? null,
        stream: isPublic(line.activity) ? 'public' : 'internal',
        ...line,
      }),
    );
    if (entries.length + notes.length > 0) await this.writer.appendIn(tx, publish, [...entries, ...notes]);
    publish('room.updated', { businessId, roomId, isCustomerVisible });
  }

  /**
   * Locks the team named and the present one, the agents named and the present assignee, then the room, and runs `work` on it. What was seen before the locks
   * may have changed, so `work` decides by `room` alone.
   */
  private run<T>(
    actor: Actor | null,
    roomId: string,
    { agentIds = [], teamId, refuse }: Named,
    work: (change: Change) => Promise<T>,
  ): Promise<T> {
    return this.events.transaction(async (tx, publish) => {
      const seen = await this.rooms.require(actor, roomId, tx);
      refuse?.(seen);
      if (teamId !== undefined) await this.teams.hold(tx, [teamId, seen.teamId]);
      const locked = await this.users.lockAgents(tx, seen.businessId, [...agentIds, seen.assigneeId]);
      const room = await this.rooms.lock(tx, roomId);
      if (actor) requireReadable(actor, room);
      refuse?.(room);
      if (teamId !== undefined && room.teamId !== seen.teamId) throw new StaleRead();
      return work({ tx, publish, room, agents: new Map(locked.map((user) => [user.id, user])), by: actor });
    });
  }
}
