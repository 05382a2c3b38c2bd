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

interface News {
  businessId: string;
  isNew: boolean;
  isForCustomer: boolean;
  dueAt: number;
}

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
    this.note(roomId, { businessId, isNew: true, isForCustomer: false, dueAt: 0 });
  }

  changed(businessId: string, roomId: string, isForCustomer: boolean): void {
    this.note(roomId, { businessId, isNew: false, isForCustomer, dueAt: 0 });
  }

  /** An entry came: the room's last message or number is another. */
  talked(businessId: string, roomId: string, isForCustomer: boolean): void {
    const toldAt = this.toldAt.get(roomId);
    const dueAt = toldAt === undefined ? 0 : Math.ceil((toldAt + MESSAGE_INTERVAL_MS) / GRID_MS) * GRID_MS;
    this.note(roomId, { businessId, isNew: false, isForCustomer, dueAt });
  }

  private note(roomId: string, news: News): void {
    if (!this.server.hasListeners(staffOf(news.businessId), customerOf(roomId))) return;
    const known = this.news.get(roomId);
    if (known) {
      known.isNew ||= news.isNew;
      known.isForCustomer ||= news.isForCustomer;
      known.dueAt = Math.min(known.dueAt, news.dueAt);
    } else {
      this.news.set(roomId, news);
    }
    this.schedule();
  }

  private schedule(): void {
    if (this.isReading || this.isClosed || this.news.size === 0) return;
    clearTimeout(this.timer);
    const next = Math.min(...[...this.news.values()].map(({ dueAt }) => dueAt));
    this.timer = setTimeout(() => void this.tell(), Math.max(0, next - Date.now())).unref();
  }

  private async tell(): Promise<void> {
    const now = Date.now();
    const due = [...this.news].filter(([, { dueAt }]) => dueAt <= now).slice(0, ROOMS_AT_ONCE);
    for (const [roomId] of due) this.news.delete(roomId);
    this.isReading = true;
    try {
      const news = new Map(due);
      for (const { customer, staff } of await this.presenter.forEvents([...news.keys()])) {
        const { businessId, isNew, isForCustomer } = news.get(staff.id) as News;
        this.server.io.to(staffOf(businessId)).emit(isNew ? 'room.created' : 'room.updated', staff);
        if (isForCustomer) this.server.io.to(customerOf(staff.id)).emit('room.updated', customer);
        this.toldAt.set(staff.id, now);
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'rooms could not be read; trying again');
      for (const [roomId, news] of due) this.news.set(roomId, { ...news, dueAt: now + RETRY_MS });
    } finally {
      this.isReading = false;
    }
    for (const [roomId, at] of this.toldAt) if (at < now - MESSAGE_INTERVAL_MS) this.toldAt.delete(roomId);
    this.schedule();
  }
}
