import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { PacketType } from 'socket.io-parser';
import { STREAMS, type Message, type Stream } from '../contract/message.js';
import type { DomainEventMap } from '../contract/domain-events.js';
import { MessageService } from '../message/message.service.js';
import { HealthService } from '../health/health.service.js';
import { Metrics } from '../metrics/metrics.js';
import { atMost } from '../time/at-most.js';
import { ChatServer } from './chat-server.js';
import { internalOf, publicOf, roomIdOf, userOf } from './socket-room.js';

const SWEEP_MS = 2_000;
const PAGE = 200;
/** A room that is behind for so long means that listeners are not served. */
const BEHIND_MS = 10_000;
/** How long an ack waits for the entries before it, when they must be read back. */
const PATIENCE_MS = 2_000;

interface Cursor {
  /** The Socket.IO room of those who hear the stream. */
  listeners: string;
  /** The last seq that was sent to the local sockets; undefined until the counters were read. */
  delivered: number | undefined;
  /** The highest seq that was heard of. */
  wanted: number;
  catchingUp: Promise<void> | undefined;
  /** Since when there is more than was sent, by the clock that nobody puts; seen by the sweep and by every reading. */
  behindSince: number | undefined;
}

interface State {
  cursors: Record<Stream, Cursor>;
  started: Promise<void>;
}

const NOBODY = new Set<string>();

const newCursor = (listeners: string): Cursor => ({
  listeners,
  delivered: undefined,
  wanted: 0,
  catchingUp: undefined,
  behindSince: undefined,
});

/**
 * Sends the entries of every room that has local sockets, in the order of their `seq`, each once. A committed row in hand
 * goes out at once when it is the next one; otherwise the missing ones are read. Signals may be lost, doubled or late: the
 * database is the truth, and a sweep looks at it.
 */
@Injectable()
export class RoomPump implements OnModuleDestroy {
  private readonly logger = new Logger(RoomPump.name);
  private readonly rooms = new Map<string, State>();
  private readings = 0;
  private readonly sweeper = setInterval(() => void this.sweep(), SWEEP_MS).unref();

  constructor(
    private readonly server: ChatServer,
    private readonly messages: MessageService,
    metrics: Metrics,
    health: HealthService,
  ) {
    metrics.from('parley_pump_rooms', () => this.rooms.size);
    metrics.from('parley_pump_reads_total', () => this.readings);
    metrics.from('parley_pump_lag_entries', () => this.lag().entries);
    metrics.from('parley_pump_lag_seconds', () => this.lag().ms / 1000);
    health.add('delivery', () => this.lag().ms < BEHIND_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.sweeper);
  }

  /** Forgets a room when its last local socket left. */
  watch(): void {
    this.server.io.of('/').adapter.on('delete-room', (name: string) => {
      const roomId = roomIdOf(name);
      if (roomId !== undefined) this.rooms.delete(roomId);
    });
  }

  /** Starts sending a room's entries to the local sockets that are in its Socket.IO rooms already. Resolves when every later entry is sure to be sent. */
  open(roomId: string): Promise<void> {
    const known = this.rooms.get(roomId);
    if (known) return known.started;
    const cursors = { public: newCursor(publicOf(roomId)), internal: newCursor(internalOf(roomId)) };
    const state: State = { cursors, started: this.start(roomId, cursors) };
    this.rooms.set(roomId, state);
    state.started.catch(() => this.rooms.get(roomId) === state && this.rooms.delete(roomId));
    return state.started;
  }

  /** An entry was committed. */
  ring({ roomId, stream, seq, message }: DomainEventMap['message.created']): void {
    const cursor = this.rooms.get(roomId)?.cursors[stream];
    if (!cursor) return;
    if (message && cursor.delivered === seq - 1 && !cursor.catchingUp) {
      this.send(cursor, message, null);
      cursor.delivered = seq;
      return;
    }
    cursor.wanted = Math.max(cursor.wanted, seq);
    this.catchUp(roomId, stream, cursor);
  }

