import { buildTeam, buildView, newKey, say, type Person, type Tenant } from './factories.js';
import { note, picture, upload } from './files.js';
import { rest } from './rest.js';

/** One business with people, a room of its guest and a room of somebody else. */
export interface World {
  url: string;
  shop: Tenant;
  agent: Person;
  guest: Person;
  /** Of the same business: an agent who holds at most one room, and a guest with a room of its own. */
  colleague: Person;
  stranger: Person;
  roomId: string;
  strangerRoomId: string;
  /** A room of another business, and an agent of it. */
  foreignRoomId: string;
  foreignAgent: Person;
}

export interface Act {
  as: Person;
  method: string;
  path: string;
  body?: unknown;
  event: string;
  payload: Record<string, unknown>;
}

export interface Case {
  name: string;
  /** `ok`, or the code of the refusal. */
  expected: string;
  /** Prepares the world and says what to do in it, through both doors. */
  act(world: World): Promise<Act> | Act;
}

const UNKNOWN_ID = '01900000-0000-7000-8000-000000000000';

const inRoom = (as: Person, roomId: string, method: string, path: string, event: string, body?: Record<string, unknown>): Act => ({
  as,
  method,
  path: `/api/rooms/${roomId}${path}`,
  body,
  event,
  payload: { roomId, ...body },
});

const claimed = async ({ url, agent, roomId }: World): Promise<void> => {
  await rest(url, 'POST', `/api/rooms/${roomId}/claim`, { token: agent.token });
};
const closed = async ({ url, agent, roomId }: World): Promise<void> => {
  await rest(url, 'DELETE', `/api/rooms/${roomId}`, { token: agent.token });
};

const noTimeForChanges = async ({ url, shop }: World): Promise<void> => {
  await rest(url, 'PATCH', '/api/business', { token: shop.admin.token, body: { settings: { editWindowSeconds: 0 } } });
};

const sending = (as: Person, roomId: string, body: Record<string, unknown>): Act =>
  inRoom(as, roomId, 'POST', '/messages', 'message.send', { clientMessageId: newKey(), ...body });

const opening = (as: Person, body: Record<string, unknown> = {}): Act => ({
  as,
  method: 'POST',
  path: '/api/rooms',
  body,
  event: 'room.open',
  payload: body,
});

const deleting = (as: Person, roomId: string, messageId = UNKNOWN_ID): Act => ({
  as,
  method: 'DELETE',
  path: `/api/rooms/${roomId}/messages/${messageId}`,
  event: 'message.delete',
  payload: { roomId, messageId },
});

const changing = async (
  world: World,
  author: Person,
  by: Person,
  body?: string,
  before: (messageId: string) => Promise<unknown> = () => Promise.resolve(),
): Promise<Act> => {
  const { id: messageId } = await say(world.url, author, world.roomId, 'First words');
  await before(messageId);
  const { roomId } = world;
  const path = `/api/rooms/${roomId}/messages/${messageId}`;
  return body === undefined
    ? deleting(by, roomId, messageId)
    : { as: by, method: 'PATCH', path, body: { body }, event: 'message.edit', payload: { roomId, messageId, body } };
};

/** Every way into a room, for the cases in which there is no such room. */
const ways = (as: Person, roomId: string): Act[] => [
  inRoom(as, roomId, 'GET', '', 'room.get'),
  inRoom(as, roomId, 'GET', '/messages', 'message.list'),
  inRoom(as, roomId, 'POST', '/marks', 'message.mark', { read: 1 }),
  sending(as, roomId, { body: 'Let me in' }),
  sending(as, roomId, { body: 'Let me in', replyTo: UNKNOWN_ID }),
  {
    as,
    method: 'PATCH',
    path: `/api/rooms/${roomId}/messages/${UNKNOWN_ID}`,
    body: { body: 'x' },
    event: 'message.edit',
    payload: { roomId, messageId: UNKNOWN_ID, body: 'x' },
  },
  deleting(as, roomId),
];
const staffWays = (as: Person, roomId: string): Act[] => [
  inRoom(as, roomId, 'POST', '/claim', 'room.claim'),
  inRoom(as, roomId, 'POST', '/assign', 'room.assign', { agentId: as.id }),
  inRoom(as, roomId, 'POST', '/transfer', 'room.transfer', { agentId: as.id, note: 'Mine' }),
  inRoom(as, roomId, 'GET', '/viewers', 'room.viewers'),
  inRoom(as, roomId, 'DELETE', '', 'room.close'),
  inRoom(as, roomId, 'POST', '/reopen', 'room.reopen'),
  inRoom(as, roomId, 'PATCH', '', 'room.update', { subject: 'Mine' }),
];

