import { Injectable } from '@nestjs/common';
import { isStaff, type Actor } from '../access/actor.js';
import { reaches } from '../access/permissions.js';
import { LabelService } from '../business/label.service.js';
import type { User } from '../business/user.entity.js';
import { withDefaults } from '../business/business-settings.js';
import { UserService } from '../business/user.service.js';
import { toPublicUser } from '../business/user.view.js';
import type { Stream, WrittenEntry } from '../contract/message.js';
import type { CustomerRoom, CustomerRoomState, Mark as MarkView, Rating, Room as RoomView, StaffRoomState } from '../contract/room.js';
import type { AgentUser, CustomerUser, KnownUser } from '../contract/user.js';
import { BatchLoader } from '../database/batch-loader.js';
import { Reads } from '../database/reads.js';
import { AppError } from '../error/app-error.js';
import { EntryReader } from '../stream/entry.reader.js';
import type { StreamCounter } from '../stream/stream-counter.entity.js';
import { EntryPresenter } from './entry.presenter.js';
import type { Mark } from './mark.entity.js';
import { readableStreams, requireReadable } from './room.policy.js';
import { QueueService } from './queue.service.js';
import { Room } from './room.entity.js';

const MAX_UNREAD = 100;

/** A room with its people and their marks, and where its streams stand. */
interface Standing {
  room: Room;
  counter: StreamCounter;
  /** In the order of people. */
  marks: Mark[];
}

/** What a view is made of. */
interface Facts extends Standing {
  epoch: string;
  lastMessage: WrittenEntry | null;
  labels: string[];
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
const NO_MARK = {
  publicDelivered: 0,
  publicRead: 0,
  internalDelivered: 0,
  internalRead: 0,
  publicUnreadFrom: null,
  internalUnreadFrom: null,
  unreadAtAnswer: 0,
  wasAssignee: false,
};
/** Where everybody stands: the customer at least at what it wrote, of which nothing is in its mark. */
const marksOf = ({ id: roomId, customerId, marks = [] }: Room, { customerSeq }: StreamCounter): Mark[] => {
  if (customerSeq === 0) return marks;
  const own = marks.find(({ userId }) => userId === customerId) ?? { ...NO_MARK, roomId, userId: customerId };
  const publicDelivered = Math.max(own.publicDelivered, customerSeq);
  const publicRead = Math.max(own.publicRead, customerSeq);
  const publicUnreadFrom = customerSeq > own.unreadAtAnswer ? null : own.publicUnreadFrom;
  const others = marks.filter(({ userId }) => userId !== customerId);
  return [...others, { ...own, publicDelivered, publicRead, publicUnreadFrom }].sort((a, b) => (a.userId < b.userId ? -1 : 1));
};
/** Up to where somebody counts a stream as read. */
const readPosition = (mark: Mark, stream: Stream): number => {
  const [read, unreadFrom] = stream === 'public' ? [mark.publicRead, mark.publicUnreadFrom] : [mark.internalRead, mark.internalUnreadFrom];
  return unreadFrom === null ? read : Math.min(read, unreadFrom - 1);
};
const isMarked = ({ deliveredSeq }: MarkView): boolean => deliveredSeq > 0;

const ratingOf = ({ ratingScore, ratingComment }: Room): Rating | null =>
  ratingScore === null ? null : { score: ratingScore, comment: ratingComment };

/** Rooms are not told anew when only the setting of their business changes: whoever reads them later sees it. */
const isAiEnabled = ({ overrides, business }: Room): boolean =>
  overrides.aiEnabled?.value ?? withDefaults(business?.settings ?? {}).ai.enabled;

const toCustomerRoom = ({ room, epoch, counter, marks, lastMessage }: Facts): CustomerRoomState => ({
  id: room.id,
  businessId: room.businessId,
  epoch,
  status: room.status,
  customer: toPublicUser(room.customer as User),
  assignee: room.assignee ? toPublicUser(room.assignee) : null,
  subject: room.subject,
  aiEnabled: isAiEnabled(room),
  lastSeq: counter.publicSeq,
  lastMessage,
  marks: marks
    .filter(({ userId, wasAssignee }) => wasAssignee || userId === room.customerId)
    .map(publicMark)
    .filter(isMarked),
  rating: ratingOf(room),
  createdAt: room.createdAt.toISOString(),
  closedAt: room.closedAt?.toISOString() ?? null,
});

const toStaffRoom = ({ room, epoch, counter, marks, lastMessage, labels }: Facts, people: Map<string, KnownUser>): StaffRoomState => ({
  id: room.id,
  businessId: room.businessId,
  epoch,
  status: room.status,
  customer: people.get(room.customerId) as CustomerUser,
  assignee: room.assigneeId === null ? null : ((people.get(room.assigneeId) as AgentUser | undefined) ?? null),
  subject: room.subject,
  aiEnabled: isAiEnabled(room),
  lastSeq: counter.publicSeq,
  lastMessage,
  marks: marks.map(publicMark).filter(isMarked),
  rating: ratingOf(room),
  createdAt: room.createdAt.toISOString(),
  closedAt: room.closedAt?.toISOString() ?? null,
  priority: room.priority,
  labels,
  teamId: room.teamId,
  overrides: room.overrides,
  context: room.context,
  internalLastSeq: counter.internalSeq,
  internalMarks: marks.map(internalMark).filter(isMarked),
  snoozedUntil: room.snoozedUntil?.toISOString() ?? null,
  updatedAt: room.updatedAt.toISOString(),
});

/** Makes the views of rooms, many at a time: a fixed number of queries for a page of any size. */
@Injectable()
export class RoomPresenter {
  private readonly roomLoader: BatchLoader<string, Room | undefined>;
  private readonly lastMessageLoader = new BatchLoader((counters: StreamCounter[]) => this.lastMessagesOf(counters));
  constructor(
    private readonly reader: EntryReader,
    private readonly entries: EntryPresenter,
    private readonly users: UserService,
    private readonly queue: QueueService,
    private readonly labels: LabelService,
    reads: Reads,
  ) {
    const find = reads.by(Room, 'id', { relations: { business: ['settings'], customer: 'all', assignee: 'all', marks: 'all' } });
    this.roomLoader = BatchLoader.byKey(find, ({ id }) => id);
  }

