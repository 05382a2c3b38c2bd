import { Metrics } from '../metrics/metrics.js';
import type { ChatServer } from './chat-server.js';
import { SlowReaders } from './slow-readers.js';

const SECOND = 1_000;

/** A connection whose packets go out when it is told so. */
class Reader {
  readonly id = crypto.randomUUID();
  readonly heard: unknown[] = [];
  readonly terminate = jest.fn();
  readonly conn = {
    writeBuffer: [] as { data: string }[],
    readyState: 'open',
    transport: { socket: { bufferedAmount: 0, terminate: this.terminate } },
    close: jest.fn(),
  };

  send(data = 'x'): void {
    this.conn.writeBuffer.push({ data });
  }

  read(): void {
    this.conn.writeBuffer = [];
  }

  emit(name: string, payload: unknown): void {
    this.heard.push([name, payload]);
  }

  disconnect(): void {
    this.conn.readyState = 'closing';
  }
}

const WHY = [['session.ended', { reason: 'slow_consumer' }]];

describe('SlowReaders', () => {
  let readers: Reader[];
  let slow: SlowReaders;
  const add = (): Reader => {
    const reader = new Reader();
    readers.push(reader);
    return reader;
  };
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
    readers = [];
    slow = new SlowReaders({ all: () => readers } as unknown as ChatServer, new Metrics());
    slow.onApplicationBootstrap();
  });
  afterEach(() => {
    slow.onModuleDestroy();
    jest.useRealTimers();
  });

  it('cut whoever takes nothing for ten seconds, and nobody who does', () => {
    const [stuck, steady, idle] = [add(), add(), add()];
    stuck.send();
    for (let second = 0; second < 30; second++) {
      steady.read();
      steady.send();
      if (second === 9) expect(stuck.heard).toEqual([]);
      jest.advanceTimersByTime(SECOND);
      if (second === 9) expect(stuck.heard).toEqual(WHY);
      if (second === 9) readers = readers.filter((reader) => reader !== stuck);
    }
    expect([steady.heard, idle.heard]).toEqual([[], []]);
  });

  it('cut whoever has more than a megabyte left that grows no shorter, wherever it waits', () => {
    const [much, little, wide, handed, slow] = [add(), add(), add(), add(), add()];
    much.send('x'.repeat(1_000_001));
    little.send('x'.repeat(999_999));
    wide.send('茶'.repeat(333_334));
    handed.send();
    handed.conn.transport.socket.bufferedAmount = 1_000_000;
    // A long answer over a slow line, with what is told behind it.
    slow.conn.transport.socket.bufferedAmount = 6_000_000;
    for (let second = 1; second <= 20; second++) {
      slow.send();
      jest.advanceTimersByTime(SECOND);
      slow.conn.transport.socket.bufferedAmount -= 300_000;
      if (second === 1) expect(readers.map(({ heard }) => heard)).toEqual([[], [], [], [], []]);
      if (second === 2) {
        expect(readers.map(({ heard }) => heard)).toEqual([WHY, [], WHY, WHY, []]);
        readers = [slow];
      }
    }
    expect(slow.heard).toEqual([]);
    // Nothing but the farewell waits on.
    expect(much.conn.writeBuffer).toEqual([]);
    expect(little.conn.writeBuffer).toHaveLength(1);
  });

  it('X20 blame nobody for what waits because the server itself stood still', () => {
    const reader = add();
    reader.send();
    reader.conn.transport.socket.bufferedAmount = 6_000_000;
    jest.advanceTimersByTime(SECOND);
    // The timers fall due before anything is handed on.
    const { now } = performance;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now.call(performance) + 3 * SECOND);
    jest.advanceTimersByTime(SECOND);
    expect(reader.heard).toEqual([]);
    reader.conn.transport.socket.bufferedAmount -= 1;
    jest.advanceTimersByTime(SECOND);
    expect(reader.heard).toEqual([]);
    jest.advanceTimersByTime(SECOND);
    expect(reader.heard).toEqual(WHY);
    clock.mockRestore();
  });

  it('end the connection of whoever does not take the farewell either', () => {
    const [deaf, hearing] = [add(), add()];
    for (const reader of readers) reader.send('x'.repeat(1_000_001));
    jest.advanceTimersByTime(2 * SECOND);
    readers = [];
    hearing.conn.readyState = 'closed';
    jest.advanceTimersByTime(2 * SECOND);
    expect([deaf, hearing].map(({ terminate }) => terminate.mock.calls.length)).toEqual([1, 0]);
  });
});
