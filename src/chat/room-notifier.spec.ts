import type { Mark } from '../contract/room.js';
import type { RoomPresenter } from '../room/room.presenter.js';
import type { ChatServer } from './chat-server.js';
import { RecentMarks } from './recent-marks.js';
import { RoomNotifier } from './room-notifier.js';
import { customerOf, everyRoomOf, staffOf } from './socket-room.js';

interface Told {
  at: number;
  to: string;
  event: string;
  roomId: string;
  marks: Mark[];
}

/** As they are read. */
const MARKS = { marks: [{ userId: 'gwen', deliveredSeq: 2, readSeq: 1 }], internalMarks: [] };

const ROOMS = Array.from({ length: 50 }, (_, n) => `room-${n}`);

describe('RoomNotifier', () => {
  let told: Told[];
  let staff: number;
  let isDown: boolean;
  /** How long it takes. */
  let reading: Promise<void> | undefined;
  let notifier: RoomNotifier;
  let marks: RecentMarks;

  beforeEach(() => {
    jest.useFakeTimers({ now: 1_000_000 });
    told = [];
    isDown = false;
    reading = undefined;
    const to = (names: string | string[]): object => ({
      emit: (event: string, { id, marks }: { id: string; marks: Mark[] }) =>
        told.push({ at: Date.now(), to: [names].flat().join(), event, roomId: id, marks }),
    });
    const server = { io: { to }, listeners: (name: string) => (name === staffOf('b') ? staff : 1) } as unknown as ChatServer;
    const presenter = {
      forEvents: async (ids: string[]) => {
        await reading;
        if (isDown) throw new Error('away');
        return ids.map((id) => ({ staff: { id, assignee: null, teamId: null, ...MARKS }, customer: { id, marks: MARKS.marks } }));
      },
    } as unknown as RoomPresenter;
    marks = new RecentMarks();
    notifier = new RoomNotifier(server, presenter, marks);
  });
  afterEach(() => {
    notifier.onModuleDestroy();
    jest.useRealTimers();
  });

  const talk = async (rooms: string[], seconds: number): Promise<void> => {
    for (let ms = 0; ms < seconds * 1000; ms += 20) {
      for (const roomId of rooms) notifier.talked('b', roomId, true);
      await jest.advanceTimersByTimeAsync(20);
    }
  };
  const timesOf = (to: string, roomId: string): number[] =>
    told.filter((one) => one.to === to && one.roomId === roomId).map(({ at }) => at);
  const longestGap = (times: number[]): number => Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? 0)));
  const shortestGap = (times: number[]): number => Math.min(...times.slice(1).map((at, index) => at - (times[index] ?? 0)));

  it('tells what is due when its timer goes off, by a clock that counts parts of milliseconds as well', async () => {
    staff = 1;
    const { now } = performance;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now.call(performance) + 0.6);
    await talk(ROOMS.slice(0, 1), 20);
    clock.mockRestore();
    expect(longestGap(timesOf(everyRoomOf('b'), 'room-0'))).toBeLessThanOrEqual(1_200);
  });

  it.each([
    ['few staff', 2, 1_800],
    ['much staff', 50, 4_000],
    ['more staff than the budget of a moment', 2_000, 5_500],
  ])('tells staff and customer of each of 50 busy rooms, and none twice within a second: %s', async (_, howMany, within) => {
    staff = howMany;
    await talk(ROOMS, 20);
    for (const roomId of ROOMS) {
      for (const place of [everyRoomOf('b'), customerOf(roomId)]) {
        const times = timesOf(place, roomId);
        expect(times.length).toBeGreaterThan(2);
        expect(longestGap(times)).toBeLessThanOrEqual(within);
        expect(shortestGap(times)).toBeGreaterThanOrEqual(1_000);
      }
    }
  });

  it('spreads what it sends for talk evenly', async () => {
    staff = 50;
    await talk(ROOMS, 5);
    told = [];
    await talk(ROOMS, 10);
    const sends = new Map<number, number>();
    for (const { at, to } of told)
      sends.set(Math.floor(at / 200), (sends.get(Math.floor(at / 200)) ?? 0) + (to === staffOf('b') ? staff : 1));
    expect(Math.max(...sends.values())).toBeLessThanOrEqual(500);
  });

  it('tells of a new or changed room at once, however much is talked elsewhere', async () => {
    staff = 2_000;
    await talk(ROOMS, 3);
    notifier.created('b', 'new');
    notifier.changed('b', 'room-7', true);
    await talk(ROOMS, 0.3);
    const now = Date.now();
    expect(told.find(({ roomId }) => roomId === 'new')?.event).toBe('room.created');
    for (const place of [everyRoomOf('b'), customerOf('room-7')]) expect(timesOf(place, 'room-7').at(-1)).toBeGreaterThan(now - 320);
  });

  it('sends nothing that was read before somebody lost the room, and what is so now instead', async () => {
    staff = 2;
    reading = new Promise((done) => setTimeout(done, 100));
    notifier.created('b', 'given');
    notifier.created('b', 'kept');
    await jest.advanceTimersByTimeAsync(50);
    notifier.lost('given');
    reading = new Promise((done) => setTimeout(done, 100));
    await jest.advanceTimersByTimeAsync(60);
    expect(told.map(({ roomId }) => roomId)).toEqual(['kept']);
    await jest.advanceTimersByTimeAsync(300);
    expect(told.map(({ event, roomId }) => [event, roomId])).toEqual([
      ['room.created', 'kept'],
      ['room.created', 'given'],
    ]);
  });

  it('sends no marks that are behind those that were told during the reading', async () => {
    staff = 2;
    reading = new Promise((done) => setTimeout(done, 100));
    notifier.changed('b', 'read', true);
    await jest.advanceTimersByTimeAsync(50);
    marks.note({ roomId: 'read', stream: 'public', userId: 'gwen', deliveredSeq: 2, readSeq: 2, isCustomerVisible: true });
    await jest.advanceTimersByTimeAsync(100);
    expect(told.map((one) => one.marks)).toEqual(Array(2).fill([{ userId: 'gwen', deliveredSeq: 2, readSeq: 2 }]));
  });

  it('has a room read again for a socket that was told of it meanwhile, and not without end', async () => {
    staff = 2;
    let times = 0;
    const slowly = (): Promise<number> => new Promise((done) => setTimeout(() => done(++times), 50));
    const quiet = notifier.readFor('room', slowly);
    await jest.advanceTimersByTimeAsync(50);
    expect(await quiet).toBe(1);
    notifier.changed('b', 'other', true);
    notifier.changed('b', 'room', true);
    const told = notifier.readFor('room', slowly);
    await jest.advanceTimersByTimeAsync(100);
    expect(await told).toBe(3);
    const busy = notifier.readFor('room', () => {
      notifier.changed('b', 'room', true);
      return slowly();
    });
    await jest.advanceTimersByTimeAsync(300);
    expect(await busy).toBe(6);
  });

  it('tries again when the rooms cannot be read, and loses none', async () => {
    staff = 2;
    isDown = true;
    notifier.created('b', 'new');
    await jest.advanceTimersByTimeAsync(900);
    expect(told).toEqual([]);
    isDown = false;
    await jest.advanceTimersByTimeAsync(1_500);
    expect(told.map(({ event, roomId }) => [event, roomId])).toEqual([['room.created', 'new']]);
  });
});
