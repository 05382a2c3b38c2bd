import type { Message, Sender, Stream } from '../../src/contract/message.js';
import type { Presence } from '../../src/contract/presence.js';
import type { Mark, MarkedEvent, MemberEvent, RemovedEvent, TypingEvent } from '../../src/contract/room.js';
import type { AgentUser } from '../../src/contract/user.js';
import { unsigned, type Person } from './factories.js';
import { rest } from './rest.js';

type RoomView = Record<string, any> & { id: string; marks: Mark[]; internalMarks?: Mark[] };

/** What a client keeps of one conversation, and of its surroundings. */
export interface Copy {
  roomId: string;
  rooms: Record<string, RoomView>;
  entries: Record<Stream, Message[]>;
  /** Whom staff see in the list of agents; a customer keeps the presence of those it hears of. */
  agents: Record<string, Partial<AgentUser>>;
  /** People that write, as `person:stream`. */
  typing: string[];
  members: string[];
}

interface News {
  event: string;
  payload: any;
}

const byUser = (left: Mark, right: Mark): number => (left.userId < right.userId ? -1 : 1);

/** Marks never move back, so the further one is the newer one, whichever was heard last. */
const further = (marks: Mark[], others: Mark[]): Mark[] => {
  const found = new Map(marks.map((mark) => [mark.userId, mark]));
  for (const mark of others) {
    const known = found.get(mark.userId);
    const { userId } = mark;
    const deliveredSeq = Math.max(mark.deliveredSeq, known?.deliveredSeq ?? 0);
    found.set(userId, { userId, deliveredSeq, readSeq: Math.max(mark.readSeq, known?.readSeq ?? 0) });
  }
  return [...found.values()].sort(byUser);
};

/** The load of agents is the rooms that they hold, and staff are told of all of these. */
const withLoads = ({ agents, ...copy }: Copy): Copy => {
  const held = Object.values(copy.rooms).filter(({ status }) => status !== 'closed');
  const loadOf = (agentId: string): number => held.filter(({ assignee }) => assignee?.id === agentId).length;
  return { ...copy, agents: Object.fromEntries(Object.entries(agents).map(([id, agent]) => [id, { ...agent, load: loadOf(id) }])) };
};

/** A room says how its people are called now; entries name them, too. */
const withNames = (copy: Copy, { customer, assignee }: RoomView): Copy => {
  const nowOf = (person: Sender | null): Sender | null => {
    const known = person && [customer, assignee].find((one: Sender | null) => one?.id === person.id);
    return known ? { id: known.id, role: known.role, name: known.name, avatarUrl: known.avatarUrl } : person;
  };
  const named = (entry: Message): Message => {
    const sender = nowOf(entry.sender);
    if (!entry.activity) return { ...entry, sender } as Message;
    const { actor, ...activity } = entry.activity;
    const assignee = 'assignee' in activity && { assignee: nowOf(activity.assignee) };
    return { ...entry, activity: { ...activity, actor: nowOf(actor), ...assignee } };
  };
  const { internal, public: shown } = copy.entries;
  return { ...copy, entries: { public: shown.map(named), internal: internal.map(named) } };
};

const withRoom = (copy: Copy, room: RoomView): Copy => {
  const known = copy.rooms[room.id];
  const internalMarks = room.internalMarks && { internalMarks: further(room.internalMarks, known?.internalMarks ?? []) };
  const merged = { ...known, ...room, marks: further(room.marks, known?.marks ?? []), ...internalMarks };
  return withLoads({ ...withNames(copy, room), rooms: { ...copy.rooms, [room.id]: merged } });
};

const withoutRoom = (copy: Copy, { roomId }: RemovedEvent): Copy => {
  const { [roomId]: _, ...rooms } = copy.rooms;
  return withLoads({ ...copy, rooms });
};

/** Each number once. An entry of somebody else may be heard before the ack of a lower one of one's own. */
const withEntry = (copy: Copy, entry: Message): Copy => {
  const known = copy.entries[entry.stream];
  if (entry.roomId !== copy.roomId || known.some(({ seq }) => seq === entry.seq)) return copy;
  const entries = [...known, entry].sort((left, right) => left.seq - right.seq);
  return { ...copy, entries: { ...copy.entries, [entry.stream]: entries } };
};

