import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import { isStaff, type Actor } from '../access/actor.js';
import type { User } from '../business/user.entity.js';
import { UserService } from '../business/user.service.js';
import { toPublicUser } from '../business/user.view.js';
import type { Message } from '../contract/message.js';
import type { CustomerRoom, Mark as MarkView, Room as RoomView, StaffRoom } from '../contract/room.js';
import type { User as UserView } from '../contract/user.js';
import { EntryReader, type ReadPosition } from '../stream/entry.reader.js';
import type { StreamCounter } from '../stream/stream-counter.entity.js';
import { EntryPresenter } from './entry.presenter.js';
import { Mark } from './mark.entity.js';
import { readableStreams } from './room.policy.js';
import { Room } from './room.entity.js';

const MAX_UNREAD = 100;

/** What a view is made of beside the room's own row. */
interface Facts {
  epoch: string;
  counter: StreamCounter;
  lastMessage: Message | null;
  marks: Mark[];
}

type ReaderFields = Required<Pick<CustomerRoom, 'unread' | 'queuePosition'>>;

const publicMark = ({ userId, publicDelivered, publicRead }: Mark): MarkView => ({
  userId,
  deliveredSeq: publicDelivered,
  readSeq: publicRead,
});
const internalMark = ({ userId, internalDelivered, internalRead }: Mark): MarkView => ({
  userId,
  deliveredSeq: internalDelivered,
  readSeq: internalRead,
});
const isMarked = ({ deliveredSeq }: MarkView): boolean => deliveredSeq > 0;

const toCustomerRoom = (room: Room, { epoch, counter, lastMessage, marks }: Facts): CustomerRoom => ({
  id: room.id,
  businessId: room.businessId,
  epoch,
  status: room.status,
  customer: toPublicUser(room.customer as User),
  assignee: room.assignee ? toPublicUser(room.assignee) : null,
  subject: room.subject,
  aiEnabled: false,
  lastSeq: counter.publicSeq,
  lastMessage,
  marks: marks
    .filter(({ userId, wasAssignee }) => wasAssignee || userId === room.customerId)
    .map(publicMark)
    .filter(isMarked),
  rating: null,
  createdAt: room.createdAt.toISOString(),
  closedAt: room.closedAt?.toISOString() ?? null,
});

const toStaffRoom = (room: Room, { epoch, counter, lastMessage, marks }: Facts, people: Map<string, UserView>): StaffRoom => ({
  id: room.id,
  businessId: room.businessId,
  epoch,
  status: room.status,
  customer: people.get(room.customerId) as UserView,
  assignee: room.assigneeId === null ? null : (people.get(room.assigneeId) ?? null),
  subject: room.subject,
  aiEnabled: false,
  lastSeq: counter.publicSeq,
  lastMessage,
  marks: marks.map(publicMark).filter(isMarked),
  rating: null,
  createdAt: room.createdAt.toISOString(),
  closedAt: room.closedAt?.toISOString() ?? null,
  priority: room.priority,
  labels: [],
  teamId: null,
  overrides: {},
  context: room.context,
  internalLastSeq: counter.internalSeq,
  internalMarks: marks.map(internalMark).filter(isMarked),
  snoozedUntil: null,
  updatedAt: room.updatedAt.toISOString(),
});

/** Makes the views of rooms, many at a time: a fixed number of queries for a page of any size. */
@Injectable()
export class RoomPresenter {
  constructor(
    @InjectRepository(Room) private readonly rooms: Repository<Room>,
    @InjectRepository(Mark) private readonly marks: Repository<Mark>,
    private readonly reader: EntryReader,
    private readonly entries: EntryPresenter,
    private readonly users: UserService,
  ) {}

  /** As this actor reads them, `unread` and `queuePosition` included, in the order given. */
  async forReader(actor: Actor, rooms: Room[]): Promise<RoomView[]> {
    const facts = await this.facts(rooms);
    const [unread, positions, views] = await Promise.all([
      this.countUnread(
        actor,
        rooms,
        facts.flatMap(({ marks }) => marks),
      ),
      this.queuePositions(rooms),
      isStaff(actor) ? this.staffViews(rooms, facts) : rooms.map((room, index) => toCustomerRoom(room, facts[index] as Facts)),
    ]);
    return views.map((view, index) => {
      const own: ReaderFields = { unread: unread[index] ?? 0, queuePosition: positions.get(view.id) ?? null };
      return { ...view, ...own };
    });
  }