const WAY_COUNT = 7;
const STAFF_WAY_COUNT = 7;
const times = (count: number): number[] => [...Array(count).keys()];

const labelled = async ({ url, shop }: World, ...names: string[]): Promise<void> => {
  for (const name of names) await rest(url, 'POST', '/api/labels', { token: shop.admin.token, body: { name } });
};

const listing = (as: Person, query: Record<string, string> = {}): Act => ({
  as,
  method: 'GET',
  path: `/api/rooms?${new URLSearchParams(query).toString()}`,
  event: 'room.list',
  payload: query,
});

/** What is done with rooms: listed, opened, given to somebody, closed. */
export const ROOM_CASES: Case[] = [
  {
    name: 'N38 list rooms by several statuses and priorities, who waits longest first',
    expected: 'ok',
    act: ({ agent }) => listing(agent, { status: 'open,pending', priority: 'normal,urgent', sort: 'waiting' }),
  },
  {
    name: 'N38 list the rooms of a label, the most urgent first',
    expected: 'ok',
    act: async (w) => {
      await labelled(w, 'VIP');
      await rest(w.url, 'PATCH', `/api/rooms/${w.roomId}`, { token: w.agent.token, body: { labels: ['VIP'] } });
      return listing(w.agent, { label: 'vip', sort: 'priority' });
    },
  },
  {
    name: 'N38 list rooms by a saved view',
    expected: 'ok',
    act: async ({ url, agent }) => listing(agent, { view: await buildView(url, agent, { filter: { status: 'open' }, sort: 'waiting' }) }),
  },
  {
    name: 'N38 list rooms by a view of somebody else',
    expected: 'view.not_found',
    act: async ({ url, agent, colleague }) => listing(agent, { view: await buildView(url, colleague, {}) }),
  },
  {
    name: 'N38 list rooms by a status that there is not',
    expected: 'validation.failed',
    act: ({ agent }) => listing(agent, { status: 'open,gone' }),
  },
  {
    name: 'N38 a guest asks for what only staff see',
    expected: 'access.denied',
    act: ({ guest }) => listing(guest, { sort: 'priority' }),
  },
  {
    name: 'N3 put labels on a room',
    expected: 'ok',
    act: async (w) => (await labelled(w, 'VIP', 'Bug'), inRoom(w.agent, w.roomId, 'PATCH', '', 'room.update', { labels: ['vip', 'Bug'] })),
  },
  {
    name: 'N3 put a label on a room that there is not',
    expected: 'label.not_found',
    act: async (w) => (await labelled(w, 'VIP'), inRoom(w.agent, w.roomId, 'PATCH', '', 'room.update', { labels: ['VIP', 'None'] })),
  },
  {
    name: 'N3 put 10,000 labels on a room',
    expected: 'validation.failed',
    act: ({ agent, roomId }) => inRoom(agent, roomId, 'PATCH', '', 'room.update', { labels: Array(10_000).fill('VIP') }),
  },
  {
    name: 'open a room again',
    expected: 'ok',
    act: ({ guest }) => opening(guest),
  },
  {
    name: 'open a room for an unknown customer',
    expected: 'user.not_found',
    act: ({ agent }) => opening(agent, { customerId: UNKNOWN_ID }),
  },
  {
    name: 'A23 open a room for a team that there is not',
    expected: 'team.not_found',
    act: ({ guest }) => opening(guest, { teamId: UNKNOWN_ID }),
  },
  {
    name: 'A23 open a room for a customer of another business',
    expected: 'user.not_found',
    act: ({ agent, foreignAgent }) => opening(agent, { customerId: foreignAgent.id }),
  },
  {
    name: 'a guest names a customer',
    expected: 'access.denied',
    act: ({ guest, stranger }) => opening(guest, { customerId: stranger.id }),
  },
  { name: 'get a room', expected: 'ok', act: ({ guest, roomId }) => inRoom(guest, roomId, 'GET', '', 'room.get') },
  {
    name: 'list own rooms',
    expected: 'ok',
    act: ({ guest }) => ({ as: guest, method: 'GET', path: '/api/rooms', event: 'room.list', payload: {} }),
  },
  {
    name: 'list rooms of the inbox',
    expected: 'ok',
    act: ({ agent }) => ({
      as: agent,
      method: 'GET',
      path: '/api/rooms?assignee=none&limit=1',
      event: 'room.list',
      payload: { assignee: 'none', limit: 1 },
    }),
  },
  {
    name: 'list with a bad limit',
    expected: 'validation.failed',
    act: ({ agent }) => ({ as: agent, method: 'GET', path: '/api/rooms?limit=201', event: 'room.list', payload: { limit: 201 } }),
  },
  {
    name: 'change subject and priority',
    expected: 'ok',
    act: ({ agent, roomId }) => inRoom(agent, roomId, 'PATCH', '', 'room.update', { subject: 'Order 7', priority: 'high' }),
  },
  {
    name: 'change nothing',
    expected: 'ok',
    act: ({ agent, roomId }) => inRoom(agent, roomId, 'PATCH', '', 'room.update', { priority: 'normal' }),
  },
  {
    name: 'put a room aside',
    expected: 'ok',
    act: ({ agent, roomId }) => inRoom(agent, roomId, 'PATCH', '', 'room.update', { status: 'pending' }),
  },
  {
    name: 'put a closed room aside',
    expected: 'room.closed',
    act: async (w) => (await closed(w), inRoom(w.agent, w.roomId, 'PATCH', '', 'room.update', { status: 'pending' })),
  },
  {
    name: 'a guest changes the subject',
    expected: 'access.denied',
    act: ({ guest, roomId }) => inRoom(guest, roomId, 'PATCH', '', 'room.update', { subject: 'x' }),
  },
  { name: 'claim', expected: 'ok', act: ({ agent, roomId }) => inRoom(agent, roomId, 'POST', '/claim', 'room.claim') },
  { name: 'claim twice', expected: 'ok', act: async (w) => (await claimed(w), inRoom(w.agent, w.roomId, 'POST', '/claim', 'room.claim')) },
  {
    name: 'claim what another holds',
    expected: 'room.already_assigned',
    act: async (w) => (await claimed(w), inRoom(w.colleague, w.roomId, 'POST', '/claim', 'room.claim')),
  },
  {
    name: 'claim over capacity',
    expected: 'agent.at_capacity',
    act: async (w) => {
      await rest(w.url, 'POST', `/api/rooms/${w.strangerRoomId}/claim`, { token: w.colleague.token });
      return inRoom(w.colleague, w.roomId, 'POST', '/claim', 'room.claim');
    },
  },
  {
    name: 'claim a closed room',
    expected: 'room.closed',
    act: async (w) => (await closed(w), inRoom(w.agent, w.roomId, 'POST', '/claim', 'room.claim')),
  },
  {
    name: 'T4 T19 a guest claims',
    expected: 'access.denied',
    act: ({ guest, roomId }) => inRoom(guest, roomId, 'POST', '/claim', 'room.claim'),
  },
  {
    name: 'assign',
    expected: 'ok',
    act: ({ agent, colleague, roomId }) => inRoom(agent, roomId, 'POST', '/assign', 'room.assign', { agentId: colleague.id }),
  },
  {
    name: 'assign to another',
    expected: 'ok',
    act: async (w) => (await claimed(w), inRoom(w.agent, w.roomId, 'POST', '/assign', 'room.assign', { agentId: w.colleague.id })),
  },
  {
    name: 'unassign',
    expected: 'ok',
    act: async (w) => (await claimed(w), inRoom(w.agent, w.roomId, 'POST', '/assign', 'room.assign', { agentId: null })),
  },
  {
    name: 'assign to a guest',
    expected: 'user.not_found',
    act: ({ agent, guest, roomId }) => inRoom(agent, roomId, 'POST', '/assign', 'room.assign', { agentId: guest.id }),
  },
  {
    name: 'A23 assign to an agent of another business',
    expected: 'user.not_found',
    act: ({ agent, foreignAgent, roomId }) => inRoom(agent, roomId, 'POST', '/assign', 'room.assign', { agentId: foreignAgent.id }),
  },
  {
    name: 'A23 assign to a team that there is not',
    expected: 'team.not_found',
    act: ({ agent, roomId }) => inRoom(agent, roomId, 'POST', '/assign', 'room.assign', { agentId: null, teamId: UNKNOWN_ID }),
  },
  {
    name: 'assign with force, by an agent',
    expected: 'access.denied',
    act: ({ agent, colleague, roomId }) => inRoom(agent, roomId, 'POST', '/assign', 'room.assign', { agentId: colleague.id, force: true }),
  },
  {
    name: 'assign a closed room',
    expected: 'room.closed',
    act: async (w) => (await closed(w), inRoom(w.agent, w.roomId, 'POST', '/assign', 'room.assign', { agentId: w.colleague.id })),
  },
  {
    name: 'transfer with a note',
    expected: 'ok',
    act: async (w) => (
      await claimed(w),
      inRoom(w.agent, w.roomId, 'POST', '/transfer', 'room.transfer', { agentId: w.colleague.id, note: 'Wants a refund' })
    ),
  },
  {
    name: 'transfer to a team',
    expected: 'ok',
    act: async (w) => {
      await claimed(w);
      const teamId = await buildTeam(w.url, w.shop, [w.colleague], 'Returns');
      return inRoom(w.agent, w.roomId, 'POST', '/transfer', 'room.transfer', { teamId });
    },
  },
  {
    name: 'A23 transfer to a team that there is not',
    expected: 'team.not_found',
    act: ({ agent, roomId }) => inRoom(agent, roomId, 'POST', '/transfer', 'room.transfer', { teamId: UNKNOWN_ID }),
  },
  {
    name: 'A23 transfer to an agent of another business',
    expected: 'user.not_found',
    act: ({ agent, foreignAgent, roomId }) => inRoom(agent, roomId, 'POST', '/transfer', 'room.transfer', { agentId: foreignAgent.id }),
  },
  {
    name: 'transfer to an agent who is full',
    expected: 'agent.at_capacity',
    act: async ({ url, agent, colleague, roomId, strangerRoomId }) => {
      await rest(url, 'POST', `/api/rooms/${strangerRoomId}/claim`, { token: colleague.token });
      return inRoom(agent, roomId, 'POST', '/transfer', 'room.transfer', { agentId: colleague.id });
    },
  },
  {
    name: 'transfer to an agent who is disabled',
    expected: 'agent.unavailable',
    act: async ({ url, shop, agent, colleague, roomId }) => {
      await rest(url, 'PATCH', `/api/agents/${colleague.id}`, { token: shop.admin.token, body: { disabled: true } });
      return inRoom(agent, roomId, 'POST', '/transfer', 'room.transfer', { agentId: colleague.id });
    },
  },
  {
    name: 'transfer to nobody',
    expected: 'validation.failed',
    act: ({ agent, roomId }) => inRoom(agent, roomId, 'POST', '/transfer', 'room.transfer', { note: 'Somebody' }),
  },
  {
    name: 'transfer a closed room',
    expected: 'room.closed',
    act: async (w) => (await closed(w), inRoom(w.agent, w.roomId, 'POST', '/transfer', 'room.transfer', { agentId: w.colleague.id })),
  },
  {
    name: 'transfer, by the customer',
    expected: 'access.denied',
    act: ({ agent, guest, roomId }) => inRoom(guest, roomId, 'POST', '/transfer', 'room.transfer', { agentId: agent.id }),
  },
  {
    name: 'assign to an agent and a team',
    expected: 'ok',
    act: async (w) => {
      const teamId = await buildTeam(w.url, w.shop, [], 'Returns');
      return inRoom(w.agent, w.roomId, 'POST', '/assign', 'room.assign', { agentId: w.colleague.id, teamId });
    },
  },
  {
    name: 'C2 pin a room to an agent who is not there',
    expected: 'ok',
    act: ({ agent, colleague, roomId }) =>
      inRoom(agent, roomId, 'PATCH', '', 'room.update', { overrides: { pinnedAgentId: colleague.id, routingMode: 'pool' } }),
  },
  {
    name: 'C2 pin a room to a customer',
    expected: 'user.not_found',
    act: ({ agent, guest, roomId }) => inRoom(agent, roomId, 'PATCH', '', 'room.update', { overrides: { pinnedAgentId: guest.id } }),
  },
  {
    name: 'N34 see who has a room open',
    expected: 'ok',
    act: ({ agent, roomId }) => inRoom(agent, roomId, 'GET', '/viewers', 'room.viewers'),
  },
  {
    name: 'assign over capacity',
    expected: 'agent.at_capacity',
    act: async (w) => {
      await rest(w.url, 'POST', `/api/rooms/${w.strangerRoomId}/claim`, { token: w.colleague.token });
      return inRoom(w.agent, w.roomId, 'POST', '/assign', 'room.assign', { agentId: w.colleague.id });
    },
  },
  {
    name: 'assign to a disabled agent',
    expected: 'agent.unavailable',
    act: async (w) => {
      await rest(w.url, 'DELETE', `/api/agents/${w.colleague.id}`, { token: w.shop.admin.token });
      return inRoom(w.agent, w.roomId, 'POST', '/assign', 'room.assign', { agentId: w.colleague.id });
    },
  },
  { name: 'close', expected: 'ok', act: ({ agent, roomId }) => inRoom(agent, roomId, 'DELETE', '', 'room.close') },
  { name: 'close twice', expected: 'ok', act: async (w) => (await closed(w), inRoom(w.agent, w.roomId, 'DELETE', '', 'room.close')) },
  { name: 'a guest closes', expected: 'access.denied', act: ({ guest, roomId }) => inRoom(guest, roomId, 'DELETE', '', 'room.close') },
  { name: 'end', expected: 'ok', act: ({ guest, roomId }) => inRoom(guest, roomId, 'POST', '/end', 'room.end') },
  {
    name: 'A25 end a stranger’s room',
    expected: 'room.not_found',
    act: ({ guest, strangerRoomId }) => inRoom(guest, strangerRoomId, 'POST', '/end', 'room.end'),
  },
  { name: 'an agent ends', expected: 'access.denied', act: ({ agent, roomId }) => inRoom(agent, roomId, 'POST', '/end', 'room.end') },
  {
    name: 'reopen',
    expected: 'ok',
    act: async (w) => (await claimed(w), await closed(w), inRoom(w.agent, w.roomId, 'POST', '/reopen', 'room.reopen')),
  },
  { name: 'reopen an open room', expected: 'ok', act: ({ agent, roomId }) => inRoom(agent, roomId, 'POST', '/reopen', 'room.reopen') },
  {
    name: 'a guest reopens',
    expected: 'access.denied',
    act: async (w) => (await closed(w), inRoom(w.guest, w.roomId, 'POST', '/reopen', 'room.reopen')),
  },
  {
    name: 'reopen while another room is open',
    expected: 'room.already_open',
    act: async (w) => {
      await closed(w);
      await rest(w.url, 'POST', '/api/rooms', { token: w.guest.token, body: {} });
      return inRoom(w.agent, w.roomId, 'POST', '/reopen', 'room.reopen');
    },
  },
];

