import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Brackets, IsNull, Not, Repository, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { isStaff, type Actor } from '../access/actor.js';
import { reaches, withinReach, type RoomFacts } from '../access/permissions.js';
import { BusinessService } from '../business/business.service.js';
import { TeamService } from '../business/team.service.js';
import type { User } from '../business/user.entity.js';
import { requireUnblocked } from '../business/user.policy.js';
import { UserService } from '../business/user.service.js';
import type { RoutingMode } from '../contract/business.js';
import type { Room as RoomView, UnreadTotals } from '../contract/room.js';
import { isCustomerRole } from '../contract/user.js';
import { BatchLoader } from '../database/batch-loader.js';
import { sought } from '../database/data-source.js';
import { newId } from '../database/new-id.js';
import { Reads } from '../database/reads.js';
import { AppError, invalid } from '../error/app-error.js';
import { EventBus, type Publish } from '../event/event-bus.js';
import { StreamCounter } from '../stream/stream-counter.entity.js';
import type { OpenRoomDto } from './room.dto.js';
import { Room } from './room.entity.js';
import { requireReadable } from './room.policy.js';
import { RoomPresenter } from './room.presenter.js';

/** A label may be on any number of rooms, and each of them is told to all staff. */
const MOST_TOLD = 1_000;
/** Unclosed rooms that show a label: on them, or on their customer. */
const WEARING = `
(SELECT id, business_id FROM room WHERE label_ids @> $1::uuid[] AND label_ids <> '{}' AND status <> 'closed' LIMIT $2)
UNION
(SELECT r.id, r.business_id FROM "user" u JOIN room r ON r.customer_id = u.id AND r.status <> 'closed'
  WHERE u.label_ids @> $1::uuid[] AND u.label_ids <> '{}' LIMIT $2)
LIMIT $2`;

/** Rooms that wait for people. */
const WAITING = "r.status = 'open' AND r.assignee_id IS NULL AND NOT ai_may_take(r)";
/** One room says as much of its business as all of them. */
const BUSINESSES_WAITING = {
  name: 'businesses waiting',
  text: `
SELECT b.id FROM business b CROSS JOIN LATERAL (SELECT FROM room r WHERE r.business_id = b.id AND ${WAITING} LIMIT 1) waiting
  WHERE b.settings -> 'routing' ->> 'mode' = 'auto'
UNION
SELECT r.business_id FROM room r WHERE ${WAITING} AND r.overrides <> '{}'`,
};

const idsOf = (rows: { id: string }[]): string[] => rows.map(({ id }) => id);

/** Opens and finds rooms. */
@Injectable()
export class RoomService {
  private readonly loader: BatchLoader<string, Room | undefined>;
  private readonly findFacts: (ids: string[]) => Promise<(RoomFacts & { id: string })[]>;

  constructor(
    @InjectRepository(Room) private readonly rooms: Repository<Room>,
    private readonly events: EventBus,
    private readonly businesses: BusinessService,
    private readonly users: UserService,
    private readonly teams: TeamService,
    private readonly presenter: RoomPresenter,
    reads: Reads,
  ) {
    this.loader = BatchLoader.byKey(reads.by(Room, 'id'), ({ id }) => id);
    this.findFacts = reads.by(Room, 'id', { fields: ['businessId', 'customerId', 'assigneeId', 'teamId'] });
    // A person is part of every view of its rooms.
    events.onOwn('user.updated', ({ user, isCustomerVisible }) => void this.tellRoomsOf(user.id, isCustomerVisible));
    events.onOwn('label.changed', ({ labelId }) => void this.tellRoomsWearing(labelId));
  }

  /** The room, if this actor reaches it; the server itself (null) reaches all. @throws AppError `room.not_found`. */
  async require(actor: Actor | null, roomId: string, tx?: EntityManager): Promise<Room> {
    const room = await (tx ? tx.findOneBy(Room, { id: roomId }) : this.loader.get(roomId));
    if (actor) return requireReadable(actor, room);
    if (!room) throw new AppError('room.not_found');
    return room;
  }

  /** @throws AppError `room.not_found`, `access.denied` for a customer that is blocked, `room.closed`. */
  async requireWritable(actor: Actor, roomId: string, tx?: EntityManager): Promise<void> {
    const { status } = await this.require(actor, roomId, tx);
    await this.users.requireUnblocked(actor, tx);
    if (status === 'closed') throw new AppError('room.closed');
  }

  /** Those of these rooms that the actor reaches. */
  async withinReach(actor: Actor, roomIds: string[]): Promise<Room[]> {
    const rooms = await Promise.all(roomIds.map((id) => this.loader.get(id)));
    return rooms.filter((room) => room !== undefined && reaches(actor, room)) as Room[];
  }

  /** What decides who reaches these rooms. */
  async factsOf(roomIds: string[]): Promise<Map<string, RoomFacts>> {
    return new Map((await this.findFacts(roomIds)).map((room) => [room.id, room]));
  }

