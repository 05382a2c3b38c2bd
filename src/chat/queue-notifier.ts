import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { QueuePlace } from '../contract/room.js';
import { EventBus } from '../event/event-bus.js';
import { QueueService } from '../room/queue.service.js';
import { ChatServer } from './chat-server.js';
import { customerOf } from './socket-room.js';

/** A queue that moves much is told of at most this often. */
const INTERVAL_MS = 1_000;
/** What reading and telling of a queue may take of the time. */
const SHARE = 1 / 20;
/** A changed estimate is worth telling from this much on, where the place is the same. */
const NOTABLE = 0.25;

/** The queue of one business. */
interface Queue {
  /** What each waiting room of this node was told last. */
  told: Map<string, QueuePlace>;
  /** Goes off when the next reading is due. */
  timer: NodeJS.Timeout | undefined;
  isReading: boolean;
  /** Something moved that the reading under way may have missed. */
  hasMoved: boolean;
}

const isNews = (told: QueuePlace | undefined, now: QueuePlace): boolean => {
  if (told?.position !== now.position) return true;
  const [before, after] = [told.estimateSeconds, now.estimateSeconds];
  if (before === null || after === null) return before !== after;
  return Math.abs(after - before) > NOTABLE * Math.max(before, after);
};

/** Tells waiting customers of this node their place in the queue, when it or the wait to be expected has changed. */
@Injectable()
export class QueueNotifier implements OnModuleDestroy {
  private readonly logger = new Logger(QueueNotifier.name);
  /** By business, while anybody of it waits here or something moves. */
  private readonly queues = new Map<string, Queue>();
  private isClosed = false;

  constructor(
    private readonly server: ChatServer,
    private readonly queue: QueueService,
    events: EventBus,
  ) {
    events.on('queue.changed', ({ businessId }) => this.moved(businessId));
    events.on('presence.changed', ({ businessId, isStaff }) => isStaff && this.moved(businessId));
    // Given back before the next reading, it would seem to be where it was.
    events.on('room.moved', ({ businessId, roomId }) => this.queues.get(businessId)?.told.delete(roomId));
  }

  onModuleDestroy(): void {
    this.isClosed = true;
    for (const { timer } of this.queues.values()) clearTimeout(timer);
  }

  /** A customer joined its waiting room, and knows nothing of its place yet. */
  joined(businessId: string, roomId: string): void {
    this.queues.get(businessId)?.told.delete(roomId);
    this.moved(businessId);
  }

  /** The queue of a business may be another: it is read, and whose place is another hears so. */
  moved(businessId: string): void {
    if (this.isClosed) return;
    const queue = this.queues.get(businessId) ?? {
      told: new Map<string, QueuePlace>(),
      timer: undefined,
      isReading: false,
      hasMoved: false,
    };
    this.queues.set(businessId, queue);
    queue.hasMoved = true;
    if (!queue.isReading && !queue.timer) void this.tell(businessId, queue);
  }

  /** One reading at a time, then a rest. */
  private async tell(businessId: string, queue: Queue): Promise<void> {
    const began = performance.now();
    Object.assign(queue, { timer: undefined, isReading: true, hasMoved: false });
    try {
      // What one turn told of is one move.
      await new Promise((go) => setImmediate(go));
      this.tellPlaces(queue, await this.queue.places(businessId));
    } catch (error) {
      this.logger.warn({ err: error }, 'a queue could not be read; its next move is told');
    }
    queue.isReading = false;
    if (this.isClosed) return;
    const rest = Math.max(INTERVAL_MS, (performance.now() - began) / SHARE);
    queue.timer = setTimeout(() => {
      if (queue.hasMoved) void this.tell(businessId, queue);
      else if (queue.told.size === 0) this.queues.delete(businessId);
      else queue.timer = undefined;
    }, rest).unref();
  }

  private tellPlaces({ told }: Queue, places: Map<string, QueuePlace>): void {
    // Who waits no more, and comes back, is told anew.
    for (const roomId of told.keys()) if (!places.has(roomId)) told.delete(roomId);
    for (const [roomId, place] of places) {
      const to = customerOf(roomId);
      if (this.server.listeners(to) === 0) told.delete(roomId);
      else if (isNews(told.get(roomId), place)) {
        told.set(roomId, place);
        this.server.io.to(to).emit('queue.moved', { roomId, ...place });
      }
    }
  }
}
