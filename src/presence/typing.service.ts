import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Stream } from '../contract/message.js';
import type { PublicUser } from '../contract/user.js';
import { EventBus } from '../event/event-bus.js';

const EXPIRES_MS = 6_000;

interface Typing {
  roomId: string;
  stream: Stream;
  user: PublicUser;
  timer: NodeJS.Timeout;
}

/** Who is writing right now. A signal: kept in memory, never stored, gone by itself after 6 s. */
@Injectable()
export class TypingService implements OnModuleDestroy {
  private readonly active = new Map<string, Typing>();

  constructor(private readonly events: EventBus) {}

  onModuleDestroy(): void {
    for (const { timer } of this.active.values()) clearTimeout(timer);
    this.active.clear();
  }

  start(user: PublicUser, roomId: string, stream: Stream): void {
    const key = this.key(user.id, roomId, stream);
    const known = this.active.get(key);
    clearTimeout(known?.timer);
    const timer = setTimeout(() => this.stop(user.id, roomId, stream), EXPIRES_MS).unref();
    this.active.set(key, { roomId, stream, user, timer });
    if (!known) this.events.announce('typing.started', { roomId, stream, user });
  }

  /** Does nothing when that person is not writing there. */
  stop(userId: string, roomId: string, stream: Stream): void {
    if (this.active.size === 0) return;
    const key = this.key(userId, roomId, stream);
    const known = this.active.get(key);
    if (!known) return;
    clearTimeout(known.timer);
    this.active.delete(key);
    this.events.announce('typing.stopped', { roomId, stream, user: known.user });
  }

  /** The stream of a room that each of its writers is writing in. */
  in(roomId: string): Map<string, Stream> {
    return new Map([...this.active.values()].filter((typing) => typing.roomId === roomId).map(({ user, stream }) => [user.id, stream]));
  }

  stopAll(userId: string): void {
    for (const { user, roomId, stream } of [...this.active.values()]) if (user.id === userId) this.stop(userId, roomId, stream);
  }

  private key(userId: string, roomId: string, stream: Stream): string {
    return `${userId}:${roomId}:${stream}`;
  }
}
