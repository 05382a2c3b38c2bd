import type { OperationsOf } from './operation.js';
import {
  AGENT_ID,
  alex,
  CURSOR,
  customer,
  customerRoomState,
  guest,
  GUEST_ID,
  LATER,
  message,
  NOW,
  ROOM_ID,
  staffRoom,
} from './examples.js';

/** What may be wrong with a customer that is named. */
const CUSTOMER = ['user.not_found'] as const;

/** Customers as a whole, and what was done to whom. */
export const CUSTOMER_OPERATIONS: OperationsOf<'customer' | 'audit'> = {
  'customer.list': {
    summary: 'List customers',
    description:
      'Guests and customers whose rooms are within reach, the newest first. `q` is looked for in name, e-mail address, username and external id: anywhere in it, also a little misspelt, or with one or two characters at the beginning of a word; letter case does not count.',
    request: { q: 'gwen' },
    answer: 'CustomerUserPage',
    example: { items: [customer], nextCursor: CURSOR },
  },
  'customer.get': {
    summary: 'Show a customer',
    description: 'As staff know it.',
    errors: CUSTOMER,
    request: { id: GUEST_ID },
    answer: 'CustomerUser',
    example: customer,
  },
  'customer.rooms': {
    summary: 'List the rooms of a customer',
    description: 'Those within reach. The one that something happened in last comes first.',
    errors: CUSTOMER,
    request: { id: GUEST_ID },
    answer: 'RoomPage',
    example: { items: [staffRoom], nextCursor: CURSOR },
  },
  'customer.update': {
    summary: 'Change a customer',
    description:
      'Changes what is named and leaves the rest; null takes a value away. Attributes are merged key by key; labels are named, and are all that are on it from then on. Who has a password has its e-mail address to itself; only an admin changes the external id, which says who is let in under a signed identity.',
    errors: [...CUSTOMER, 'customer.external_id_taken', 'label.not_found'],
    request: { id: GUEST_ID, name: 'Gwen', attributes: { plan: 'gold', trial: null } },
    answer: 'CustomerUser',
    example: { ...customer, attributes: { plan: 'gold' } },
  },
  'customer.erase': {
    summary: 'Erase a customer',
    description: 'Deletes all that it wrote and told, and ends its rooms and sessions, as if it did so itself. It cannot be undone.',
    errors: CUSTOMER,
    request: { id: GUEST_ID },
    answer: null,
  },
  'customer.export': {
    summary: 'Take out the data of a customer',
    description:
      'A file to hand to the customer: what it told of itself, and its rooms within reach with all that was said in them. It holds nothing that only staff may see. That it was taken is noted.',
    errors: CUSTOMER,
    request: { id: GUEST_ID },
    answer: 'CustomerExport',
    example: {
      customer: { ...guest, email: null, username: null, createdAt: NOW },
      rooms: [{ room: customerRoomState, entries: [message] }],
    },
  },
  'customer.block': {
    summary: 'Block a customer, or let it write again',
    description:
      'A blocked customer reads its rooms, but opens none and writes nothing from that moment on; everything of that kind is `access.denied`. Its sockets are cut at once, on other servers as soon as they hear of it. The sessions of one with a password end (`revoked`), and it may sign in again. A guest, or a customer that a site vouches for, keeps its own (`expired`: it may connect again): without them it would come back as somebody new, who is not blocked.',
    errors: CUSTOMER,
    request: { id: GUEST_ID, blocked: true },
    answer: 'CustomerUser',
    example: { ...customer, blocked: true },
  },
  'audit.list': {
    summary: 'Show who did what',
    description:
      'Sign-ins, changes of people, settings and teams, who had which room, and what was done to customers. The newest first. Nothing changes what is noted, but erasing a person empties what named it.',
    request: { action: 'room.claimed', actorId: AGENT_ID, targetId: ROOM_ID, from: NOW, to: LATER },
    answer: 'AuditEntryPage',
    example: {
      items: [
        {
          id: '019a2b3c-0000-7000-8000-00000000000c',
          at: NOW,
          action: 'room.claimed',
          actor: alex,
          targetType: 'room',
          targetId: ROOM_ID,
          ip: '203.0.113.7',
          details: { from: { assigneeId: null, teamId: null }, to: { assigneeId: AGENT_ID, teamId: null } },
        },
      ],
      nextCursor: CURSOR,
    },
  },
};