  /** Holds the room as it is until the transaction ends. */
  lock(tx: EntityManager, roomId: string): Promise<Room> {
    return tx.getRepository(Room).findOneOrFail({ where: { id: roomId }, lock: { mode: 'for_no_key_update' } });
  }

  /** Which unclosed rooms this person is the customer or the assignee of. */
  async unclosedOf(userId: string): Promise<Pick<Room, 'id' | 'businessId' | 'assigneeId'>[]> {
    return this.rooms.find({
      select: { id: true, businessId: true, assigneeId: true },
      where: [
        { customerId: userId, status: Not('closed') },
        { assigneeId: userId, status: Not('closed') },
      ],
    });
  }

  /** @throws AppError `room.not_found`. */
  async get(actor: Actor, roomId: string): Promise<RoomView> {
    const [view] = await this.presenter.forReader(actor, [roomId]);
    return view as RoomView;
  }

  /** The answer to who changed a room, also where the change took it out of the actor's reach. */
  async getChanged(actor: Actor, roomId: string): Promise<RoomView> {
    const [view] = await this.presenter.forWriter(actor, [roomId]);
    return view as RoomView;
  }

  /** Waiting rooms that the server may give to somebody, the one that waits longest first; with `behind` only those behind that one. */
  waitingFor(businessId: string, mode: RoutingMode, most: number, behind?: Room): Promise<Room[]> {
    const found = this.waiting().andWhere('r.business_id = :businessId', { businessId });
    if (mode === 'pool') found.andWhere("r.overrides <> '{}'");
    if (behind) found.andWhere('(r.waiting_since, r.id) > (:since, :id)', { since: behind.waitingSince, id: behind.id });
    return found
      .andWhere("(coalesce(r.overrides -> 'routingMode' ->> 'value', :mode) = 'auto' OR r.overrides ? 'pinnedAgentId')", { mode })
      .orderBy('r.waitingSince')
      .addOrderBy('r.id')
      .take(most)
      .getMany();
  }

  /** The businesses that have such rooms. */
  async businessesWaiting(): Promise<string[]> {
    return idsOf(await sought(this.rooms.manager.dataSource, BUSINESSES_WAITING));
  }

  /** Who had the last other room of this room's customer; null when nobody had. */
  async lastAgentOf({ id, customerId }: Pick<Room, 'id' | 'customerId'>): Promise<string | null> {
    const where = { customerId, id: Not(id), assigneeId: Not(IsNull()) };
    return (await this.rooms.findOne({ select: { id: true, assigneeId: true }, where, order: { id: 'DESC' } }))?.assigneeId ?? null;
  }

  /** Whether the customer of a room waits for an answer. */
  async isUnanswered(tx: EntityManager, roomId: string): Promise<boolean> {
    return tx.getRepository(StreamCounter).existsBy({ roomId, askedAt: Not(IsNull()) });
  }

  /** Open rooms of these agents in which the customer waits for an answer, the one that waited longest before first. */
  unansweredOf(agentIds: string[]): Promise<Room[]> {
    return this.rooms
      .createQueryBuilder('r')
      .innerJoin(StreamCounter, 'c', 'c.room_id = r.id AND c.asked_at IS NOT NULL')
      .where("r.assignee_id = ANY (:agentIds) AND r.status = 'open'", { agentIds })
      .orderBy('r.waitingSince')
      .addOrderBy('r.id')
      .getMany();
  }

  /**
   * Opens a room for a customer, or finds the one that is open already; `isNew` tells which.
   * @throws AppError `user.not_found`, `team.not_found`, `access.denied`, also for a room that the actor would not reach.
   */
  async open(actor: Actor, { customerId, subject, context, teamId }: OpenRoomDto): Promise<{ room: RoomView; isNew: boolean }> {
    if (customerId !== undefined && !isStaff(actor)) throw new AppError('access.denied');
    if (customerId === undefined && isStaff(actor)) throw invalid('customerId', 'must be given by staff');
    const customer = await this.users.find(actor.businessId, customerId ?? actor.id);
    if (!isCustomerRole(customer.role) || !(await this.users.isWithinReach(actor, customer.id))) throw new AppError('user.not_found');
    const { multipleRooms } = await this.businesses.settings(actor.businessId);
    const opened = await this.events.transaction(async (tx, publish) => {
      if (teamId !== undefined) await this.teams.find(actor.businessId, teamId, tx);
      const held = await this.holdCustomer(tx, customer.id);
      if (!isStaff(actor)) requireUnblocked(held);
      const current = multipleRooms ? null : await this.findUnclosed(tx, customer.id);
      const room = {
        businessId: actor.businessId,
        customerId: customer.id,
        subject: subject ?? null,
        context: context ?? customer.context,
        teamId: teamId ?? null,
      };
      if (!reaches(actor, current ?? { ...room, assigneeId: null })) {
        throw new AppError('access.denied', { message: 'The room of this customer would be out of your reach' });
      }
      return current ? { id: current.id, isNew: false } : this.insert(tx, publish, room, !multipleRooms);
    });
    return { room: await this.get(actor, opened.id), isNew: opened.isNew };
  }