/** The new state of a message. With a deletion its edits lose their words too. */
const withTarget = (copy: Copy, target: Message): Copy => {
  const { deletedAt } = target;
  const entries = copy.entries[target.stream].map((entry): Message => {
    if (entry.seq === target.seq) return target;
    const isGone = deletedAt !== null && entry.kind === 'edit' && entry.targetSeq === target.seq;
    return isGone ? { ...entry, body: null, deletedAt } : entry;
  });
  return { ...copy, entries: { ...copy.entries, [target.stream]: entries } };
};

const withMark = (copy: Copy, { roomId, stream, ...mark }: MarkedEvent): Copy => {
  const room = copy.rooms[roomId];
  if (!room) return copy;
  const field = stream === 'public' ? 'marks' : 'internalMarks';
  return { ...copy, rooms: { ...copy.rooms, [roomId]: { ...room, [field]: further(room[field] ?? [], [mark]) } } };
};

const withPresence = (copy: Copy, { userId, status, lastSeenAt }: Presence): Copy => ({
  ...copy,
  agents: { ...copy.agents, [userId]: { ...copy.agents[userId], presence: status, lastSeenAt } },
});

const typist = ({ user, stream }: TypingEvent): string => `${user.id}:${stream}`;
const without = (list: string[], one: string): string[] => list.filter((other) => other !== one);

const FOLDS: Record<string, (copy: Copy, payload: any) => Copy> = {
  'message.created': withEntry,
  'message.updated': withTarget,
  'room.created': withRoom,
  'room.updated': withRoom,
  'room.removed': withoutRoom,
  'room.marked': withMark,
  'room.member_joined': (copy, { user }: MemberEvent) => ({ ...copy, members: [...without(copy.members, user.id), user.id].sort() }),
  'room.member_left': (copy, { user }: MemberEvent) => ({ ...copy, members: without(copy.members, user.id) }),
  'typing.started': (copy, typing: TypingEvent) => ({ ...copy, typing: [...without(copy.typing, typist(typing)), typist(typing)].sort() }),
  'typing.stopped': (copy, typing: TypingEvent) => ({ ...copy, typing: without(copy.typing, typist(typing)) }),
  'presence.changed': withPresence,
};

export const fold = (copy: Copy, { event, payload }: News): Copy => FOLDS[event]?.(copy, payload) ?? copy;

/** Without what no event tells of: what depends on the reader, and when people were seen. */
export const comparableRoom = ({ unread: _, queuePosition: __, customer, assignee, ...room }: RoomView): unknown => {
  const { presence: _1, lastSeenAt: _2, ...person } = customer;
  return { ...room, customer: person, assignee: assignee?.id ?? null };
};

export const comparable = ({ roomId, entries, rooms, agents }: Copy): unknown =>
  unsigned({
    roomId,
    entries,
    rooms: Object.fromEntries(Object.entries(rooms).map(([id, room]) => [id, comparableRoom(room)])),
    // Of the list of agents, events tell the presence and, by the rooms, the load. A customer has no such list.
    agents: Object.values(agents).flatMap(({ role, id, presence, load }) => (role ? [{ id, presence, load }] : [])),
  });

const byId = <T extends { id: string }>(items: T[]): Record<string, T> => Object.fromEntries(items.map((item) => [item.id, item]));

/** All of it as REST tells it now. */
export const fetchCopy = async (url: string, { token }: Person, roomId: string, isStaff: boolean): Promise<Copy> => {
  const get = async (path: string): Promise<any> => {
    const { status, body } = await rest(url, 'GET', path, { token });
    if (status !== 200) throw new Error(`${path}: ${JSON.stringify(body)}`);
    return body.items;
  };
  const history = (stream: Stream): Promise<Message[]> => get(`/api/rooms/${roomId}/messages?stream=${stream}&after=0&limit=200`);
  return {
    roomId,
    rooms: byId(await get('/api/rooms?limit=200')),
    entries: { public: await history('public'), internal: isStaff ? await history('internal') : [] },
    agents: isStaff ? byId(await get('/api/agents?limit=200')) : {},
    typing: [],
    members: [],
  };
};