  /** Resolves when the local sockets of a room were sent everything up to `seq`; undefined when they were already. */
  reached(roomId: string, stream: Stream, seq: number): Promise<unknown> | undefined {
    const cursor = this.rooms.get(roomId)?.cursors[stream];
    if (!cursor || (cursor.delivered ?? 0) >= seq) return undefined;
    cursor.wanted = Math.max(cursor.wanted, seq);
    this.catchUp(roomId, stream, cursor);
    return atMost(PATIENCE_MS, cursor.catchingUp);
  }

  private async start(roomId: string, cursors: State['cursors']): Promise<void> {
    const lastSeqs = await this.messages.lastSeq(roomId);
    for (const stream of STREAMS) {
      const cursor = cursors[stream];
      cursor.delivered = lastSeqs[stream];
      this.catchUp(roomId, stream, cursor);
    }
  }

  private catchUp(roomId: string, stream: Stream, cursor: Cursor): void {
    // Everybody left in the meantime: who joins now has a place of its own.
    if (this.rooms.get(roomId)?.cursors[stream] !== cursor) return;
    if (cursor.catchingUp || cursor.delivered === undefined || cursor.wanted <= cursor.delivered) return;
    cursor.behindSince ??= performance.now();
    cursor.catchingUp = this.readOn(roomId, stream, cursor).then(
      () => {
        cursor.catchingUp = undefined;
        cursor.behindSince = undefined;
        // What was rung for between the last reading and now.
        this.catchUp(roomId, stream, cursor);
      },
      (error: unknown) => {
        cursor.catchingUp = undefined;
        this.logger.warn({ err: error, roomId }, 'entries could not be read; the sweep tries again');
      },
    );
  }

  private async readOn(roomId: string, stream: Stream, cursor: Cursor): Promise<void> {
    while (cursor.wanted > (cursor.delivered ?? 0)) {
      this.readings++;
      const found = await this.messages.follow(roomId, stream, cursor.delivered ?? 0, PAGE);
      if (this.rooms.get(roomId)?.cursors[stream] !== cursor) return;
      if (found.length === 0) cursor.wanted = cursor.delivered ?? 0;
      for (const { entry, target } of found) {
        this.send(cursor, entry, target);
        cursor.delivered = entry.seq;
      }
    }
  }

  /** How many entries the local sockets lack, and for how long the room that is furthest behind has lacked some. */
  private lag(): { entries: number; ms: number } {
    let entries = 0;
    let since = performance.now();
    const now = since;
    for (const { cursors } of this.rooms.values()) {
      for (const { delivered = 0, wanted, behindSince } of [cursors.public, cursors.internal]) {
        if (behindSince === undefined) continue;
        entries += Math.max(0, wanted - delivered);
        since = Math.min(since, behindSince);
      }
    }
    return { entries, ms: now - since };
  }

  /** An edit or deletion is followed by the new state of its message. */
  private send({ listeners }: Cursor, entry: Message, target: Message | null): void {
    const { sender, clientMessageId } = entry;
    this.tell(listeners, 'message.created', entry, sender && clientMessageId ? this.sendersOf(sender.id, clientMessageId) : NOBODY);
    if (target) this.tell(listeners, 'message.updated', target, NOBODY);
  }

  /** The sockets that get an entry as the answer to their own sending. */
  private sendersOf(userId: string, key: string): Set<string> {
    const senders = this.server.socketsIn(userOf(userId)).filter(({ data }) => data.sending?.includes(key));
    return senders.length === 0 ? NOBODY : new Set(senders.map(({ id }) => id));
  }

  /** Goes to the adapter itself: Socket.IO's detour copies each name three times. */
  private tell(listeners: string, name: 'message.created' | 'message.updated', message: Message, except: Set<string>): void {
    const rooms = new Set([listeners]);
    this.server.io.of('/').adapter.broadcast({ type: PacketType.EVENT, data: [name, message], nsp: '/' }, { rooms, except });
  }

  /** Finds what no signal told of. */
  private async sweep(): Promise<void> {
    if (this.rooms.size === 0) return;
    try {
      for (const [roomId, lastSeqs] of await this.messages.lastSeqs([...this.rooms.keys()])) {
        for (const stream of STREAMS) {
          const cursor = this.rooms.get(roomId)?.cursors[stream];
          if (!cursor) continue;
          cursor.wanted = Math.max(cursor.wanted, lastSeqs[stream]);
          this.catchUp(roomId, stream, cursor);
        }
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'the sweep failed');
    }
  }
}
