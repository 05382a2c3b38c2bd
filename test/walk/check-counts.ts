import { STREAMS, type Message, type Stream } from '../../src/contract/message.js';
import type { Mark } from '../../src/contract/room.js';
import type { RoomView } from './live-reader.js';
import { isInReach, isWritten, readersOf, same, type Check, type Truth } from './truth.js';
import { keyOf, type Walker } from './walker.js';

const MOST_UNREAD = 100;

/** How far somebody got: by what it marked, and by what it wrote itself. */
const markOf = ({ shop, entries }: Truth, userId: string, roomId: string, stream: Stream): Mark => {
  const own = (entries.get(roomId)?.[stream] ?? [])
    .filter((entry) => isWritten(entry) && entry.sender?.id === userId)
    .map(({ seq }) => seq);
  const answered = shop.marks.get(`${userId} ${roomId} ${stream}`) ?? { deliveredSeq: 0, readSeq: 0 };
  return { userId, deliveredSeq: Math.max(0, answered.deliveredSeq, ...own), readSeq: Math.max(0, answered.readSeq, ...own) };
};

const unreadOf = (truth: Truth, by: Walker, roomId: string): number => {
  const counts = (by.isStaff ? STREAMS : (['public'] as const)).map((stream) => {
    const { readSeq } = markOf(truth, by.person.id, roomId, stream);
    const from = truth.shop.unreadFrom.get(keyOf(by, roomId, stream));
    const position = from === undefined ? readSeq : Math.min(readSeq, from - 1);
    const isUnread = (entry: Message): boolean =>
      isWritten(entry) && entry.seq > position && entry.deletedAt === null && entry.sender?.id !== by.person.id;
    return truth.entries.get(roomId)?.[stream].filter(isUnread).length ?? 0;
  });
  return Math.min(
    MOST_UNREAD,
    counts.reduce((sum, count) => sum + count, 0),
  );
};

/** Who has or had the room, and its customer: whose marks a customer sees. */
const shownTo = ({ lines }: Truth, room: RoomView): Set<string> => {
  const held = (lines.get(room.id) ?? []).flatMap(({ activity }) =>
    'assignee' in activity && activity.assignee ? [activity.assignee.id] : [],
  );
  return new Set([...held, room.customer.id]);
};

const marksOf = (truth: Truth, room: RoomView, stream: Stream, people: Iterable<string>): Mark[] =>
  [...new Set(people)]
    .map((id) => markOf(truth, id, room.id, stream))
    .filter(({ deliveredSeq }) => deliveredSeq > 0)
    .sort((one, other) => (one.userId < other.userId ? -1 : 1));

const isOfKnown = (truth: Truth, { userId }: Mark): boolean =>
  truth.shop.walkers.some(({ person, state }) => person.id === userId && state !== 'erased');

/** What rooms tell of their streams is what is in them, for everybody who reads them. */
export const viewsCount: Check = async (walk, truth) => {
  const faults: string[] = [];
  for (const by of readersOf(truth)) {
    const rooms = await walk.pages<RoomView>(by, '/api/rooms');
    const people = truth.shop.walkers.filter(({ state }) => state !== 'erased').map(({ person }) => person.id);
    for (const room of rooms) {
      const { public: shown = [], internal = [] } = truth.entries.get(room.id) ?? {};
      const known = (marks: Mark[]): Mark[] => marks.filter((mark) => isOfKnown(truth, mark));
      const visible = by.isStaff ? people : people.filter((id) => shownTo(truth, room).has(id));
      const is = {
        ...{ unread: room.unread, lastSeq: room.lastSeq, lastMessage: room.lastMessage?.id ?? null, marks: known(room.marks) },
        ...(by.isStaff && { internalLastSeq: room.internalLastSeq, internalMarks: known(room.internalMarks ?? []) }),
      };
      const shouldBe = {
        ...{ unread: unreadOf(truth, by, room.id), lastSeq: shown.length, lastMessage: shown.findLast(isWritten)?.id ?? null },
        marks: marksOf(truth, room, 'public', visible),
        ...(by.isStaff && { internalLastSeq: internal.length, internalMarks: marksOf(truth, room, 'internal', people) }),
      };
      faults.push(...same(`${by.name} sees ${room.id}`, is, shouldBe));
    }
    const own = rooms.filter((room) => room.status !== 'closed' && [room.customer.id, room.assignee?.id].includes(by.person.id));
    const counts = own.map(({ id }) => unreadOf(truth, by, id)).filter((count) => count > 0);
    const totals = { rooms: counts.length, messages: counts.reduce((sum, count) => sum + count, 0) };
    faults.push(...same(`what ${by.name} has not read`, await walk.get(by, '/api/rooms/unread'), totals));
  }
  return faults;
};

/** Places in the queue follow from who waits since when; the loads of agents are the rooms that they hold. */
export const queueAndLoads: Check = async (walk, truth) => {
  const faults: string[] = [];
  const waiting = truth.rooms.filter(({ status, assignee }) => status === 'open' && assignee === null);
  const times = await walk.waitingSince(truth.shop);
  const order = waiting.map(({ id }) => id).sort((one, other) => (`${times.get(one)} ${one}` < `${times.get(other)} ${other}` ? -1 : 1));
  for (const by of readersOf(truth)) {
    for (const room of await walk.pages<RoomView>(by, '/api/rooms')) {
      const at = order.indexOf(room.id);
      faults.push(...same(`the place of ${room.id} for ${by.name}`, room.queuePosition, at < 0 ? null : at + 1));
      if (!isInReach(truth, by, room)) faults.push(`${by.name} is shown ${room.id}`);
    }
  }
  for (const { id, name, load } of truth.agents) {
    const held = truth.rooms.filter(({ status, assignee }) => status !== 'closed' && assignee?.id === id).length;
    faults.push(...same(`the load of ${name}`, load, held));
  }
  return faults;
};

/** Nobody whose capacity was never changed held more than it, at any moment. */
export const capacityHolds: Check = (_, { shop, lines }) => {
  const moves: { at: string; agent: string; by: number }[] = [];
  for (const ofRoom of lines.values()) {
    let holder: string | null = null;
    let isOpen = true;
    for (const { activity, createdAt: at } of ofRoom) {
      const before: string | null = isOpen ? holder : null;
      if (activity.type === 'closed' || activity.type === 'ended') isOpen = false;
      else if (activity.type === 'reopened') isOpen = true;
      if ('assignee' in activity) holder = activity.assignee?.id ?? null;
      const after: string | null = isOpen ? holder : null;
      if (before === after) continue;
      if (before !== null) moves.push({ at, agent: before, by: -1 });
      if (after !== null) moves.push({ at, agent: after, by: 1 });
    }
  }
  // What was given away in the same millisecond was given away first.
  moves.sort((one, other) => (one.at === other.at ? one.by - other.by : one.at < other.at ? -1 : 1));
  return shop.walkers.flatMap(({ name, person, capacity }) => {
    if (capacity == null) return [];
    let held = 0;
    const over = moves.filter(({ agent }) => agent === person.id).find(({ by }) => (held += by) > capacity);
    return over ? [`${name} had more than ${capacity} rooms at ${over.at}`] : [];
  });
};
