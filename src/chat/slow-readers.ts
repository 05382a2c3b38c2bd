import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Metrics } from '../metrics/metrics.js';
import { ChatServer, type ChatSocket } from './chat-server.js';

const LOOK_MS = 1_000;
/** With the time until a look, no more than ten seconds. */
const MOST_MS = 9_000;
const MOST_BYTES = 1_000_000;
/** Whoever begins to read meanwhile still hears why. */
const FAREWELL_MS = 2_000;

/** What Engine.IO keeps of packets while its transport takes none; a new list each time that it hands one over. */
interface Outgoing {
  writeBuffer: { data?: string }[];
  readonly readyState: string;
  readonly transport: { socket?: { readonly bufferedAmount: number; terminate(): void } };
  close(isDiscarding: boolean): void;
}

const bytesOf = ({ writeBuffer, transport }: Outgoing): number =>
  writeBuffer.reduce((sum, { data }) => sum + (data?.length ?? 0), transport.socket?.bufferedAmount ?? 0);

interface Stall {
  packets: Outgoing['writeBuffer'];
  since: number;
}

/**
 * Cuts those that do not read what they are sent: all of it would wait in the memory of this server. They come back when they can,
 * and catch up. What was handed to the kernel counts as read.
 */
@Injectable()
export class SlowReaders implements OnApplicationBootstrap, OnModuleDestroy {
  private stalls = new Map<string, Stall>();
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
    const before = this.stalls;
    this.stalls = new Map();
    const now = Date.now();
    for (const socket of this.server.all()) {
      const out = socket.conn as unknown as Outgoing;
      if (out.writeBuffer.length === 0) continue;
      const known = before.get(socket.id);
      const stall = known?.packets === out.writeBuffer ? known : { packets: out.writeBuffer, since: now };
      if (now - stall.since >= MOST_MS || bytesOf(out) > MOST_BYTES) this.cut(socket, out);
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