  /** As this actor reads them, in the order given. @throws AppError `room.not_found` for one that it may not read. */
  async forReader(actor: Actor, roomIds: string[]): Promise<RoomView[]> {
    const facts = await this.allFacts(roomIds);
    for (const { room } of facts) requireReadable(actor, room);
    return this.views(actor, facts);
  }

  /** The same for rooms that were found to be within reach a moment ago: without those that are not any more. */
  async forList(actor: Actor, roomIds: string[]): Promise<RoomView[]> {
    const facts = await this.allFacts(roomIds);
    return this.views(
      actor,
      facts.filter(({ room }) => reaches(actor, room)),
    );
  }

  /** The same for who has just changed these rooms, and by that may not reach them any more. */
  async forWriter(actor: Actor, roomIds: string[]): Promise<RoomView[]> {
    return this.views(actor, await this.allFacts(roomIds));
  }

  private async views(actor: Actor, facts: Facts[]): Promise<RoomView[]> {
    const [unread, positions, views] = await Promise.all([
      this.countUnread(actor, facts),
      Promise.all(facts.map(({ room }) => this.queue.positionOf(room))),
      isStaff(actor) ? this.staffViews(facts) : facts.map(toCustomerRoom),
    ]);
    return views.map((view, index) => {
      const own: ReaderFields = { unread: unread[index] ?? 0, queuePosition: positions[index] ?? null };
      return { ...view, ...own };
    });
  }

  /** As events carry them: what everyone of an audience sees alike. */
  async forEvents(roomIds: string[]): Promise<{ customer: CustomerRoomState; staff: StaffRoomState }[]> {
    const facts = await this.allFacts(roomIds);
    const staff = await this.staffViews(facts);
    return facts.map((one, index) => ({ customer: toCustomerRoom(one), staff: staff[index] as StaffRoomState }));
  }

  /** How much this actor has not read in each of these rooms. */
  async unread(actor: Actor, roomIds: string[]): Promise<number[]> {
    return this.countUnread(actor, await Promise.all(roomIds.map((id) => this.standingOf(id))));
  }

  private countUnread(actor: Actor, standings: Standing[]): Promise<number[]> {
    return Promise.all(
      standings.map(async ({ room, counter, marks }) => {
        const own = marks.find(({ userId }) => userId === actor.id);
        const counts = await Promise.all(
          readableStreams(actor).map((stream) => {
            const lastSeq = stream === 'public' ? counter.publicSeq : counter.internalSeq;
            const readSeq = own ? readPosition(own, stream) : 0;
            return readSeq >= lastSeq
              ? Promise.resolve(0)
              : this.reader.countUnread({ readerId: actor.id, roomId: room.id, stream, readSeq, cap: MAX_UNREAD });
          }),
        );
        return Math.min(
          MAX_UNREAD,
          counts.reduce((sum, count) => sum + count, 0),
        );
      }),
    );
  }

  private async staffViews(facts: Facts[]): Promise<StaffRoomState[]> {
    const people = facts.flatMap(({ room: { customer, assignee } }) => [customer, assignee]).filter((user) => user != null);
    const views = await this.users.staffViews(people);
    const byId = new Map(views.map((view) => [view.id, view]));
    return facts.map((one) => toStaffRoom(one, byId));
  }

  private async standingOf(roomId: string): Promise<Standing> {
    const [room, counter] = await Promise.all([this.roomLoader.get(roomId), this.reader.counter(roomId)]);
    if (!room) throw new AppError('room.not_found');
    return { room, counter, marks: marksOf(room, counter) };
  }

  private allFacts(roomIds: string[]): Promise<Facts[]> {
    return Promise.all(roomIds.map((id) => this.factsOf(id)));
  }

  private async factsOf(roomId: string): Promise<Facts> {
    const [epoch, standing] = await Promise.all([this.reader.epoch(), this.standingOf(roomId)]);
    const [lastMessage, labels] = await Promise.all([
      standing.counter.publicSeq > 0 ? this.lastMessageLoader.get(standing.counter) : null,
      this.labels.namesOf(standing.room.labelIds),
    ]);
    return { ...standing, epoch, lastMessage, labels };
  }

  private async lastMessagesOf(counters: StreamCounter[]): Promise<(WrittenEntry | null)[]> {
    const roomIds = counters.map(({ roomId }) => roomId);
    const lastSeqs = counters.map(({ publicSeq }) => publicSeq);
    const messages = await this.entries.present(await this.reader.lastMessages(roomIds, lastSeqs));
    const byRoom = new Map(messages.map((message) => [message.roomId, message as WrittenEntry]));
    return roomIds.map((id) => byRoom.get(id) ?? null);
  }
}
