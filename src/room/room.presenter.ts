import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isStaff, type Actor } from '../access/actor.js';
import type { User } from '../business/user.entity.js';
import { UserService } from '../business/user.service.js';
import { toPublicUser } from '../business/user.view.js';
import type { WrittenEntry } from '../contract/message.js';
import type { CustomerRoom, CustomerRoomState, Mark as MarkView, Room as RoomView, StaffRoomState } from '../contract/room.js';
import type { AgentUser, CustomerUser, KnownUser } from '../contract/user.js';
import { BatchLoader } from '../database/batch-loader.js';
import { poolOf, preparedFind } from '../database/prepared-find.js';
import { EntryReader } from '../stream/entry.reader.js';
import type { StreamCounter } from '../stream/stream-counter.entity.js';
import { EntryPresenter } from './entry.presenter.js';
import { Mark } from './mark.entity.js';
import { readableStreams } from './room.policy.js';
import { Room } from './room.entity.js';

const MAX_UNREAD = 100;

/** Each queue is walked once, from one of these rooms to the next, however many are asked for. */
const POSITIONS = {
  name: 'queue positions',
  text: `
WITH asked AS (
  SELECT id, business_id, waiting_since,
      lag(waiting_since, 1, '-infinity') OVER queue AS since,
      lag(id, 1, '00000000-0000-0000-0000-000000000000') OVER queue AS after_id
    FROM room WHERE id = ANY ($1::uuid[]) AND status = 'open' AND assignee_id IS NULL
    WINDOW queue AS (PARTITION BY business_id ORDER BY waiting_since, id)
)
SELECT a.id, (sum(n.rooms) OVER (PARTITION BY a.business_id ORDER BY a.waiting_since, a.id))::integer AS position
  FROM asked a CROSS JOIN LATERAL (
    SELECT count(*) AS rooms FROM room q
      WHERE q.business_id = a.business_id AND q.status = 'open' AND q.assignee_id IS NULL
        AND (q.waiting_since, q.id) > (a.since, a.after_id) AND (q.waiting_since, q.id) <= (a.waiting_since, a.id)) n`,
};

interface Position {
  id: string;
  position: number;
}

/** Where a room's streams stand, and its readers in them. */
interface Standing {
  counter: StreamCounter;
  marks: Mark[];
}

/** What a view is made of beside the room's own row. */
interface Facts extends Standing {
  epoch: string;
  lastMessage: WrittenEntry | null;
}

type ReaderFields = Pick<CustomerRoom, 'unread' | 'queuePosition'>;

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

