import { NOW, ROOM_ID } from './examples.js';
import type { OperationsOf } from './operation.js';

const STREAM = ['room.not_found', 'access.denied'] as const;
const draft = { body: 'Dear Gwen, your parcel', replyTo: null, updatedAt: NOW };

/** What people have begun to write. */
export const DRAFT_OPERATIONS: OperationsOf<'draft'> = {
  'draft.get': {
    summary: 'Show the own draft',
    description: 'What the caller has begun to write in this room and stream, at whichever device; nulls when nothing is kept.',
    errors: STREAM,
    request: { roomId: ROOM_ID },
    answer: 'Draft',
    example: draft,
  },
  'draft.save': {
    summary: 'Keep a draft',
    description:
      'In place of the one before. It is kept for 30 days, or until the room is closed, and nobody else ever sees it. Sending leaves it: delete it then.',
    errors: [...STREAM, 'message.too_long'],
    request: { roomId: ROOM_ID, body: draft.body },
    answer: 'Draft',
    example: draft,
  },
  'draft.delete': {
    summary: 'Drop the own draft',
    description: 'Dropping none is as good.',
    errors: STREAM,
    request: { roomId: ROOM_ID },
    answer: null,
  },
};
