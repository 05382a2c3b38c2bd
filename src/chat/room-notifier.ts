import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { RoomPresenter } from '../room/room.presenter.js';
import { ChatServer } from './chat-server.js';
import { customerOf, staffOf } from './socket-room.js';

/** A room with much talk is told of at most this often. */
const MESSAGE_INTERVAL_MS = 1_000;
/** Busy rooms fall due at the same moments, so that one reading serves many. */
const GRID_MS = 200;
const RETRY_MS = 1_000;
const ROOMS_AT_ONCE = 200;
const ROOMS_PER_TURN = 4;

interface News {
  businessId: string;
  roomId: string;
  /** Each has its own times: what only staff see must not show in when the customer hears of something. */
  audience: 'staff' | 'customer';
  isNew: boolean;
  dueAt: number;
}

const keyOf = (audience: News['audience'], roomId: string): string => audience + roomId;

const EVERYBODY = ['staff', 'customer'] as const;
const STAFF_ONLY = ['staff'] as const;

/**
 * Tells of new and changed rooms: the view as it is when it is sent, read for many rooms at once and sent one reading after
 * the other, so that an older state never follows a newer one.
 */
@Injectable()
export class RoomNotifier implements OnModuleDestroy {
  private readonly logger = new Logger(RoomNotifier.name);
  private readonly news = new Map<string, News>();
  private readonly toldAt = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  /** When the timer goes off. */
  private wakesAt = Infinity;
  private isReading = false;
  private isClosed = false;

  constructor(
    private readonly server: ChatServer,
    private readonly presenter: RoomPresenter,
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
    if (isForCustomer) this.note({ businessId, roomId, audience: 'customer', isNew: false, dueAt: 0 });
  }

  /** An entry came: the room's last message or number is another. */
  talked(businessId: string, roomId: string, isForCustomer: boolean): void {
    for (const audience of isForCustomer ? EVERYBODY : STAFF_ONLY) {
      const key = keyOf(audience, roomId);
      // Told of soon: this runs for every message.
      if (this.news.has(key)) continue;
      const toldAt = this.toldAt.get(key);
      const dueAt = toldAt === undefined ? 0 : Math.ceil((toldAt + MESSAGE_INTERVAL_MS) / GRID_MS) * GRID_MS;
      this.note({ businessId, roomId, audience, isNew: false, dueAt });
    }
  }

  private note(news: News): void {
    if (!this.server.hasListeners(news.audience === 'staff' ? staffOf(news.businessId) : customerOf(news.roomId))) return;
    this.merge(news);
    this.wakeAt(news.dueAt);
  }

  private merge(news: News): void {
    const key = keyOf(news.audience, news.roomId);
    const known = this.news.get(key);
    if (!known) {
      this.news.set(key, news);
      return;
    }
    known.isNew ||= news.isNew;
    known.dueAt = Math.min(known.dueAt, news.dueAt);
  }

  private wakeAt(dueAt: number): void {
    if (this.isReading || this.isClosed || dueAt >= this.wakesAt) return;
    clearTimeout(this.timer);
    this.wakesAt = dueAt;
    this.timer = setTimeout(() => void this.tell(), Math.max(0, dueAt - Date.now())).unref();
  }

  private async tell(): Promise<void> {
    const now = Date.now();
    this.wakesAt = Infinity;
    const due = [...this.news.values()].filter(({ dueAt }) => dueAt <= now).slice(0, ROOMS_AT_ONCE);
    for (const news of due) {
      this.news.delete(keyOf(news.audience, news.roomId));
      // From now on, not from the end of the reading: what comes in the meantime waits its turn.
      this.toldAt.set(keyOf(news.audience, news.roomId), now);
    }
    this.isReading = true;
    try {
      const views = await this.presenter.forEvents([...new Set(due.map(({ roomId }) => roomId))]);
      const viewOf = new Map(views.map((view) => [view.staff.id, view]));
      for (const [index, news] of due.entries()) {
        // Each goes to all staff of its business: messages must not wait until that is done for all rooms.
        if (index > 0 && index % ROOMS_PER_TURN === 0) await nextTurn();
        const view = viewOf.get(news.roomId);
        if (!view) continue;
        if (news.audience === 'customer') this.server.io.to(customerOf(news.roomId)).emit('room.updated', view.customer);
        else this.server.io.to(staffOf(news.businessId)).emit(news.isNew ? 'room.created' : 'room.updated', view.staff);
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'rooms could not be read; trying again');
      for (const news of due) this.merge({ ...news, dueAt: now + RETRY_MS });
    } finally {
      this.isReading = false;
    }
    for (const [key, at] of this.toldAt) if (at < now - MESSAGE_INTERVAL_MS) this.toldAt.delete(key);
    let next = Infinity;
    for (const { dueAt } of this.news.values()) next = Math.min(next, dueAt);
    this.wakeAt(next);
  }
}
