import { oneOf } from '../torture/random.js';
import { block, capacity, disable, erase, promote, relabel, rename, teams } from './people.js';
import { agentsOf, byAdmin, byCustomer, customersOf, ownRoom, someone, someRoom, staffer, toRoom, type Deed } from './picks.js';
import { bulk, rush, transfer, updateOf } from './rooms.js';
import { again, cut, duplicates, editOrDelete, mark, speak, visit, withFile } from './talk.js';
import { sentence } from './vocabulary.js';

export const DEEDS: [weight: number, deed: Deed][] = [
  [30, speak],
  [3, withFile],
  [4, again(false)],
  [2, again(true)],
  [5, editOrDelete('message.edit')],
  [4, editOrDelete('message.delete')],
  [6, mark],
  [4, toRoom('room.claim', () => ({}))],
  [
    4,
    toRoom('room.assign', ({ random }, shop) => ({
      agentId: random() < 0.7 ? oneOf(random, agentsOf(shop)).person.id : null,
      ...(random() < 0.3 && { teamId: random() < 0.7 ? oneOf(random, shop.teams).id : null }),
    })),
  ],
  [
    1,
    byAdmin('room.assign', (walk, shop) => {
      const free = agentsOf(shop).filter((walker) => walker.capacity === undefined);
      return free.length === 0 ? undefined : { roomId: someRoom(walk, shop), agentId: oneOf(walk.random, free).person.id, force: true };
    }),
  ],
  [3, transfer],
  [10, toRoom('room.update', (walk, shop) => updateOf(walk, shop))],
  [2, toRoom('ai.toggle', ({ random }) => ({ enabled: random() < 0.6 }))],
  [3, toRoom('room.close', () => ({}))],
  [3, toRoom('room.reopen', () => ({}))],
  [
    2,
    byCustomer((walk, shop, by) => {
      const roomId = ownRoom(walk, shop, by);
      return roomId === undefined ? undefined : walk.act(by, 'room.end', { roomId });
    }),
  ],
  [
    3,
    byCustomer((walk, shop, by) => {
      const roomId = ownRoom(walk, shop, by);
      const comment = walk.random() < 0.5 ? { comment: sentence(walk.random, by.word) } : {};
      return roomId === undefined ? undefined : walk.act(by, 'room.rate', { roomId, score: 1 + Math.floor(walk.random() * 5), ...comment });
    }),
  ],
  [3, byCustomer((walk, _, by) => walk.act(by, 'room.open', { subject: sentence(walk.random, by.word), context: { page: by.word } }))],
  [
    1,
    (walk, shop) => {
      const by = staffer(walk, shop);
      const who = someone(walk, customersOf(shop));
      return (
        by &&
        who &&
        walk.act(by, 'room.open', { customerId: who.person.id, ...(walk.random() < 0.5 && { teamId: oneOf(walk.random, shop.teams).id }) })
      );
    },
  ],
  [2, bulk],
  [1, block],
  [0.4, erase],
  [1, disable],
  [1, capacity],
  [1.5, teams],
  [0.5, byAdmin('business.update', ({ random }) => ({ settings: { agentScope: oneOf(random, ['own', 'team', 'all', 'all']) } }))],
  [2, duplicates],
  [2, rush],
  [0.4, relabel],
  [0.7, rename],
  [0.4, promote],
  [
    0.7,
    byAdmin('business.update', ({ random }, shop) => {
      const isAi = random() < 0.4;
      shop.isAiPlayedWith ||= isAi;
      if (isAi) return { settings: { ai: { enabled: random() < 0.5 } } };
      return {
        settings: oneOf(random, [
          { multipleRooms: random() < 0.5 },
          { editWindowSeconds: random() < 0.3 ? 0 : 900 },
          { routing: { mode: oneOf(random, ['auto', 'pool']) } },
        ]),
      };
    }),
  ],
  [5, visit],
  [3, cut],
  [
    1,
    (walk, shop) => {
      const by = staffer(walk, shop);
      return by && walk.act(by, 'presence.set', { status: oneOf(walk.random, ['online', 'busy', 'away', 'online']) });
    },
  ],
];
