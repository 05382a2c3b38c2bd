import { newKey } from '../support/factories.js';
import { oneOf, type Random } from '../torture/random.js';
import { HUSH, sentence } from './vocabulary.js';
import type { Shop, Walker } from './walker.js';
import type { Walk } from './walk.js';

export type Payload = Record<string, any>;

export type Deed = (walk: Walk, shop: Shop) => Promise<void> | undefined;

export const agentsOf = ({ walkers }: Shop): Walker[] => walkers.filter(({ isStaff }) => isStaff);
export const able = (walkers: Walker[]): Walker[] => walkers.filter(({ state }) => state === 'active');
export const customersOf = ({ walkers }: Shop): Walker[] => walkers.filter(({ isStaff, state }) => !isStaff && state !== 'erased');
export const roomsOf = ({ rooms }: Shop, walker: Walker): string[] => [...rooms].filter(([, owner]) => owner === walker).map(([id]) => id);

export const someone = (walk: Walk, walkers: Walker[]): Walker | undefined => {
  const free = walkers.filter((walker) => !walk.busy.has(walker));
  return free.length === 0 ? undefined : oneOf(walk.random, free);
};
export const staffer = (walk: Walk, shop: Shop): Walker | undefined => someone(walk, able(agentsOf(shop)));
export const someRoom = ({ random }: Walk, { rooms }: Shop): string => {
  const ids = [...rooms.keys()];
  return oneOf(random, random() < 0.7 ? ids.slice(-8) : ids);
};
export const maybe = <T>(random: Random, share: number, value: () => T): T | undefined => (random() < share ? value() : undefined);

export const toRoom =
  (command: string, payload: (walk: Walk, shop: Shop, by: Walker) => Payload | undefined): Deed =>
  (walk, shop) => {
    const by = staffer(walk, shop);
    const more = by && payload(walk, shop, by);
    return by && more && walk.act(by, command, { roomId: someRoom(walk, shop), ...more });
  };

export const byAdmin =
  (command: string, payload: (walk: Walk, shop: Shop, by: Walker) => Payload | undefined): Deed =>
  (walk, shop) => {
    const by = someone(
      walk,
      able(agentsOf(shop)).filter(({ role }) => role === 'admin'),
    );
    const body = by && payload(walk, shop, by);
    return by && body && walk.act(by, command, body);
  };

export const byCustomer =
  (work: (walk: Walk, shop: Shop, by: Walker) => Promise<void> | undefined): Deed =>
  (walk, shop) => {
    const by = someone(walk, customersOf(shop));
    return by && work(walk, shop, by);
  };

export const ownRoom = (walk: Walk, shop: Shop, by: Walker): string | undefined => {
  const rooms = roomsOf(shop, by);
  return rooms.length === 0 ? undefined : oneOf(walk.random, walk.random() < 0.8 ? rooms.slice(-1) : rooms);
};

export const draftOf = (walk: Walk, shop: Shop, by: Walker, roomId: string): Payload => {
  const { random } = walk;
  const isInternal = by.isStaff && random() < 0.35;
  const inRoom = shop.said.filter((said) => said.roomId === roomId && (said.payload.stream !== 'internal' || isInternal));
  const named = by.isStaff ? maybe(random, 0.25, () => [oneOf(random, able(agentsOf(shop))).person.id]) : undefined;
  const replyTo = inRoom.length > 0 ? maybe(random, 0.15, () => oneOf(random, inRoom).id) : undefined;
  return {
    clientMessageId: newKey(),
    body: sentence(random, by.word, ...(isInternal ? [HUSH] : [])),
    ...(isInternal && { stream: 'internal' }),
    ...(named && { mentions: named }),
    ...(replyTo && { replyTo }),
  };
};
