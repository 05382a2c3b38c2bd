import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { EventBus } from '../event/event-bus.js';
import { QueueService, type Place } from '../room/queue.service.js';
import { ChatServer } from './chat-server.js';
import { customerOf } from './socket-room.js';

/** A queue that moves much is told of at most this often. */
const INTERVAL_MS = 1_000;
/** What reading and telling of a queue may take of the time. */
const SHARE = 1 / 20;
/** A changed estimate is worth telling from this much on, where the place is the same. */
const NOTABLE = 0.25;

const isNews = (told: Place | undefined, now: Place): boolean => {
  if (told?.position !== now.position) return true;
  const [before, after] = [told.estimateSeconds, now.estimateSeconds];
  if (before === null || after === null) return before !== after;
  return Math.abs(after - before) > NOTABLE * Math.max(before, after);
};

/** Tells waiting customers of this node their place in the queue, when it or the wait to be expected has changed. */
@Injectable()
export class QueueNotifier implements OnModuleDestroy {
  private readonly logger = new Logger(QueueNotifier.name);
  /** What each waiting room was told last. */
  private readonly told = new Map<string, Place>();
  /** Businesses whose queue is to be told of, by the timer that will. */
  private readonly timers = new Map<string, NodeJS.Timeout>();
  /** When a business may be told of again. */
  private readonly restsUntil = new Map<string, number>();
  private isClosed = false;

  constructor(
    private readonly server: ChatServer,
    private readonly queue: QueueService,
    events: EventBus,
  ) {
    events.on('queue.changed', ({ businessId }) => this.moved(businessId));
    events.on('presence.changed', ({ businessId, isStaff }) => isStaff && this.moved(businessId));
  }

  onModuleDestroy(): void {
    this.isClosed = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  /** A customer joined its waiting room, and knows nothing of its place yet. */
  joined(businessId: string, roomId: string): void {
    this.told.delete(roomId);
    this.moved(businessId);
  }

  private moved(businessId: string): void {
    if (this.isClosed || this.timers.has(businessId)) return;
    const wait = Math.max(0, (this.restsUntil.get(businessId) ?? 0) - Date.now());
    this.timers.set(businessId, setTimeout(() => void this.tell(businessId), wait).unref());
  }

  private async tell(businessId: string): Promise<void> {
    const began = Date.now();
    this.timers.delete(businessId);
    try {
      const places = await this.queue.places(businessId);
      for (const [roomId, place] of places) {
        const to = customerOf(roomId);
        if (this.server.listeners(to) === 0) this.told.delete(roomId);
        else if (isNews(this.told.get(roomId), place)) {
          this.told.set(roomId, place);
          this.server.io.to(to).emit('queue.moved', { roomId, ...place });
        }
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'a queue could not be read; its next move is told');
    }
    const now = Date.now();
    this.restsUntil.set(businessId, now + Math.max(INTERVAL_MS, (now - began) / SHARE));
  }
}
