import type { ActivityEntry, Message, Stream } from '../../src/contract/message.js';
import type { AgentUser } from '../../src/contract/user.js';
import type { RoomView } from './live-reader.js';
import type { Walk } from './walk.js';
import type { Shop, Walker } from './walker.js';

/** Everything of a business when nothing moves any more: what each figure and list is computed from. */
export interface Truth {
  shop: Shop;
  admin: Walker;
  rooms: RoomView[];
  entries: Map<string, Record<Stream, Message[]>>;
  agents: AgentUser[];
  teams: { id: string; name: string; agentIds: string[] }[];
  agentScope: 'own' | 'team' | 'all';
  /** In the order of their times, of both streams together. */
  lines: Map<string, ActivityEntry[]>;
}

export type Check = (walk: Walk, truth: Truth) => Promise<string[]> | string[];

export const historyOf = async (walk: Walk, by: Walker, roomId: string, stream: Stream, url = walk.url()): Promise<Message[]> => {
  const entries: Message[] = [];
  for (let hasMore = true; hasMore;) {
    const page = await walk.get(by, `/api/rooms/${roomId}/messages?stream=${stream}&after=${entries.at(-1)?.seq ?? 0}&limit=200`, url);
    entries.push(...page.items);
    hasMore = page.hasMore;
  }
  return entries;
};

const byTime = (one: Message, other: Message): number =>
  one.createdAt === other.createdAt ? (one.id < other.id ? -1 : 1) : one.createdAt < other.createdAt ? -1 : 1;

export const truthOf = async (walk: Walk, shop: Shop): Promise<Truth> => {
  const admin = shop.walkers.find(({ role }) => role === 'admin') as Walker;
  const rooms = await walk.pages<RoomView>(admin, '/api/rooms');
  const entries: Truth['entries'] = new Map();
  for (const { id } of rooms) {
    entries.set(id, { public: await historyOf(walk, admin, id, 'public'), internal: await historyOf(walk, admin, id, 'internal') });
  }
  const isLine = (entry: Message): entry is ActivityEntry => entry.kind === 'activity';
  return {
    ...{ shop, admin, rooms, entries },
    agents: await walk.pages<AgentUser>(admin, '/api/agents'),
    teams: await walk.pages<Truth['teams'][number]>(admin, '/api/teams'),
    agentScope: (await walk.get(admin, '/api/business')).settings.agentScope,
    lines: new Map([...entries].map(([id, { public: shown, internal }]) => [id, [...shown, ...internal].filter(isLine).sort(byTime)])),
  };
};

/** Whether this walker reaches the room now. */
export const isInReach = ({ agentScope, teams }: Truth, walker: Walker, room: RoomView): boolean => {
  if (!walker.isStaff) return room.customer.id === walker.person.id;
  if (walker.role === 'admin' || agentScope === 'all' || room.assignee?.id === walker.person.id) return true;
  const own = teams.filter(({ agentIds }) => agentIds.includes(walker.person.id)).map(({ id }) => id);
  return agentScope === 'team' && own.includes(room.teamId);
};

export const isWritten = ({ kind }: Message): boolean => kind === 'text' || kind === 'image' || kind === 'file';

export const readersOf = ({ shop }: Truth): Walker[] => shop.walkers.filter(({ state }) => state === 'active' || state === 'blocked');

/** The first place in which two lists differ; none when they are the same. */
export const firstDifference = (what: string, is: readonly string[], shouldBe: readonly string[]): string[] => {
  const at = Array.from({ length: Math.max(is.length, shouldBe.length) }).findIndex((_, index) => is[index] !== shouldBe[index]);
  return at < 0 ? [] : [`${what}, at ${at} of ${is.length} (${shouldBe.length}):\n  is        ${is[at]}\n  should be ${shouldBe[at]}`];
};

export const same = (what: string, is: unknown, shouldBe: unknown): string[] =>
  firstDifference(what, [JSON.stringify(is)], [JSON.stringify(shouldBe)]);
