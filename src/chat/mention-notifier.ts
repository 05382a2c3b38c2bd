import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { reaches } from '../access/permissions.js';
import { UserService } from '../business/user.service.js';
import type { MentionEvent } from '../contract/mention.js';
import { EventBus } from '../event/event-bus.js';
import { MentionService, type Named } from '../message/mention.service.js';
import { RoomService } from '../room/room.service.js';
import { ChatServer } from './chat-server.js';
import { userOf } from './socket-room.js';

const SWEEP_MS = 2_000;
/** Longer than a sweep that failed and the longest transaction: what committed late is found all the same. */
const RECENT_SECONDS = 30;

const keyOf = ({ userId, messageId }: Named): string => `${userId} ${messageId}`;

/**
 * Tells agents on this node that somebody named them: at once for what this node stored, and by a sweep for what another
 * one did. Each is told once, whoever stored the message.
 */
@Injectable()
export class MentionNotifier implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(MentionNotifier.name);
  /** What was recent at the last look. */
  private known = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private isDueAgain = false;

  constructor(
    private readonly server: ChatServer,
    private readonly mentions: MentionService,
    private readonly users: UserService,
    private readonly rooms: RoomService,
    events: EventBus,
  ) {
    events.on('message.created', ({ message }) => {
      if (message?.mentions.length) this.look();
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    // What was said before this node was up is in the list.
    this.known = new Set((await this.mentions.recent(RECENT_SECONDS)).map(keyOf));
    this.timer = setInterval(() => this.look(), SWEEP_MS).unref();
  }

  onModuleDestroy(): Promise<void> | undefined {
    clearInterval(this.timer);
    this.isDueAgain = false;
    return this.looking;
  }

  private look(): void {
    if (this.looking) {
      this.isDueAgain = true;
      return;
    }
    this.looking = this.tell()
      .catch((error: unknown) => this.logger.warn({ err: error }, 'mentions could not be read; the sweep tries again'))
      .finally(() => {
        this.looking = undefined;
        if (!this.isDueAgain) return;
        this.isDueAgain = false;
        this.look();
      });
  }

  private async tell(): Promise<void> {
    const recent = await this.mentions.recent(RECENT_SECONDS);
    const fresh = recent.filter((named) => !this.known.has(keyOf(named)));
    const present = fresh.filter(({ userId }) => this.server.listeners(userOf(userId)) > 0);
    if (present.length > 0) await this.tellEach(present);
    this.known = new Set(recent.map(keyOf));
  }

  private async tellEach(present: Named[]): Promise<void> {
    const [events, rooms, reached] = await Promise.all([
      this.mentions.forEvents(present),
      this.rooms.factsOf([...new Set(present.map(({ roomId }) => roomId))]),
      this.users.reachesOf([...new Set(present.map(({ userId }) => userId))]),
    ]);
    for (const { userId, messageId, roomId } of present) {
      const [event, room, reach] = [events.get(messageId), rooms.get(roomId), reached.get(userId)];
      if (event && room && reach) this.send(userId, event, (actor) => reaches({ ...actor, ...reach }, room));
    }
  }

  private send(userId: string, event: MentionEvent, mayRead: (actor: Parameters<typeof reaches>[0]) => boolean): void {
    for (const socket of this.server.socketsIn(userOf(userId))) {
      const { actor } = socket.data;
      if (actor && mayRead(actor)) socket.emit('mention.created', event);
    }
  }
}
