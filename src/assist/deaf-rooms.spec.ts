import { DeafRooms } from './deaf-rooms.js';

describe('rooms in which the machine answers nobody', () => {
  it('are remembered for seconds, or until they are told to be others', () => {
    const deaf = new DeafRooms();
    deaf.add(['a', 'b', 'c'], 1_000);
    expect(['a', 'b', 'd'].map((id) => deaf.has(id, 5_999))).toEqual([true, true, false]);
    expect(deaf.has('a', 6_000)).toBe(false);
    deaf.forget('b');
    expect(deaf.has('b', 2_000)).toBe(false);
    deaf.forgetAll();
    expect(deaf.has('c', 2_000)).toBe(false);
  });

  it('are never more than a server can hold', () => {
    const deaf = new DeafRooms();
    deaf.add(
      Array.from({ length: 20_001 }, (_, n) => `room ${n}`),
      1_000,
    );
    deaf.add(['a'], 1_000);
    expect([deaf.has('room 7', 1_000), deaf.has('a', 1_000)]).toEqual([false, true]);
  });
});
