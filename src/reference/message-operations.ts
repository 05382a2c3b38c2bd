import type { OperationsOf } from './operation.js';
import { activity, deleted, edited, guest, KEY, LATER, message, MESSAGE_ID, NOW, ROOM_ID, staffRoom } from './examples.js';

const ROOM = ['room.not_found'] as const;
const STREAM = [...ROOM, 'access.denied'] as const;
const CHANGE = [...STREAM, 'message.not_found', 'room.closed', 'edit.window_over'] as const;

/** What is said in a room. */
export const MESSAGE_OPERATIONS: OperationsOf<'message' | 'typing'> = {
  'message.send': {
    summary: 'Send a message',
    description:
      'Stores a message once, however often and over whichever door it is sent under its `clientMessageId`. The answer means that it is stored; without an answer the outcome is unknown, and sending again is safe. Over a socket a customer may leave `roomId` out: the open room is used and joined, or made.',
    errors: [
      ...STREAM,
      'message.too_long',
      'message.not_found',
      'user.not_found',
      'upload.not_found',
      'upload.not_attachable',
      'message.idempotency_mismatch',
      'room.closed',
    ],
    request: { roomId: ROOM_ID, clientMessageId: KEY, body: message.body },
    repeated: 'It was there already; nothing was written.',
    answer: 'WrittenEntry',
    example: message,
  },
  'message.edit': {
    summary: 'Edit a message',
    description:
      'Its author may, within the time that the business gives. To send the body that it has changes nothing. Everybody gets an entry of kind `edit`.',
    errors: [...CHANGE, 'message.too_long'],
    request: { roomId: ROOM_ID, messageId: MESSAGE_ID, body: edited.body },
    answer: 'WrittenEntry',
    example: edited,
  },
  'message.delete': {
    summary: 'Delete a message',
    description:
      'Its author may, within the time that the business gives, and an admin at any time. To delete it again changes nothing. Everybody gets an entry of kind `deletion`. Notes in which the machine told staff the same words go with it.',
    errors: CHANGE,
    request: { roomId: ROOM_ID, messageId: MESSAGE_ID },
    answer: 'WrittenEntry',
    example: deleted,
  },
  'message.list': {
    summary: 'Read the history',
    description:
      'One page of a stream, ascending: the oldest after `after`, else the newest before `before`. Pages have no gaps, because all kinds of entries are in them.',
    errors: STREAM,
    request: { roomId: ROOM_ID, before: 3, limit: 2 },
    answer: 'History',
    example: { items: [message, activity], hasMore: false, lastSeq: 2 },
  },
  'message.search': {
    summary: 'Search a room',
    description:
      'Messages with these words, the newest first. `"two words"` are looked for as they stand, `-word` must not be there, `or` allows either, and the last word may go on. Words are taken as the language of the business reduces them, those of an edited message as they are now. A number behind a hyphen, as in `A-4711`, is a word of its own. A message is found at once where it was sent by way of the same server, and about a second later by way of others.',
    errors: ROOM,
    request: { roomId: ROOM_ID, q: 'parcel' },
    answer: 'MessageHitPage',
    example: { items: [{ message, highlight: 'Hello, where is my <mark>parcel</mark>?' }], nextCursor: null },
  },
  'message.mark': {
    summary: 'Mark as delivered or read',
    description: 'Marks never go back and never past the last entry. What is read is delivered as well.',
    errors: STREAM,
    request: { roomId: ROOM_ID, read: 2 },
    answer: 'MarkPosition',
    example: { deliveredSeq: 2, readSeq: 2 },
  },
  'message.mark_unread': {
    summary: 'Count messages as unread again',
    description:
      'From `seq` on, or from the last message of somebody else, until the caller reads on or answers. For the caller alone: the marks that others see stay where they are.',
    errors: STREAM,
    request: { roomId: ROOM_ID, seq: 1 },
    answer: 'Room',
    example: staffRoom,
  },
  'message.edits': {
    summary: 'Show what a message said before',
    description:
      'Its first body and that of each edit, the oldest first; of one that was never edited the only one. The bodies are null once it was deleted.',
    errors: [...ROOM, 'message.not_found'],
    request: { roomId: ROOM_ID, messageId: MESSAGE_ID },
    answer: 'MessageVersionPage',
    example: {
      items: [
        { body: message.body, sender: guest, createdAt: NOW },
        { body: edited.body, sender: guest, createdAt: LATER },
      ],
      nextCursor: null,
    },
  },
  'typing.start': {
    summary: 'Be seen writing',
    description: 'The others in the room see it for 6 s, or until a message or `typing.stop`.',
    errors: [...STREAM, 'room.closed'],
    request: { roomId: ROOM_ID },
    answer: 'Empty',
    example: {},
  },
  'typing.stop': {
    summary: 'Be seen writing no more',
    description: 'Takes `typing.start` back.',
    errors: [...STREAM, 'room.closed'],
    request: { roomId: ROOM_ID },
    answer: 'Empty',
    example: {},
  },
};
