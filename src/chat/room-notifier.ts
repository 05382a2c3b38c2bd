import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { RoomPresenter } from '../room/room.presenter.js';
import { ChatServer } from './chat-server.js';
import { reachersOf } from './audience.js';
import { RecentMarks } from './recent-marks.js';
import { customerOf, staffOf } from './socket-room.js';

/** A room with much talk is told of at most this often. */
const MESSAGE_INTERVAL_MS = 1_000;
/** Busy rooms fall due at the same moments, so that one reading serves many. */
const GRID_MS = 200;
/** What talk may cost at one moment, in sends; with many busy rooms and much staff the rooms take turns, and are told of less often. */
const TALK_BUDGET = 250;
/** Of a room, beside its sends. */
const READING_COST = 10;
const LONGEST_INTERVAL_MS = 5_000;
const RETRY_MS = 1_000;
const ROOMS_AT_ONCE = 200;
/** Of a room that is told of again and again; it is not told of for a while afterwards. */
const READING_TRIES = 3;
/** Each room goes to all staff of its business: messages must not wait for all rooms of a reading, but what goes to one socket at once leaves as one. */
const SENDS_AT_ONCE = 250;
const PAUSES = 10;
const PAUSE_MS = 5;

interface News {
  businessId: string;
  roomId: string;
  /** Each has its own times: what only staff see must not show in when the customer hears of something. */
  audience: 'staff' | 'customer';
  isNew: boolean;
  dueAt: number;
}

/** The Socket.IO room of all who may have to be told. */
const placeOf = ({ audience, businessId, roomId }: News): string => (audience === 'staff' ? staffOf(businessId) : customerOf(roomId));

/**
 * Tells of new and changed rooms: the view as it is when it is sent, read for many rooms at once and sent one reading after
 * the other, so that an older state never follows a newer one.
 */
@Injectable()
export class RoomNotifier implements OnModuleDestroy {
  private readonly logger = new Logger(RoomNotifier.name);
  /** By the id of the room. */
  private readonly news = { staff: new Map<string, News>(), customer: new Map<string, News>() };
  private readonly toldAt = { staff: new Map<string, number>(), customer: new Map<string, number>() };
  /** Rooms that somebody has lost since the reading under way began. */
  private readonly outdated = new Set<string>();
  /** Who reads a room for a socket that hears of it, and how often it was told of meanwhile; by the id of the room. */
  private readonly readers = new Map<string, Set<{ told: number }>>();
  private timer: NodeJS.Timeout | undefined;
  /** When the timer goes off. */
  private wakesAt = Infinity;
  private isReading = false;
  private isClosed = false;

  constructor(
    private readonly server: ChatServer,
    private readonly presenter: RoomPresenter,
    private readonly marks: RecentMarks,
  ) {}

  onModuleDestroy(): void {
    clearTimeout(this.timer);
    this.isClosed = true;
  }

  created(businessId: string, roomId: string): void {
    this.note({ businessId, roomId, audience: 'staff', isNew: true, dueAt: 0 });
  }

  changed(businessId: string, roomId: string, isForCustomer: boolean): void {
    this.note({ businessId, roomId, audience: 'staff', isNew: false, dueAt: 0 });
    if (isForCustomer) this.changedForCustomer(businessId, roomId);
  }

  changedForCustomer(businessId: string, roomId: string): void {
    this.note({ businessId, roomId, audience: 'customer', isNew: false, dueAt: 0 });
  }

  /** Somebody is told that a room is out of reach: what is on its way of it would come after that, and is read anew instead. */
  lost(roomId: string): void {
    if (this.isReading) this.outdated.add(roomId);
  }

  /** Reads a room for a socket that hears of it already: again if it was told meanwhile, of what the reading may not have seen. */
  async readFor<Answer>(roomId: string, read: () => Promise<Answer>): Promise<Answer> {
    const reader = { told: 0 };
    const readers = this.readers.get(roomId) ?? new Set();
    this.readers.set(roomId, readers.add(reader));
    try {
      for (let tries = 1; ; tries++) {
        const before = reader.told;
        const answer = await read();
        if (reader.told === before || tries === READING_TRIES) return answer;
      }
    } finally {
      readers.delete(reader);
      if (readers.size === 0) this.readers.delete(roomId);
    }
  }

  /** An entry came: the room's last message or number is another. */
  talked(businessId: string, roomId: string, isForCustomer: boolean): void {
    this.noteTalk('staff', businessId, roomId);
    if (isForCustomer) this.noteTalk('customer', businessId, roomId);
  }