/** What is said in them, and what else their doors do. */
export const MESSAGE_CASES: Case[] = [
  { name: 'send', expected: 'ok', act: ({ guest, roomId }) => sending(guest, roomId, { body: 'Hello' }) },
  {
    name: 'send with a mention and a reply',
    expected: 'ok',
    act: async (w) => {
      await claimed(w);
      const { id: replyTo } = await say(w.url, w.agent, w.roomId, 'Yes?');
      return sending(w.guest, w.roomId, { body: 'Hey', mentions: [w.agent.id], replyTo });
    },
  },
  {
    name: 'A25 a guest mentions an agent who is not its own',
    expected: 'user.not_found',
    act: async (w) => (await claimed(w), sending(w.guest, w.roomId, { body: 'Hey', mentions: [w.colleague.id] })),
  },
  {
    name: 'a note with a mention',
    expected: 'ok',
    act: ({ agent, colleague, roomId }) => sending(agent, roomId, { body: 'Look', stream: 'internal', mentions: [colleague.id] }),
  },
  {
    name: 'N30 reply in public to a note',
    expected: 'validation.failed',
    act: async (w) => sending(w.agent, w.roomId, { body: 'x', replyTo: (await say(w.url, w.agent, w.roomId, 'note', 'internal')).id }),
  },
  {
    name: 'N30 A23 reply to a message of another room',
    expected: 'message.not_found',
    act: async (w) => sending(w.agent, w.roomId, { body: 'x', replyTo: (await say(w.url, w.stranger, w.strangerRoomId, 'Hi')).id }),
  },
  { name: 'send a note', expected: 'ok', act: ({ agent, roomId }) => sending(agent, roomId, { body: 'Careful', stream: 'internal' }) },
  {
    name: 'a guest sends a note',
    expected: 'access.denied',
    act: ({ guest, roomId }) => sending(guest, roomId, { body: 'x', stream: 'internal' }),
  },
  ...[{ body: 7 }, { body: 'x', color: 'red' }, { clientMessageId: 'x' }, {}].map((wrong): Case => ({
    name: `a guest sends a note that is wrong besides: ${JSON.stringify(wrong)}`,
    expected: 'access.denied',
    act: ({ guest, roomId }) => sending(guest, roomId, { stream: 'internal', ...wrong }),
  })),
  {
    name: 'a guest sends into no stream there is',
    expected: 'validation.failed',
    act: ({ guest, roomId }) => sending(guest, roomId, { body: 'x', stream: 'secret' }),
  },
  {
    name: 'A24 send a message of white space',
    expected: 'validation.failed',
    act: ({ guest, roomId }) => sending(guest, roomId, { body: ' \n\t ' }),
  },
  {
    name: 'A47 send 4,001 characters',
    expected: 'message.too_long',
    act: ({ guest, roomId }) => sending(guest, roomId, { body: 'x'.repeat(4001) }),
  },
  { name: 'A46 send 4,000 emoji', expected: 'ok', act: ({ guest, roomId }) => sending(guest, roomId, { body: '🙂'.repeat(4000) }) },
  { name: 'send without words', expected: 'validation.failed', act: ({ guest, roomId }) => sending(guest, roomId, {}) },
  {
    name: 'send an upload that is not there',
    expected: 'upload.not_found',
    act: ({ guest, roomId }) => sending(guest, roomId, { attachmentIds: [UNKNOWN_ID] }),
  },
  {
    name: 'send pictures without words',
    expected: 'ok',
    act: async ({ url, guest, roomId }) => {
      const [one, two] = [await upload(url, guest, roomId, await picture('gif')), await upload(url, guest, roomId, await picture())];
      return sending(guest, roomId, { attachmentIds: [two.id, one.id] });
    },
  },
  {
    name: 'send an internal file with words',
    expected: 'ok',
    act: async ({ url, agent, roomId }) => {
      const { id } = await upload(url, agent, roomId, note());
      return sending(agent, roomId, { body: 'Look at this', stream: 'internal', attachmentIds: [id] });
    },
  },
  {
    name: 'A69 send an upload of somebody else',
    expected: 'upload.not_found',
    act: async ({ url, agent, guest, roomId }) => sending(guest, roomId, { attachmentIds: [(await upload(url, agent, roomId)).id] }),
  },
  {
    name: 'A69 send an upload of another room',
    expected: 'upload.not_found',
    act: async ({ url, agent, roomId, strangerRoomId }) =>
      sending(agent, roomId, { attachmentIds: [(await upload(url, agent, strangerRoomId)).id] }),
  },
  {
    name: 'A69 send an upload that was sent',
    expected: 'upload.not_attachable',
    act: async ({ url, guest, roomId }) => {
      const attachmentIds = [(await upload(url, guest, roomId)).id];
      const body = { clientMessageId: newKey(), attachmentIds };
      await rest(url, 'POST', `/api/rooms/${roomId}/messages`, { token: guest.token, body });
      return sending(guest, roomId, { attachmentIds });
    },
  },
  {
    name: 'P2 send the same files again',
    expected: 'ok',
    act: async ({ url, guest, roomId }) => {
      const body = { clientMessageId: newKey(), attachmentIds: [(await upload(url, guest, roomId)).id] };
      await rest(url, 'POST', `/api/rooms/${roomId}/messages`, { token: guest.token, body });
      return sending(guest, roomId, body);
    },
  },
  {
    name: 'delete a message with a file',
    expected: 'ok',
    act: async ({ url, guest, roomId }) => {
      const body = { clientMessageId: newKey(), attachmentIds: [(await upload(url, guest, roomId)).id] };
      const sent = await rest(url, 'POST', `/api/rooms/${roomId}/messages`, { token: guest.token, body });
      return deleting(guest, roomId, sent.body.id as string);
    },
  },
  {
    name: 'reply to nothing',
    expected: 'message.not_found',
    act: ({ guest, roomId }) => sending(guest, roomId, { body: 'x', replyTo: UNKNOWN_ID }),
  },
  {
    name: 'a guest replies to a note',
    expected: 'message.not_found',
    act: async (w) => sending(w.guest, w.roomId, { body: 'x', replyTo: (await say(w.url, w.agent, w.roomId, 'note', 'internal')).id }),
  },
  {
    name: 'A23 mention somebody of another business',
    expected: 'user.not_found',
    act: ({ agent, foreignAgent, roomId }) => sending(agent, roomId, { body: 'x', mentions: [foreignAgent.id] }),
  },
  {
    name: 'send into a closed room',
    expected: 'room.closed',
    act: async (w) => (await closed(w), sending(w.guest, w.roomId, { body: 'Too late' })),
  },
  {
    name: 'P2 send again into a room that has closed',
    expected: 'ok',
    act: async (w) => {
      const act = sending(w.guest, w.roomId, { body: 'Once' });
      await rest(w.url, act.method, act.path, { token: w.guest.token, body: act.body });
      await closed(w);
      return act;
    },
  },
  {
    name: 'P2 send other words under the same key',
    expected: 'message.idempotency_mismatch',
    act: async (w) => {
      const clientMessageId = newKey();
      await rest(w.url, 'POST', `/api/rooms/${w.roomId}/messages`, { token: w.guest.token, body: { clientMessageId, body: 'One' } });
      return sending(w.guest, w.roomId, { clientMessageId, body: 'Two' });
    },
  },
  {
    name: 'A92 send under a key that is no UUID',
    expected: 'validation.failed',
    act: ({ guest, roomId }) => sending(guest, roomId, { clientMessageId: 'one', body: 'x' }),
  },
  {
    name: 'T6 A3 name oneself the sender',
    expected: 'validation.failed',
    act: ({ guest, agent, roomId }) => sending(guest, roomId, { body: 'x', senderId: agent.id }),
  },
  { name: 'edit', expected: 'ok', act: (w) => changing(w, w.guest, w.guest, 'Better words') },
  { name: 'edit to the same words', expected: 'ok', act: (w) => changing(w, w.guest, w.guest, 'First words') },
  { name: 'edit another’s message', expected: 'access.denied', act: (w) => changing(w, w.guest, w.agent, 'Mine') },
  {
    name: 'edit after a deletion',
    expected: 'message.not_found',
    act: (w) =>
      changing(w, w.guest, w.guest, 'Back', (id) =>
        rest(w.url, 'DELETE', `/api/rooms/${w.roomId}/messages/${id}`, { token: w.guest.token }),
      ),
  },
  { name: 'edit in a closed room', expected: 'room.closed', act: (w) => changing(w, w.guest, w.guest, 'Late', () => closed(w)) },
  {
    name: 'A47 edit to 4,001 characters',
    expected: 'message.too_long',
    act: (w) => changing(w, w.guest, w.guest, 'x'.repeat(4001)),
  },
  {
    name: 'edit after the time is over',
    expected: 'edit.window_over',
    act: (w) => changing(w, w.guest, w.guest, 'Late', () => noTimeForChanges(w)),
  },
  { name: 'delete', expected: 'ok', act: (w) => changing(w, w.guest, w.guest) },
  {
    name: 'delete twice',
    expected: 'ok',
    act: (w) =>
      changing(w, w.guest, w.guest, undefined, (id) =>
        rest(w.url, 'DELETE', `/api/rooms/${w.roomId}/messages/${id}`, { token: w.guest.token }),
      ),
  },
  {
    name: 'delete what is not there',
    expected: 'message.not_found',
    act: ({ guest, roomId }) => deleting(guest, roomId),
  },
  {
    name: 'delete in a closed room',
    expected: 'room.closed',
    act: (w) => changing(w, w.guest, w.guest, undefined, () => closed(w)),
  },
  {
    name: 'delete after the time is over',
    expected: 'edit.window_over',
    act: (w) => changing(w, w.guest, w.guest, undefined, () => noTimeForChanges(w)),
  },
  { name: 'an admin deletes', expected: 'ok', act: (w) => changing(w, w.guest, w.shop.admin) },
  { name: 'an agent deletes another’s', expected: 'access.denied', act: (w) => changing(w, w.guest, w.agent) },
  {
    name: 'read a page',
    expected: 'ok',
    act: async (w) => (
      await say(w.url, w.guest, w.roomId, 'a'),
      await say(w.url, w.agent, w.roomId, 'b'),
      {
        as: w.guest,
        method: 'GET',
        path: `/api/rooms/${w.roomId}/messages?after=0&limit=1`,
        event: 'message.list',
        payload: { roomId: w.roomId, after: 0, limit: 1 },
      }
    ),
  },
  {
    name: 'a guest reads notes',
    expected: 'access.denied',
    act: ({ guest, roomId }) => ({
      as: guest,
      method: 'GET',
      path: `/api/rooms/${roomId}/messages?stream=internal`,
      event: 'message.list',
      payload: { roomId, stream: 'internal' },
    }),
  },
  {
    name: 'a guest reads notes, and none of them',
    expected: 'access.denied',
    act: ({ guest, roomId }) => ({
      as: guest,
      method: 'GET',
      path: `/api/rooms/${roomId}/messages?stream=internal&limit=0`,
      event: 'message.list',
      payload: { roomId, stream: 'internal', limit: 0 },
    }),
  },
  {
    name: 'P8 mark past the end',
    expected: 'ok',
    act: async (w) => (
      await say(w.url, w.agent, w.roomId, 'a'),
      inRoom(w.guest, w.roomId, 'POST', '/marks', 'message.mark', { read: 2_000_000 })
    ),
  },
  {
    name: 'a guest marks notes',
    expected: 'access.denied',
    act: ({ guest, roomId }) => inRoom(guest, roomId, 'POST', '/marks', 'message.mark', { stream: 'internal', read: 1 }),
  },
  {
    name: 'A91 mark −1',
    expected: 'validation.failed',
    act: ({ guest, roomId }) => inRoom(guest, roomId, 'POST', '/marks', 'message.mark', { read: -1 }),
  },
  {
    name: 'N8 snooze a room',
    expected: 'ok',
    act: ({ agent, roomId }) =>
      inRoom(agent, roomId, 'PATCH', '', 'room.update', {
        status: 'snoozed',
        snoozedUntil: new Date(Date.now() + 3_600_000).toISOString(),
      }),
  },
  {
    name: 'N8 snooze a room without a time',
    expected: 'validation.failed',
    act: ({ agent, roomId }) => inRoom(agent, roomId, 'PATCH', '', 'room.update', { status: 'snoozed' }),
  },
  {
    name: 'C2 set every override',
    expected: 'ok',
    // From the pool, and pinned to somebody who is not there: routing would give the room away while its answer is read.
    act: ({ agent, colleague, roomId }) =>
      inRoom(agent, roomId, 'PATCH', '', 'room.update', {
        overrides: { language: 'pt-BR', aiEnabled: false, routingMode: 'pool', pinnedAgentId: colleague.id },
      }),
  },
  {
    name: 'C3 switch the AI on',
    expected: 'ok',
    // In a room that is held: one that waits it would take while the answer is read.
    act: async (w) => (
      await claimed(w),
      {
        ...inRoom(w.agent, w.roomId, 'PATCH', '', 'room.update'),
        body: { aiEnabled: true },
        event: 'ai.toggle',
        payload: { roomId: w.roomId, enabled: true },
      }
    ),
  },
  {
    name: 'C3 a guest switches the AI on',
    expected: 'access.denied',
    act: ({ guest, roomId }) => ({
      ...inRoom(guest, roomId, 'PATCH', '', 'room.update'),
      body: { aiEnabled: true },
      event: 'ai.toggle',
      payload: { roomId, enabled: true },
    }),
  },
  {
    name: 'choose a presence',
    expected: 'ok',
    act: ({ agent }) => ({
      as: agent,
      method: 'PUT',
      path: '/api/presence',
      body: { status: 'busy' },
      event: 'presence.set',
      payload: { status: 'busy' },
    }),
  },
  {
    name: 'a guest chooses a presence',
    expected: 'access.denied',
    act: ({ guest }) => ({
      as: guest,
      method: 'PUT',
      path: '/api/presence',
      body: { status: 'busy' },
      event: 'presence.set',
      payload: { status: 'busy' },
    }),
  },
  ...times(WAY_COUNT).flatMap((way): Case[] => [
    {
      name: `A25 a guest in a stranger’s room, way ${way}`,
      expected: 'room.not_found',
      act: ({ guest, strangerRoomId }) => ways(guest, strangerRoomId)[way] as Act,
    },
    {
      name: `A22 an agent in a room of another business, way ${way}`,
      expected: 'room.not_found',
      act: ({ agent, foreignRoomId }) => ways(agent, foreignRoomId)[way] as Act,
    },
    {
      name: `A24 an id that is none, way ${way}`,
      expected: 'validation.failed',
      act: ({ agent }) => ways(agent, 'business:1')[way] as Act,
    },
  ]),
  ...times(STAFF_WAY_COUNT).map((way): Case => ({
    name: `A22 staff ways into a room of another business, ${way}`,
    expected: 'room.not_found',
    act: ({ agent, foreignRoomId }) => staffWays(agent, foreignRoomId)[way] as Act,
  })),
];
