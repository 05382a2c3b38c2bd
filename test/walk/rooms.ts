import { PRIORITIES, ROOM_STATUSES } from '../../src/contract/room.js';
import { oneOf } from '../torture/random.js';
import { able, agentsOf, maybe, someRoom, staffer, toRoom, type Deed, type Payload } from './picks.js';
import { HUSH, sentence } from './vocabulary.js';
import type { Shop } from './walker.js';
import type { Walk } from './walk.js';

const MINUTE_MS = 60_000;

export const updateOf = ({ random }: Walk, shop: Shop): Payload => {
  const change = Math.floor(random() * 8);
  const agent = oneOf(random, agentsOf(shop));
  if (change === 0) return { subject: maybe(random, 0.8, () => sentence(random)) ?? null };
  if (change === 1) return { priority: oneOf(random, PRIORITIES) };
  if (change === 2) return { status: oneOf(random, ROOM_STATUSES.slice(0, 2)) };
  if (change === 3) return { labels: shop.labels.filter(() => random() < 0.4) };
  if (change === 4) {
    const inMs = random() < 0.5 ? 1_000 + random() * 3_000 : 60 * MINUTE_MS;
    return { snoozedUntil: new Date(Date.now() + inMs).toISOString(), ...(random() < 0.5 && { status: 'snoozed' }) };
  }
  if (change === 5)
    return { overrides: { language: oneOf(random, ['pt-BR', 'de', null]), routingMode: oneOf(random, ['auto', 'pool', null, null]) } };
  if (change === 6) return { overrides: { pinnedAgentId: random() < 0.5 ? agent.person.id : null } };
  return { priority: oneOf(random, PRIORITIES), subject: sentence(random), snoozedUntil: null };
};

export const bulk: Deed = (walk, shop) => {
  const by = staffer(walk, shop);
  if (!by) return undefined;
  const { random } = walk;
  const roomIds = [...new Set(Array.from({ length: 3 }, () => someRoom(walk, shop)))];
  const action = oneOf(random, ['assign', 'label', 'unlabel', 'close'] as const);
  const agentId = random() < 0.6 ? oneOf(random, agentsOf(shop)).person.id : null;
  const more = action === 'assign' ? { agentId } : action === 'close' ? {} : { labels: [oneOf(random, shop.labels)] };
  return walk.act(by, 'room.bulk', { roomIds, action, ...more });
};

export const transfer = toRoom('room.transfer', ({ random }, shop, by) => ({
  ...(random() < 0.5 ? { agentId: oneOf(random, agentsOf(shop)).person.id } : { teamId: oneOf(random, shop.teams).id }),
  ...(random() < 0.5 && { note: sentence(random, by.word, HUSH) }),
}));

export const rush: Deed = (walk, shop) => {
  const roomId = someRoom(walk, shop);
  const free = able(agentsOf(shop)).filter((walker) => !walk.busy.has(walker));
  const door = oneOf(walk.random, ['room.claim', 'room.close', 'room.reopen', 'room.claim']);
  return Promise.all(free.map((by) => walk.act(by, door, { roomId }))).then(() => undefined);
};