  async oneForReader(actor: Actor, room: Room): Promise<RoomView> {
    const [view] = await this.forReader(actor, [room]);
    return view as RoomView;
  }

  /** As events carry them: what everyone of an audience sees alike. */
  async forEvents(roomIds: string[]): Promise<{ customer: CustomerRoom; staff: StaffRoom }[]> {
    const rooms = await this.rooms.find({ where: { id: In(roomIds) }, relations: { customer: true, assignee: true } });
    const facts = await this.facts(rooms);
    const staff = await this.staffViews(rooms, facts);
    return rooms.map((room, index) => ({ customer: toCustomerRoom(room, facts[index] as Facts), staff: staff[index] as StaffRoom }));
  }

  /** How much this actor has not read in each of these rooms. */
  async unread(actor: Actor, rooms: Room[]): Promise<number[]> {
    return this.countUnread(actor, rooms, await this.marks.findBy({ userId: actor.id, roomId: In(rooms.map(({ id }) => id)) }));
  }

  private async countUnread(actor: Actor, rooms: Room[], marks: Mark[]): Promise<number[]> {
    const own = new Map(marks.filter(({ userId }) => userId === actor.id).map((mark) => [mark.roomId, mark]));
    const streams = readableStreams(actor);
    const places = rooms.flatMap(({ id: roomId }) =>
      streams.map((stream): ReadPosition => {
        const mark = own.get(roomId);
        return { roomId, stream, readSeq: (stream === 'public' ? mark?.publicRead : mark?.internalRead) ?? 0 };
      }),
    );
    const counts = await this.reader.countUnread(actor.id, places, MAX_UNREAD);
    const inRoom = (index: number): number[] => counts.slice(index * streams.length, (index + 1) * streams.length);
    return rooms.map((_, index) =>
      Math.min(
        MAX_UNREAD,
        inRoom(index).reduce((sum, count) => sum + count, 0),
      ),
    );
  }

  private async staffViews(rooms: Room[], facts: Facts[]): Promise<StaffRoom[]> {
    const people = rooms.flatMap(({ customer, assignee }) => [customer, assignee]).filter((user) => user != null);
    const views = await this.users.views(people, true);
    const byId = new Map(views.map((view) => [view.id, view]));
    return rooms.map((room, index) => toStaffRoom(room, facts[index] as Facts, byId));
  }

  private async facts(rooms: Room[]): Promise<Facts[]> {
    const ids = rooms.map(({ id }) => id);
    const [epoch, counters, lastEntries, marks] = await Promise.all([
      this.reader.epoch(),
      this.reader.countersOf(ids),
      this.reader.lastMessages(ids),
      this.marks.find({ where: { roomId: In(ids) }, order: { roomId: 'ASC', userId: 'ASC' } }),
    ]);
    const lastMessages = await this.entries.present(lastEntries);
    return ids.map((id) => ({
      epoch,
      counter: counters.find(({ roomId }) => roomId === id) as StreamCounter,
      lastMessage: lastMessages.find(({ roomId }) => roomId === id) ?? null,
      marks: marks.filter(({ roomId }) => roomId === id),
    }));
  }

  private async queuePositions(rooms: Room[]): Promise<Map<string, number>> {
    const waiting = rooms.filter(({ status, assigneeId }) => status === 'open' && assigneeId === null);
    if (waiting.length === 0) return new Map();
    const rows = await this.rooms
      .createQueryBuilder('r')
      .innerJoin(
        Room,
        'q',
        "q.business_id = r.business_id AND q.status = 'open' AND q.assignee_id IS NULL AND (q.waiting_since, q.id) <= (r.waiting_since, r.id)",
      )
      .select('r.id', 'id')
      .addSelect('count(*)::integer', 'position')
      .where('r.id IN (:...ids)', { ids: waiting.map(({ id }) => id) })
      .groupBy('r.id')
      .getRawMany<{ id: string; position: number }>();
    return new Map(rows.map(({ id, position }) => [id, position]));
  }
}