  private noteTalk(audience: News['audience'], businessId: string, roomId: string): void {
    // Told of soon: this runs for every message.
    if (this.news[audience].has(roomId)) return;
    const toldAt = this.toldAt[audience].get(roomId);
    const dueAt = toldAt === undefined ? 0 : Math.ceil((toldAt + MESSAGE_INTERVAL_MS) / GRID_MS) * GRID_MS;
    this.note({ businessId, roomId, audience, isNew: false, dueAt });
  }

  private note(news: News): void {
    if (this.sendsOf(news) === 0) return;
    this.merge(news);
    this.wakeAt(news.dueAt);
  }

  private merge(news: News): void {
    const known = this.news[news.audience].get(news.roomId);
    if (!known) {
      this.news[news.audience].set(news.roomId, news);
      return;
    }
    known.isNew ||= news.isNew;
    known.dueAt = Math.min(known.dueAt, news.dueAt);
  }

  /** How many sockets are told. */
  private sendsOf(news: News): number {
    return this.server.listeners(placeOf(news));
  }

  private all(): News[] {
    return [...this.news.staff.values(), ...this.news.customer.values()];
  }

  private wakeAt(dueAt: number): void {
    if (this.isReading || this.isClosed || dueAt >= this.wakesAt) return;
    clearTimeout(this.timer);
    this.wakesAt = dueAt;
    this.timer = setTimeout(() => void this.tell(), Math.max(0, Math.ceil(dueAt - performance.now()))).unref();
  }

  /** All that is new or changed, and of the rooms where people talk as many as may be told of now; the others wait. */
  private takeDue(now: number): News[] {
    const due = this.all()
      .filter(({ dueAt }) => dueAt <= now)
      .sort((one, other) => one.dueAt - other.dueAt);
    const firstTalk = due.findIndex(({ dueAt }) => dueAt > 0);
    if (firstTalk === -1) return due.slice(0, ROOMS_AT_ONCE);
    const atLeast = Math.ceil(((due.length - firstTalk) * GRID_MS) / LONGEST_INTERVAL_MS);
    let end = firstTalk;
    for (let left = TALK_BUDGET; end < due.length && (left > 0 || end - firstTalk < atLeast); end++) {
      left -= READING_COST + this.sendsOf(due[end] as News);
    }
    return due.slice(0, Math.min(end, ROOMS_AT_ONCE));
  }

  /** When the next reading is due: at once for what is new or changed, else at the next moment at the earliest. */
  private nextDue(began: number): number {
    return this.all().reduce((next, { dueAt }) => Math.min(next, dueAt === 0 ? 0 : Math.max(dueAt, began + GRID_MS)), Infinity);
  }

  private async tell(): Promise<void> {
    // A timer counts whole milliseconds, and may go off a part of one too early: what it was set for is due all the same.
    const now = Math.max(performance.now(), this.wakesAt);
    this.wakesAt = Infinity;
    const due = this.takeDue(now);
    for (const news of due) {
      this.news[news.audience].delete(news.roomId);
      // From now on, not from the end of the reading: what comes in the meantime waits its turn.
      this.toldAt[news.audience].set(news.roomId, now);
    }
    this.outdated.clear();
    this.isReading = true;
    try {
      const views = await this.presenter.forEvents([...new Set(due.map(({ roomId }) => roomId))]);
      const viewOf = new Map(views.map((view) => [view.staff.id, view]));
      const together = Math.max(SENDS_AT_ONCE, due.reduce((sum, news) => sum + this.sendsOf(news), 0) / PAUSES);
      let sends = 0;
      for (const news of due) {
        if (sends >= together) {
          await new Promise((done) => setTimeout(done, PAUSE_MS).unref());
          sends = 0;
        }
        if (this.outdated.has(news.roomId)) {
          this.merge({ ...news, dueAt: 0 });
          continue;
        }
        sends += this.sendsOf(news);
        const view = viewOf.get(news.roomId);
        if (!view) continue;
        const event = news.isNew ? 'room.created' : 'room.updated';
        const { assignee, teamId } = view.staff;
        const to = news.audience === 'staff' ? reachersOf(news.businessId, { assigneeId: assignee?.id ?? null, teamId }) : placeOf(news);
        this.server.io.to(to).emit(event, this.marks.within(view[news.audience]));
        for (const reader of this.readers.get(news.roomId) ?? []) reader.told++;
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'rooms could not be read; trying again');
      for (const news of due) this.merge({ ...news, dueAt: now + RETRY_MS });
    } finally {
      this.isReading = false;
    }
    for (const toldAt of Object.values(this.toldAt)) {
      for (const [roomId, at] of toldAt) if (at < now - MESSAGE_INTERVAL_MS) toldAt.delete(roomId);
    }
    this.wakeAt(this.nextDue(now));
  }
}
