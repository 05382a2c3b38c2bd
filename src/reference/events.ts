import type { ServerEvent, ServerToClientEvents } from '../contract/socket-events.js';
import {
  activity,
  AGENT_ID,
  alex,
  customerRoomState,
  edited,
  guest,
  GUEST_ID,
  LATER,
  mention,
  NOW,
  ROOM_ID,
  staffRoomState,
  TEAM_ID,
} from './examples.js';

/** What the documents say of an event that the code cannot tell by itself. */
interface EventNote<Name extends ServerEvent> {
  summary: string;
  description: string;
  /** Who gets it. */
  audience: string;
  /** The contract type of the payload. */
  payload: string;
  example: Parameters<ServerToClientEvents[Name]>[0];
}

const IN_ROOM = 'The sockets that joined the room, of each stream those whose people may read it.';

export const EVENTS: { [Name in ServerEvent]: EventNote<Name> } = {
  'message.created': {
    summary: 'A stream has a new entry',
    description:
      'Any new entry: a message, an activity line, an edit or a deletion. Drop one whose `seq` is not above the last one applied; if it is more than one above, call `room.sync`.',
    audience: `${IN_ROOM} Not the socket that sent the message, which has it as its ack.`,
    payload: 'Message',
    example: activity,
  },
  'message.updated': {
    summary: 'A message has another state',
    description:
      'The new state of a message that was edited or deleted. Follows the entry that tells of it, carries the old `seq`, and is outside the rule for new entries.',
    audience: IN_ROOM,
    payload: 'WrittenEntry',
    example: edited,
  },
  'mention.created': {
    summary: 'Somebody named the agent in a message',
    description:
      'The message and the room as it is when this is sent, whether the room was joined or not. Once for a message; missed ones are in the list of mentions.',
    audience: 'Every socket of the agent who is named, if it reaches the room. Not the author.',
    payload: 'MentionEvent',
    example: { message: mention.message, room: staffRoomState },
  },
  'ai.delta': {
    summary: 'A machine writes an answer',
    description:
      'The next words of the answer named by `turn`. When it is whole it follows as a message with `ai: true`, which replaces these words. If somebody speaks before that, the answer does not come: forget the words of a turn when any other entry of the public stream arrives.',
    audience: 'The sockets that joined the room.',
    payload: 'DeltaEvent',
    example: { roomId: ROOM_ID, turn: 1, text: 'Parcels take ' },
  },
  'room.created': {
    summary: 'A room was opened',
    description: 'The room as it is when this is sent.',
    audience: 'All staff who reach the room, without joining.',
    payload: 'StaffRoomState',
    example: staffRoomState,
  },
  'room.updated': {
    summary: 'A room has changed',
    description: 'The room as it is when this is sent. Because of messages it comes at most once per room and second.',
    audience: 'All staff who reach the room, without joining; the joined sockets of its customer when its own view has changed.',
    payload: 'RoomState',
    example: customerRoomState,
  },
  'room.removed': {
    summary: 'A room is out of reach',
    description: 'Take it out of every list: nothing of it is told any more, and to ask for it is `room.not_found`.',
    audience:
      'Agents who reached the room until it was given to others; of rooms that are lost with a change of what an agent reaches, only the sockets that joined, see `reach.changed`.',
    payload: 'RemovedEvent',
    example: { roomId: ROOM_ID },
  },
  'reach.changed': {
    summary: 'An agent reaches other rooms',
    description:
      'An admin changed `agentScope` or its teams. List the rooms again and drop those that are not there: they may be thousands, and are not told one by one. From now on the events are of what is reached now.',
    audience: 'Every socket of the agent.',
    payload: 'ReachEvent',
    example: { agentScope: 'team', teamIds: [TEAM_ID] },
  },
  'queue.moved': {
    summary: 'A waiting room has another place in the queue',
    description:
      'Its place, and how long the wait will be at most, as a rule: it turns out shorter in four of five cases. Comes after joining too, and at most once a second.',
    audience: 'The joined sockets of the customer of the room.',
    payload: 'QueueEvent',
    example: { roomId: ROOM_ID, position: 2, estimateSeconds: 240 },
  },
  'room.marked': {
    summary: 'Somebody received or read more',
    description: 'Where the marks of a person stand now. They never go back: where an answer over REST says less, it is older.',
    audience:
      'Staff who joined the room; its customer hears of its own marks and those of present and former assignees, in the public stream.',
    payload: 'MarkedEvent',
    example: { roomId: ROOM_ID, stream: 'public', userId: GUEST_ID, deliveredSeq: 2, readSeq: 2 },
  },
  'room.member_joined': {
    summary: 'Somebody has the room open',
    description: 'The first socket of a person joined.',
    audience: 'Staff who joined the room; its customer hears of its assignee only. Not the person itself.',
    payload: 'MemberEvent',
    example: { roomId: ROOM_ID, user: alex },
  },
  'room.member_left': {
    summary: 'Somebody has the room open no more',
    description: 'The last joined socket of a person left or is gone.',
    audience: 'Staff who joined the room; its customer hears of its assignee only. Not the person itself.',
    payload: 'MemberEvent',
    example: { roomId: ROOM_ID, user: alex },
  },
  'typing.started': {
    summary: 'Somebody is writing',
    description: 'Show it until `typing.stopped`, which comes after 6 s by itself. Whoever joins meanwhile hears it with the join.',
    audience: `${IN_ROOM} Not the person itself.`,
    payload: 'TypingEvent',
    example: { roomId: ROOM_ID, stream: 'public', user: guest },
  },
  'typing.stopped': {
    summary: 'Somebody is writing no more',
    description: 'The person stopped, sent a message, left or said nothing for 6 s.',
    audience: `${IN_ROOM} Not the person itself.`,
    payload: 'TypingEvent',
    example: { roomId: ROOM_ID, stream: 'public', user: guest },
  },
  'presence.changed': {
    summary: 'An agent has another status',
    description: 'Offline is told 15 s after the last socket closed, so that a reload is not an absence.',
    audience: 'All staff of the business, and the customers whose rooms the agent holds.',
    payload: 'Presence',
    example: { userId: AGENT_ID, status: 'away', lastSeenAt: NOW },
  },
  'auth.expiring': {
    summary: 'The access token ends soon',
    description: 'Comes 60 s before. Send a fresh token by `auth.refresh`; else the socket is cut 30 s after the end.',
    audience: 'The socket whose token it is.',
    payload: 'ExpiringEvent',
    example: { expiresAt: LATER },
  },
  'server.draining': {
    summary: 'The server is about to stop',
    description: 'What is under way is still answered. Connect again after the time given.',
    audience: 'Every socket.',
    payload: 'DrainingEvent',
    example: { retryAfterMs: 1000 },
  },
  'session.ended': {
    summary: 'The session has ended',
    description:
      'The socket is cut right after. The session itself goes on after `expired`, `slow_consumer` and `too_many_sockets`: connect again, and catch up. `slow_consumer` has left more than 1 MB unread that did not grow shorter, or read nothing for ten seconds. After `too_many_sockets` a person has as many connections as are allowed, of which the oldest had to go, and whoever comes back at once cuts another.',
    audience: 'Every socket of the session.',
    payload: 'EndedEvent',
    example: { reason: 'logout' },
  },
};
