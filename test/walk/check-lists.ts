import { PRIORITIES, ROOM_STATUSES } from '../../src/contract/room.js';
import { buildView } from '../support/factories.js';
import { oneOf } from '../torture/random.js';
import type { RoomView } from './live-reader.js';
import { firstDifference, isInReach, isWritten, readersOf, same, type Check, type Truth } from './truth.js';
import { WORDS } from './vocabulary.js';
import type { Walker } from './walker.js';
import type { Walk } from './walk.js';

type Filter = Partial<Record<'status' | 'priority' | 'assignee' | 'label' | 'teamId' | 'customerId' | 'q', string>>;

const QUESTIONS = 12;
const URGENCY = [...PRIORITIES].reverse() as string[];

const fits = (by: Walker, room: RoomView, { status, priority, assignee, label, teamId, customerId, q }: Filter): boolean => {
  const holder = assignee === 'me' ? by.person.id : assignee === 'none' ? null : assignee;
  const { name, email, username, externalId } = room.customer;
  const texts = [room.subject, name, email, username, externalId].filter((text) => text != null);
  return (
    (status === undefined || status.split(',').includes(room.status)) &&
    (priority === undefined || priority.split(',').includes(room.priority)) &&
    (holder === undefined || (room.assignee?.id ?? null) === holder) &&
    (label === undefined || room.labels.includes(label)) &&
    (teamId === undefined || room.teamId === teamId) &&
    (customerId === undefined || room.customer.id === customerId) &&
    (q === undefined || texts.some((text) => text.toLowerCase().includes(q)))
  );
};

const someFilter = ({ random }: Walk, { rooms, shop, teams, agents }: Truth): Filter => ({
  ...(random() < 0.4 && { status: ROOM_STATUSES.filter(() => random() < 0.5).join(',') || 'open' }),
  ...(random() < 0.25 && { priority: PRIORITIES.filter(() => random() < 0.5).join(',') || 'high' }),
  ...(random() < 0.35 && { assignee: oneOf(random, ['me', 'none', oneOf(random, agents).id]) }),
  ...(random() < 0.25 && { label: oneOf(random, shop.labels) }),
  ...(random() < 0.25 && { teamId: oneOf(random, teams).id }),
  ...(random() < 0.1 && { customerId: oneOf(random, rooms).customer.id }),
  ...(random() < 0.2 && { q: oneOf(random, WORDS) }),
});

/** Ids in the order that a list is to have. */
const sorted = (truth: Truth, rooms: RoomView[], sort: string, times: Map<string, string>): string[] => {
  const activeAt = ({ id, createdAt }: RoomView): string => {
    const { public: shown = [], internal = [] } = truth.entries.get(id) ?? {};
    return [createdAt, shown.at(-1)?.createdAt ?? '', internal.at(-1)?.createdAt ?? ''].sort().at(-1) as string;
  };
  const rankOf = ({ status, priority }: RoomView): number =>
    (status === 'closed' ? 4 : 0) + (sort === 'priority' ? URGENCY.indexOf(priority) : 0);
  const keyed = rooms.map((room) => ({
    id: room.id,
    key: sort === 'newest' ? `${activeAt(room)} ${room.id}` : `${rankOf(room)} ${times.get(room.id)} ${room.id}`,
  }));
  const ascending = keyed.sort((one, other) => (one.key < other.key ? -1 : 1)).map(({ id }) => id);
  return sort === 'newest' ? ascending.reverse() : ascending;
};