const toCustomerRoom = (room: Room, { epoch, counter, lastMessage, marks }: Facts): CustomerRoomState => ({
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

const toStaffRoom = (room: Room, { epoch, counter, lastMessage, marks }: Facts, people: Map<string, KnownUser>): StaffRoomState => ({
  id: room.id,
  businessId: room.businessId,
  epoch,
  status: room.status,
  customer: people.get(room.customerId) as CustomerUser,
  assignee: room.assigneeId === null ? null : ((people.get(room.assigneeId) as AgentUser | undefined) ?? null),
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

/** Finds rooms with their customer and assignee, who are in every view. */
export const roomsWithPeople = (dataSource: DataSource): ((ids: string[]) => Promise<Room[]>) =>
  preparedFind(dataSource, Room, 'id', ['customer', 'assignee']);

/** Makes the views of rooms, many at a time: a fixed number of queries for a page of any size. */
@Injectable()
export class RoomPresenter {
  private readonly findRooms: (ids: string[]) => Promise<Room[]>;
  private readonly findMarks: (roomIds: string[]) => Promise<Mark[]>;
  private readonly marksLoader = new BatchLoader((roomIds: string[]) => this.marksOf(roomIds));
  private readonly lastMessageLoader = new BatchLoader((counters: StreamCounter[]) => this.lastMessagesOf(counters));
  private readonly positionLoader = BatchLoader.byKey(
    (ids) => this.findPositions(ids),
    ({ id }: Position) => id,
  );

  constructor(
    private readonly reader: EntryReader,
    private readonly entries: EntryPresenter,
    private readonly users: UserService,
    private readonly dataSource: DataSource,
  ) {
    this.findRooms = roomsWithPeople(dataSource);
    this.findMarks = preparedFind(dataSource, Mark, 'roomId');
  }

  /** As this actor reads them, `unread` and `queuePosition` included, in the order given. */
  async forReader(actor: Actor, rooms: Room[]): Promise<RoomView[]> {
    return this.withFacts(actor, rooms, await this.facts(rooms));
  }

  /** One room, for a reader of whom it is not known yet whether it may read it: `room` decides while the rest is read. */
  async oneForReader(actor: Actor, roomId: string, room: Promise<Room>): Promise<RoomView> {
    const [found, facts] = await Promise.all([room, this.factsOf(roomId)]);
    const [view] = await this.withFacts(actor, [found], [facts]);
    return view as RoomView;
  }

  private facts(rooms: Room[]): Promise<Facts[]> {
    return Promise.all(rooms.map(({ id }) => this.factsOf(id)));
  }

  private async withFacts(actor: Actor, rooms: Room[], facts: Facts[]): Promise<RoomView[]> {
    const [unread, positions, views] = await Promise.all([
      this.countUnread(actor, rooms, facts),
      Promise.all(rooms.map((room) => this.queuePosition(room))),
      isStaff(actor) ? this.staffViews(rooms, facts) : rooms.map((room, index) => toCustomerRoom(room, facts[index] as Facts)),
    ]);
    return views.map((view, index) => {
      const own: ReaderFields = { unread: unread[index] ?? 0, queuePosition: positions[index] ?? null };
      return { ...view, ...own };
    });
  }

  /** As events carry them: what everyone of an audience sees alike. */
  async forEvents(roomIds: string[]): Promise<{ customer: CustomerRoomState; staff: StaffRoomState }[]> {
    const rooms = await this.findRooms(roomIds);
    const facts = await this.facts(rooms);
    const staff = await this.staffViews(rooms, facts);
    return rooms.map((room, index) => ({ customer: toCustomerRoom(room, facts[index] as Facts), staff: staff[index] as StaffRoomState }));
  }

  /** How much this actor has not read in each of these rooms. */
  async unread(actor: Actor, rooms: Room[]): Promise<number[]> {
    return this.countUnread(actor, rooms, await Promise.all(rooms.map(({ id }) => this.standing(id))));
  }

  private countUnread(actor: Actor, rooms: Room[], standings: Standing[]): Promise<number[]> {
    return Promise.all(
      rooms.map(async ({ id: roomId }, index) => {
        const { counter, marks } = standings[index] as Standing;
        const own = marks.find(({ userId }) => userId === actor.id);
        const counts = await Promise.all(
          readableStreams(actor).map((stream) => {
            const [readSeq = 0, lastSeq] =
              stream === 'public' ? [own?.publicRead, counter.publicSeq] : [own?.internalRead, counter.internalSeq];
            return readSeq >= lastSeq
              ? Promise.resolve(0)
              : this.reader.countUnread({ readerId: actor.id, roomId, stream, readSeq, cap: MAX_UNREAD });
          }),
        );
        return Math.min(
          MAX_UNREAD,
          counts.reduce((sum, count) => sum + count, 0),
        );
      }),
    );
  }

  private async staffViews(rooms: Room[], facts: Facts[]): Promise<StaffRoomState[]> {
    const people = rooms.flatMap(({ customer, assignee }) => [customer, assignee]).filter((user) => user != null);
    const views = await this.users.staffViews(people);
    const byId = new Map(views.map((view) => [view.id, view]));
    return rooms.map((room, index) => toStaffRoom(room, facts[index] as Facts, byId));
  }

  private async standing(roomId: string): Promise<Standing> {
    const [counter, marks] = await Promise.all([this.reader.counter(roomId), this.marksLoader.get(roomId)]);
    return { counter, marks };
  }

  private async factsOf(roomId: string): Promise<Facts> {
    const [epoch, standing] = await Promise.all([this.reader.epoch(), this.standing(roomId)]);
    return { epoch, ...standing, lastMessage: standing.counter.publicSeq > 0 ? await this.lastMessageLoader.get(standing.counter) : null };
  }

  private async marksOf(roomIds: string[]): Promise<Mark[][]> {
    const byRoom = new Map<string, Mark[]>(roomIds.map((id) => [id, []]));
    for (const mark of await this.findMarks([...byRoom.keys()])) byRoom.get(mark.roomId)?.push(mark);
    return roomIds.map((id) => (byRoom.get(id) ?? []).sort((a, b) => (a.userId < b.userId ? -1 : 1)));
  }

  private async lastMessagesOf(counters: StreamCounter[]): Promise<(WrittenEntry | null)[]> {
    const roomIds = counters.map(({ roomId }) => roomId);
    const lastSeqs = counters.map(({ publicSeq }) => publicSeq);
    const messages = await this.entries.present(await this.reader.lastMessages(roomIds, lastSeqs));
    const byRoom = new Map(messages.map((message) => [message.roomId, message as WrittenEntry]));
    return roomIds.map((id) => byRoom.get(id) ?? null);
  }

  private async queuePosition({ id, status, assigneeId }: Room): Promise<number | null> {
    if (status !== 'open' || assigneeId !== null) return null;
    return (await this.positionLoader.get(id))?.position ?? null;
  }

  private async findPositions(ids: string[]): Promise<Position[]> {
    return (await poolOf(this.dataSource).query<Position>({ ...POSITIONS, values: [ids] })).rows;
  }
}
