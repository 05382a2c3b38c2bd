import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Metrics } from '../metrics/metrics.js';
import { ChatServer, type ChatSocket } from './chat-server.js';

const LOOK_MS = 1_000;
/** So many looks in a row without progress: with the time until the first one no more than ten seconds. */
const MOST_LOOKS = 9;
const MOST_BYTES = 1_000_000;
/** Whoever begins to read meanwhile still hears why. */
const FAREWELL_MS = 2_000;

/** The connection under a WebSocket, as far as Node does not say in its types how much of a write is still to go. */
interface Wire {
  readonly _handle?: { readonly writeQueueSize: number } | null;
  readonly _writableState?: { readonly writing: boolean; readonly writelen: number };
}

/** What Engine.IO keeps of packets while its transport takes none; a new list each time that it hands one over. */
interface Outgoing {
  writeBuffer: { data?: string }[];
  readonly readyState: string;
  readonly transport: { socket?: { readonly bufferedAmount: number; readonly _socket?: Wire; terminate(): void } };
  close(isDiscarding: boolean): void;
}

/** Somebody's packets as a look found them, and how often in a row it found them so. */
interface Stall {
  packets: Outgoing['writeBuffer'];
  onWire: number;
  bytes: number;
  looks: number;
}

/** Bytes that were handed over, and that the kernel has not taken. */
const onWireOf = ({ transport: { socket } }: Outgoing): number => {
  const { _handle, _writableState: state } = socket?._socket ?? {};
  const taken = state?.writing && _handle ? state.writelen - _handle.writeQueueSize : 0;
  return (socket?.bufferedAmount ?? 0) - taken;
};

const stallOf = (out: Outgoing, before: Stall | undefined): Stall => {
  const { writeBuffer: packets } = out;
  const onWire = onWireOf(out);
  const bytes = packets.reduce((sum, { data = '' }) => sum + Buffer.byteLength(data), onWire);
  const isStill = before?.packets === packets && before.onWire <= onWire;
  return { packets, onWire, bytes, looks: isStill ? before.looks + 1 : 1 };
};

/**
 * Cuts those that do not read what they are sent: all of it would wait in the memory of this server. They come back when they can,
 * and catch up. What the kernel has taken counts as read. Whoever reads a long answer slowly is let be, as it grows shorter.
 */
@Injectable()
export class SlowReaders implements OnApplicationBootstrap, OnModuleDestroy {
  private stalls = new Map<string, Stall>();
  private lookedAt = performance.now();
  private timer: NodeJS.Timeout | undefined;
  private cuts = 0;

  constructor(
    private readonly server: ChatServer,
    metrics: Metrics,
  ) {
    metrics.from('parley_slow_readers_total', () => this.cuts);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.look(), LOOK_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const now = performance.now();
    const isLate = now - this.lookedAt > 2 * LOOK_MS;
    this.lookedAt = now;
    // It was this server that stood still meanwhile, and handed nothing on: that says nothing of those who read.
    if (isLate) return;
    const before = this.stalls;
    this.stalls = new Map();
    for (const socket of this.server.all()) {
      const out = socket.conn as unknown as Outgoing;
      if (out.writeBuffer.length === 0) continue;
      const known = before.get(socket.id);
      const stall = stallOf(out, known);
      const isGrowing = stall.bytes > MOST_BYTES && known !== undefined && stall.bytes >= known.bytes;
      if (isGrowing || stall.looks > MOST_LOOKS) this.cut(socket, out);
      else this.stalls.set(socket.id, stall);
    }
  }

  private cut(socket: ChatSocket, out: Outgoing): void {
    this.cuts++;
    out.writeBuffer = [];
    socket.emit('session.ended', { reason: 'slow_consumer' });
    socket.disconnect(true);
    setTimeout(() => {
      if (out.readyState === 'closed') return;
      // To close it in order takes a reader.
      out.transport.socket?.terminate();
      out.close(true);
    }, FAREWELL_MS).unref();
  }
}