/** Every list is a filter and a sort of all rooms within reach; a saved view counts the same ones. */
export const listsAreRight: Check = async (walk, truth) => {
  const faults: string[] = [];
  const times = await walk.waitingSince(truth.shop);
  for (const by of readersOf(truth)) {
    const reached = truth.rooms.filter((room) => isInReach(truth, by, room));
    if (!by.isStaff) {
      const own = (await walk.pages<RoomView>(by, '/api/rooms', {}, 1)).map(({ id }) => id);
      const shownAt = ({ id, createdAt }: RoomView): string => `${truth.entries.get(id)?.public.at(-1)?.createdAt ?? createdAt} ${id}`;
      const expected = [...reached].sort((one, other) => (shownAt(one) < shownAt(other) ? 1 : -1)).map(({ id }) => id);
      faults.push(...firstDifference(`the rooms of ${by.name}`, own, expected));
      continue;
    }
    for (let question = 0; question < QUESTIONS; question++) {
      const filter = someFilter(walk, truth);
      const sort = oneOf(walk.random, ['newest', 'waiting', 'priority']);
      const limit = oneOf(walk.random, [1, 2, 3, 7, 200]);
      const expected = sorted(
        truth,
        reached.filter((room) => fits(by, room, filter)),
        sort,
        times,
      );
      const what = `${by.name} lists ${JSON.stringify({ ...filter, sort, limit })}`;
      const listed = await walk.pages<RoomView>(by, '/api/rooms', { ...filter, sort }, limit);
      faults.push(
        ...firstDifference(
          what,
          listed.map(({ id }) => id),
          expected,
        ),
      );
      if (question > 2 || filter.customerId !== undefined) continue;
      const view = await walk.get(by, `/api/views/${await buildView(walk.url(), by.person, { filter, sort })}`);
      faults.push(...same(`the view of ${what}`, [view.count, view.missing], [Math.min(100, expected.length), []]));
      const seen = await walk.pages<RoomView>(by, '/api/rooms', { view: view.id }, limit);
      faults.push(
        ...firstDifference(
          `the rooms of the view of ${what}`,
          seen.map(({ id }) => id),
          expected,
        ),
      );
    }
    const count = (fit: Filter): number => Math.min(100, reached.filter((room) => fits(by, room, fit)).length);
    const unclosed = { status: 'open,pending,snoozed' };
    const standard = {
      mine: count({ ...unclosed, assignee: 'me' }),
      unassigned: count({ ...unclosed, assignee: 'none' }),
      queue: count({ status: 'open', assignee: 'none' }),
      all: count(unclosed),
    };
    faults.push(...same(`the counts of ${by.name}`, await walk.get(by, '/api/views/counts'), standard));
  }
  return faults;
};

/** Words are found where they stand, by who reads it, the newest first; and nowhere else. */
export const searchFinds: Check = async (walk, truth) => {
  const faults: string[] = [];
  const all = [...truth.entries.values()].flatMap(({ public: shown, internal }) => [...shown, ...internal]).filter(isWritten);
  const roomOf = new Map(truth.rooms.map((room) => [room.id, room]));
  for (const by of readersOf(truth)) {
    const word = oneOf(walk.random, WORDS);
    const q = oneOf(walk.random, [word, word.slice(0, 5), word.toUpperCase()]);
    const limit = oneOf(walk.random, [2, 5, 200]);
    const hits = all
      .filter((entry) => entry.body?.split(/\W+/).includes(word) && (by.isStaff || entry.stream === 'public'))
      .filter(({ roomId }) => isInReach(truth, by, roomOf.get(roomId) as RoomView))
      .sort((one, other) => (one.id < other.id ? 1 : -1));
    const idsAt = async (path: string, more: Record<string, string> = {}): Promise<string[]> =>
      (await walk.pages<any>(by, path, { q, ...more }, limit)).map(
        ({ message, room, customer }) => (message ?? room ?? customer).id as string,
      );
    const inOne = [...new Set(hits.map(({ roomId }) => roomId))].slice(0, 3);
    for (const roomId of inOne) {
      const expected = hits.filter((entry) => entry.roomId === roomId).map(({ id }) => id);
      faults.push(...firstDifference(`${by.name} finds ${q} in ${roomId}`, await idsAt(`/api/rooms/${roomId}/messages/search`), expected));
    }
    if (!by.isStaff) continue;
    faults.push(
      ...firstDifference(
        `${by.name} finds ${q}`,
        await idsAt('/api/search'),
        hits.map(({ id }) => id),
      ),
    );
    const reached = truth.rooms.filter((room) => isInReach(truth, by, room));
    const rooms = reached.filter((room) => fits(by, room, { q: word }));
    faults.push(
      ...firstDifference(
        `${by.name} finds rooms by ${word}`,
        (await idsAt('/api/search', { in: 'rooms', q: word })).sort(),
        rooms.map(({ id }) => id).sort(),
      ),
    );
    const named = truth.shop.walkers.filter(({ isStaff, state }) => !isStaff && state !== 'erased').map(({ person }) => person.id);
    const customers = new Set(
      (by.role === 'admin' || truth.agentScope === 'all' ? truth.rooms : reached)
        .filter(({ customer }) => named.includes(customer.id) && customer.name?.includes(word))
        .map(({ customer }) => customer.id),
    );
    faults.push(
      ...firstDifference(
        `${by.name} finds customers by ${word}`,
        await idsAt('/api/search', { in: 'customers', q: word }),
        [...customers].sort().reverse(),
      ),
    );
    const mentions = all
      .filter((entry) => entry.mentions.includes(by.person.id) && entry.sender?.id !== by.person.id && entry.deletedAt === null)
      .filter(({ roomId }) => isInReach(truth, by, roomOf.get(roomId) as RoomView))
      .map(({ id }) => id);
    const listed = (await walk.pages<any>(by, '/api/mentions', {}, limit)).map(({ message }) => message.id as string);
    faults.push(...firstDifference(`the mentions of ${by.name}`, listed, mentions.sort().reverse()));
  }
  return faults;
};
