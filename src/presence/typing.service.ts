import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Stream } from '../contract/message.js';
import type { TypingEvent } from '../contract/room.js';
import type { PublicUser } from '../contract/user.js';
import { EventBus } from '../event/event-bus.js';

const EXPIRES_MS = 6_000;

interface Active {
  typing: TypingEvent;
  timer: NodeJS.Timeout;
}

const keyOf = (userId: string, roomId: string, stream: Stream): string => `${userId}:${roomId}:${stream}`;
const keyFor = ({ user, roomId, stream }: TypingEvent): string => keyOf(user.id, roomId, stream);

/** Who is writing right now. A signal: kept in memory, never stored, gone by itself after 6 s. */
@Injectable()
export class TypingService implements OnModuleDestroy {
  /** Those who said so on this server. */
  private readonly active = new Map<string, Active>();
  /** Those of other servers, by server. They end there, or with that server. */
  private readonly elsewhere = new Map<string, Map<string, TypingEvent>>();

  constructor(private readonly events: EventBus) {
    events.on('typing.started', (typing, from) => from !== null && this.known(from).set(keyFor(typing), typing));
    events.on('typing.stopped', (typing, from) => from !== null && this.known(from).delete(keyFor(typing)));
    events.on('typing.listed', ({ typing }, from) => from !== null && this.replace(from, typing));
    events.on('node.left', ({ nodeId }) => {
      this.replace(nodeId, []);
      this.elsewhere.delete(nodeId);
    });
    events.on('news.asked', () => events.announce('typing.listed', { typing: this.here }));
  }

  onModuleDestroy(): void {
    for (const { timer } of this.active.values()) clearTimeout(timer);
    this.active.clear();
  }

  start(user: PublicUser, roomId: string, stream: Stream): void {
    const key = keyOf(user.id, roomId, stream);
    const known = this.active.get(key);
    clearTimeout(known?.timer);
    const timer = setTimeout(() => this.stop(user.id, roomId, stream), EXPIRES_MS).unref();
    const typing = { roomId, stream, user };
    this.active.set(key, { typing, timer });
    if (!known) this.events.announce('typing.started', typing);
  }

  /** Does nothing when that person is not writing there, as far as this server was told. */
  stop(userId: string, roomId: string, stream: Stream): void {
    if (this.active.size === 0) return;
    const key = keyOf(userId, roomId, stream);
    const known = this.active.get(key);
    if (!known) return;
    clearTimeout(known.timer);
    this.active.delete(key);
    this.events.announce('typing.stopped', known.typing);
  }

  /** Who is writing in a room, on whichever server. */
  in(roomId: string): TypingEvent[] {
    const elsewhere = [...this.elsewhere.values()].flatMap((typing) => [...typing.values()]);
    return [...this.here, ...elsewhere].filter((one) => one.roomId === roomId);
  }

  stopAll(userId: string): void {
    for (const { user, roomId, stream } of this.here) if (user.id === userId) this.stop(userId, roomId, stream);
  }

  private get here(): TypingEvent[] {
    return [...this.active.values()].map(({ typing }) => typing);
  }

  private known(server: string): Map<string, TypingEvent> {
    const known = this.elsewhere.get(server) ?? new Map<string, TypingEvent>();
    this.elsewhere.set(server, known);
    return known;
  }

  /** What another server has said of all who are writing there, in place of what was known; sockets hear of the difference. */
  private replace(server: string, typing: TypingEvent[]): void {
    const known = this.known(server);
    const listed = new Set(typing.map((one) => keyFor(one)));
    for (const [key, one] of [...known]) if (!listed.has(key)) this.events.tell('typing.stopped', one, server);
    for (const one of typing) if (!known.has(keyFor(one))) this.events.tell('typing.started', one, server);
  }
}
