import type { EventBus } from './event-bus.js';
import { Lull } from './lull.js';

describe('Lull', () => {
  let tell: () => void;
  let lull: Lull;

  beforeEach(() => {
    jest.useFakeTimers();
    const events = { onOwn: (_: string, listener: () => void) => (tell = listener) } as unknown as EventBus;
    lull = new Lull(events);
  });
  afterEach(() => {
    lull.onModuleDestroy();
    jest.useRealTimers();
  });

  const second = (messages: number): boolean => {
    for (let i = 0; i < messages; i++) tell();
    jest.advanceTimersByTime(1_000);
    return lull.isNow;
  };

  it('is now on a quiet server, also at the first moment', () => {
    expect(lull.isNow).toBe(true);
    expect(second(499)).toBe(true);
  });

  it('ends with many messages, and comes back when there were fewer for eight seconds', () => {
    expect(second(500)).toBe(false);
    expect(Array.from({ length: 8 }, () => second(10))).toEqual([...Array<boolean>(7).fill(false), true]);
  });

  it('comes for five seconds of each minute that is busy without an end', () => {
    const minutes = Array.from({ length: 180 }, () => second(1_000));
    expect(minutes.filter(Boolean)).toHaveLength(15);
    expect(minutes.indexOf(true)).toBe(54);
  });
});
