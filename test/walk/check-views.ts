import { isDeepStrictEqual } from 'node:util';
import { until, unsigned } from '../support/factories.js';
import { comparableRoom } from '../support/copy.js';
import type { RoomView } from './live-reader.js';
import { readersOf, same, type Check } from './truth.js';
import type { Walker } from './walker.js';

/** Without what no event tells of a closed room: how its people, and their labels, are called since. */
const comparable = (rooms: RoomView[]): unknown[] =>
  rooms
    .map((room) => {
      const { customer, ...view } = comparableRoom(room) as RoomView;
      const marks = [...view.marks].sort((one, other) => (one.userId < other.userId ? -1 : 1));
      return {
        ...view,
        marks,
        lastMessage: view.lastMessage && { ...view.lastMessage, sender: null },
        ...(view.status !== 'closed' ? { customer } : { labels: [] }),
        aiEnabled: null,
      } as RoomView;
    })
    .sort((one, other) => (one.id < other.id ? -1 : 1))
    .map((room) => unsigned(room));

/** What events told of rooms is what is fetched. */
export const viewsAreFollowed: Check = async (walk, truth) => {
  const held = (by: Walker): RoomView[] =>
    [...(by.reader?.views.values() ?? [])].filter((room) => by.isStaff || by.reader?.logs.has(room.id));
  const fetched = async (by: Walker): Promise<RoomView[]> =>
    (await walk.pages<RoomView>(by, '/api/rooms')).filter(({ id }) => by.isStaff || by.reader?.logs.has(id));
  const faults: string[] = [];
  for (const by of readersOf(truth)) {
    if (!by.reader) continue;
    const rooms = await until(
      () => fetched(by),
      (now) => isDeepStrictEqual(comparable(held(by)), comparable(now)),
      6_000,
    );
    const [is, shouldBe] = [comparable(held(by)), comparable(rooms)] as [RoomView[], RoomView[]];
    faults.push(
      ...same(
        `which rooms ${by.name} follows`,
        is.map(({ id }) => id),
        shouldBe.map(({ id }) => id),
      ),
    );
    for (const room of shouldBe) {
      const known = is.find(({ id }) => id === room.id);
      for (const field of Object.keys(room)) {
        if (known && !isDeepStrictEqual(known[field], room[field]))
          faults.push(...same(`${by.name} follows ${room.id} ${field}`, known[field], room[field]));
      }
    }
  }
  return faults;
};