  /** The room that a customer's message without a room goes to: the newest that is not closed, else a new one or, not `mayOpen`, none. @throws AppError `access.denied`. */
  async current(actor: Actor, mayOpen: boolean): Promise<string | undefined> {
    const { multipleRooms } = await this.businesses.settings(actor.businessId);
    return this.events.transaction(async (tx, publish) => {
      // Two first messages at once must not make two rooms, also where a customer may have several.
      const customer = await this.holdCustomer(tx, actor.id);
      requireUnblocked(customer);
      const current = await this.findUnclosed(tx, actor.id);
      if (current || !mayOpen) return current?.id;
      const room = { businessId: actor.businessId, customerId: actor.id, subject: null, context: customer.context, teamId: null };
      return (await this.insert(tx, publish, room, !multipleRooms)).id;
    });
  }

  /** The newest room of a customer that is not closed. */
  findUnclosed(tx: EntityManager, customerId: string): Promise<Room | null> {
    return tx.getRepository(Room).findOne({ where: { customerId, status: Not('closed') }, order: { id: 'DESC' } });
  }

  /** All rooms of a customer that the actor reaches, the newest first. */
  async idsOf(actor: Actor, customerId: string): Promise<string[]> {
    const found = this.visible(actor).andWhere('r.customer_id = :customerId', { customerId });
    return idsOf(await found.orderBy('r.id', 'DESC').getRawMany<{ id: string }>());
  }

  /** Unread messages over the own rooms, for staff over those assigned to them, closed ones left out. */
  async unreadTotals(actor: Actor): Promise<UnreadTotals> {
    const rooms = await this.visible(actor)
      .andWhere("r.status <> 'closed'")
      .andWhere(new Brackets((own) => own.where('r.customer_id = :me').orWhere('r.assignee_id = :me')), { me: actor.id })
      .getRawMany<{ id: string }>();
    const counts = await this.presenter.unread(actor, idsOf(rooms));
    return { rooms: counts.filter((count) => count > 0).length, messages: counts.reduce((sum, count) => sum + count, 0) };
  }

  private waiting(): SelectQueryBuilder<Room> {
    return this.rooms.createQueryBuilder('r').where(WAITING);
  }

  private async tellRoomsOf(userId: string, isCustomerVisible: boolean): Promise<void> {
    // A lost signal is mended by the next event of the room; a failing database must not fail the profile.
    const rooms = await this.unclosedOf(userId).catch(() => []);
    for (const { id: roomId, businessId } of rooms) this.events.announce('room.updated', { businessId, roomId, isCustomerVisible });
  }

  /** What is not told to open lists, they read with the next event of the room. */
  private async tellRoomsWearing(labelId: string): Promise<void> {
    const rooms = await this.rooms.query<{ id: string; business_id: string }[]>(WEARING, [[labelId], MOST_TOLD]).catch(() => []);
    for (const { id: roomId, business_id: businessId } of rooms)
      this.events.announce('room.updated', { businessId, roomId, isCustomerVisible: false });
  }

  /** Ids of the rooms that the actor reaches. */
  private visible(actor: Actor): SelectQueryBuilder<Room> {
    const { sql, values } = withinReach(actor, 'r');
    return this.rooms.createQueryBuilder('r').select('r.id', 'id').where(sql, values);
  }

  /** Keeps a customer from erasing itself until the transaction ends. @throws AppError `user.not_found` when it has. */
  private async holdCustomer(tx: EntityManager, id: string): Promise<User> {
    const [customer] = await this.users.lock(tx, [id]);
    if (!customer || customer.disabled) throw new AppError('user.not_found');
    return customer;
  }

  private async insert(
    tx: EntityManager,
    publish: Publish,
    room: Pick<Room, 'businessId' | 'customerId' | 'subject' | 'context' | 'teamId'>,
    isExclusive: boolean,
  ): Promise<{ id: string; isNew: boolean }> {
    const id = newId();
    const row = { id, status: 'open' as const, priority: 'normal' as const, isExclusive, ...room };
    // Waits for another opening of the same customer; the unique index lets only one of them in.
    const inserted = await tx
      .createQueryBuilder()
      .insert()
      .into(Room)
      .values(row as never)
      .orIgnore()
      .returning('id')
      .execute();
    if ((inserted.raw as unknown[]).length === 0) {
      const current = await this.findUnclosed(tx, room.customerId);
      if (!current) throw new AppError('unavailable');
      return { id: current.id, isNew: false };
    }
    await tx.insert(StreamCounter, { roomId: id });
    publish('room.created', { businessId: room.businessId, roomId: id });
    publish('queue.changed', { businessId: room.businessId });
    return { id, isNew: true };
  }
}
