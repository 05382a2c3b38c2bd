import type { OperationsOf } from './operation.js';
import {
  activity,
  AGENT_ID,
  alex,
  closedRoom,
  CURSOR,
  customerRoom,
  customerRoomState,
  DECISION_ID,
  EPOCH,
  message,
  NOW,
  ROOM_ID,
  staffRoom,
} from './examples.js';

/** What may be wrong with a room that is named. */
const ROOM = ['room.not_found'] as const;
const STREAM = [...ROOM, 'access.denied'] as const;

/** Rooms, and who has them. */
export const ROOM_OPERATIONS: OperationsOf<'room' | 'ai'> = {
  'room.open': {
    summary: 'Open a room',
    description:
      'Opens a room for the own questions, or as staff for a customer. A customer who has a room that is not closed gets that one, unless the business allows several. Over a socket the room is joined as well.',
    errors: ['access.denied', 'user.not_found', 'team.not_found'],
    request: { subject: 'My parcel' },
    repeated: 'There was an open room already: this one.',
    answer: 'Room',
    example: customerRoom,
  },
  'room.join': {
    summary: 'Join a room and read it',
    description:
      'Subscribes this socket to the room first, then reads, so that nothing falls between the entries of the answer and the events. With `after` the answer holds what is missing there, else the newest page.',
    errors: STREAM,
    request: { roomId: ROOM_ID, after: { epoch: EPOCH, public: 0 } },
    answer: 'Joined',
    example: { room: customerRoom, entries: [message], hasMore: false, reset: false },
  },
  'room.leave': {
    summary: 'Leave a room',
    description: 'Ends the subscription of this socket and nothing else.',
    errors: ROOM,
    request: { roomId: ROOM_ID },
    answer: 'Empty',
    example: {},
  },
  'room.sync': {
    summary: 'Read what is missing',
    description:
      'For a reader that saw a gap or was away. A stream that `after` does not name is answered with its newest page. `limit` counts for each stream.',
    errors: STREAM,
    request: { roomId: ROOM_ID, after: { epoch: EPOCH, public: 1 } },
    answer: 'Catchup',
    example: { entries: [activity], hasMore: false, reset: false },
  },
  'room.list': {
    summary: 'List rooms',
    description:
      'The own rooms, for staff those within reach. The one that something happened in last comes first, unless another order is asked for; on a busy server that order may be a second late. Waiting counts from when the room was opened or reopened, and closed rooms come after all others in the orders by it. A cursor goes on where its page ended, also when rooms have moved since; it is good for the order it is from. `q` is looked for in the subject and in what names the customer, also a little misspelt. A filter that nothing fits, be it a label or a team that there is not, is an empty list. Only staff filter by `label`, `priority`, `teamId` and `customerId`, and sort otherwise than by `newest`.',
    errors: ['access.denied', 'view.not_found'],
    request: { status: 'open', assignee: 'none' },
    answer: 'RoomPage',
    example: { items: [staffRoom], nextCursor: CURSOR },
  },
  'room.bulk': {
    summary: 'Change many rooms',
    description:
      'Does to each what `room.assign`, `room.update` or `room.close` does to one, in the order they are named, and says of each what became of it: a refusal of one leaves the others as they are. `assign` takes `agentId` and `teamId`, `label` and `unlabel` take `labels`. Each room counts as a call. It may be sent again as it is.',
    request: { roomIds: [ROOM_ID], action: 'label', labels: ['VIP'] },
    answer: 'BulkResult',
    example: {
      items: [
        { roomId: ROOM_ID, ok: true, room: { ...staffRoom, labels: ['VIP'] }, error: null },
        {
          roomId: '019a2b3c-0000-7000-8000-00000000000f',
          ok: false,
          room: null,
          error: { code: 'room.not_found', message: 'There is no such room', retryable: false },
        },
      ],
    },
  },
  'room.unread': {
    summary: 'Count what is unread',
    description: 'Over the own rooms that are not closed, for staff over those assigned to them.',
    answer: 'UnreadTotals',
    example: { rooms: 1, messages: 3 },
  },
  'room.get': {
    summary: 'Show a room',
    description: 'As the reader may see it: staff see more of it than its customer.',
    errors: ROOM,
    request: { roomId: ROOM_ID },
    answer: 'Room',
    example: customerRoom,
  },
  'room.viewers': {
    summary: 'List who has a room open',
    description:
      'The staff who joined the room, and who of them is writing. Later news come as `room.member_joined` and `typing.started` to who joins as well.',
    errors: ROOM,
    request: { roomId: ROOM_ID },
    answer: 'Viewers',
    example: { items: [{ user: alex, composing: 'internal' }] },
  },
  'room.attendance': {
    summary: 'Tell who attends to rooms',
    description:
      'Of up to 100 rooms, for a list of them: whether the customer is there, which staff have it open and who of them is writing, and how long it waits. Rooms out of reach are left out. None of this is told by events to who has not joined a room: ask again after a while.',
    answer: 'Attendances',
    example: {
      items: [
        {
          roomId: ROOM_ID,
          customerPresence: 'online',
          viewers: [{ user: alex, composing: null }],
          waiting: { since: NOW, position: 2, estimateSeconds: 240 },
        },
      ],
    },
  },
  'room.routing': {
    summary: 'Explain who got a room',
    description:
      'What the server decided about the room while it waited, the newest first: which agents it looked at, and why each was passed over. Agents who were not connected are left out, unless the room is pinned to them.',
    errors: ROOM,
    request: { roomId: ROOM_ID },
    answer: 'RoutingDecisionPage',
    example: {
      items: [{ id: DECISION_ID, at: NOW, agent: alex, reason: 'least_loaded', candidates: [{ agent: alex, verdict: 'chosen' }] }],
      nextCursor: null,
    },
  },
  'room.export': {
    summary: 'Take out the transcript of a room',
    description:
      'All that was said and done up to this moment, in the order of its times, as the reader may see it: a file of JSON, or with `format` of CSV, of plain text or a page to print. CSV has a row for every entry; text and page show messages in their latest state. Times are in UTC. An answer that breaks off is not whole. That staff took it is noted.',
    errors: ROOM,
    request: { roomId: ROOM_ID, format: 'json' },
    answer: 'Transcript',
    example: { room: customerRoomState, entries: [message, activity] },
    otherwise: {
      'text/csv': `seq,stream,createdAt,sender,role,kind,body,attachments\r\n1,public,${NOW},Gwen,guest,text,"Hello, where is my parcel?",\r\n`,
      'text/plain': '2026-11-20 10:00:00 UTC  Gwen (guest)\n    Hello, where is my parcel?\n',
      'text/html': '<!doctype html>',
    },
  },
  'room.update': {
    summary: 'Change a room',
    description:
      'Changes what is named and leaves the rest. Each change is a line of the internal stream. A room that is `snoozed` wakes at `snoozedUntil`, within 366 days, or when its customer writes.',
    errors: [...ROOM, 'room.closed', 'user.not_found', 'label.not_found'],
    request: { roomId: ROOM_ID, priority: 'high' },
    answer: 'Room',
    example: { ...staffRoom, priority: 'high' },
  },
  'ai.toggle': {
    summary: 'Switch the AI of a room on or off',
    description: 'Sets the override `aiEnabled`. Customers hear of it by an activity of the public stream.',
    errors: ROOM,
    request: { roomId: ROOM_ID, enabled: false },
    answer: 'Room',
    example: staffRoom,
  },
  'ai.suggest': {
    summary: 'Suggest an answer',
    description:
      'What the machine would answer to what the customer said last, from the articles that are public. Nothing is sent or stored; `text` is null when it knows nothing. Needs the setting `ai.help`.',
    errors: [...ROOM, 'ai.not_configured'],
    request: { roomId: ROOM_ID },
    answer: 'AiText',
    example: { text: 'Parcels take two days within the country.', tokens: 412 },
  },
  'ai.summarize': {
    summary: 'Sum a room up',
    description:
      'For whoever takes it over. The model is told the last 200 messages of the public stream and no private note. Needs the setting `ai.help` and the engine `openai`.',
    errors: [...ROOM, 'ai.not_configured'],
    request: { roomId: ROOM_ID },
    answer: 'AiText',
    example: { text: 'Gwen asks where her parcel is; it left on Monday. She waits for the tracking number.', tokens: 380 },
  },
  'ai.rewrite': {
    summary: 'Write a text anew',
    description:
      'In the language that it is in, to be clear, friendly, formal or short. Needs the setting `ai.help` and the engine `openai`.',
    errors: [...ROOM, 'message.too_long', 'ai.not_configured'],
    request: { roomId: ROOM_ID, body: 'parcel late sorry', tone: 'friendly' },
    answer: 'AiText',
    example: { text: 'I am sorry that your parcel is late.', tokens: 96 },
  },
  'ai.translate': {
    summary: 'Translate a text',
    description: 'Needs the setting `ai.help` and the engine `openai`.',
    errors: [...ROOM, 'message.too_long', 'ai.not_configured'],
    request: { roomId: ROOM_ID, body: 'Where is my parcel?', language: 'de' },
    answer: 'AiText',
    example: { text: 'Wo ist mein Paket?', tokens: 70 },
  },
  'room.rate': {
    summary: 'Rate a closed room',
    description: 'Its customer may, from 1 to 5, and may do so again: the last rating counts.',
    errors: [...ROOM, 'access.denied', 'room.not_closed'],
    request: { roomId: ROOM_ID, score: 5, comment: 'Quick and kind' },
    answer: 'Room',
    example: {
      ...customerRoom,
      status: 'closed',
      closedAt: closedRoom.closedAt,
      queuePosition: null,
      rating: { score: 5, comment: 'Quick and kind' },
    },
  },
  'room.claim': {
    summary: 'Take a waiting room',
    description: 'Of any number of claims one wins. To claim a room that one has changes nothing.',
    errors: [...ROOM, 'room.closed', 'room.already_assigned', 'agent.at_capacity', 'agent.unavailable'],
    request: { roomId: ROOM_ID },
    answer: 'Room',
    example: staffRoom,
  },
  'room.assign': {
    summary: 'Hand a room to an agent',
    description: 'Or, with `agentId: null`, back to the queue. Only an admin may go over the capacity of the agent, by `force`.',
    errors: [...ROOM, 'user.not_found', 'team.not_found', 'access.denied', 'room.closed', 'agent.unavailable', 'agent.at_capacity'],
    request: { roomId: ROOM_ID, agentId: AGENT_ID },
    answer: 'Room',
    example: staffRoom,
  },
  'room.transfer': {
    summary: 'Hand a room on',
    description:
      'To an agent, or to a team, where it waits for one. The note is an internal message to whoever comes next. A transfer to who has the room already changes nothing.',
    errors: [...ROOM, 'user.not_found', 'team.not_found', 'room.closed', 'agent.unavailable', 'agent.at_capacity'],
    request: { roomId: ROOM_ID, agentId: AGENT_ID, note: 'Wants a refund, has the receipt.' },
    answer: 'Room',
    example: staffRoom,
  },
  'room.close': {
    summary: 'Close a room',
    description: 'Its history stays. To close a closed room changes nothing.',
    errors: ROOM,
    request: { roomId: ROOM_ID },
    answer: 'Room',
    example: closedRoom,
  },
  'room.end': {
    summary: 'End the chat',
    description: 'Closes the room from the side of its customer. To end a closed one changes nothing.',
    errors: ROOM,
    request: { roomId: ROOM_ID },
    answer: 'Room',
    example: { ...customerRoom, status: 'closed', closedAt: closedRoom.closedAt, queuePosition: null },
  },
  'room.reopen': {
    summary: 'Open a closed room again',
    description:
      'Its last assignee gets it back, if that agent still has room for it. To reopen an open one changes nothing. The room of an erased customer stays closed: `room.closed`.',
    errors: [...ROOM, 'room.already_open', 'room.closed'],
    request: { roomId: ROOM_ID },
    answer: 'Room',
    example: staffRoom,
  },
};
