import type { RoomState, TypingEvent } from '../../src/contract/room.js';
import type { Connection } from './connection.js';
import { noteMark } from './marker.js';
import type { Followed } from './room-snapshot.js';

/** Keeps a room's facts as events tell them, all but its entries. Returns what ends that. */
export const followFacts = (connection: Connection, followed: Followed): (() => void)[] => {
  const here =
    <Payload extends { roomId: string }>(hear: (payload: Payload) => void) =>
    (payload: Payload): void => {
      if (payload.roomId === followed.id) hear(payload);
    };
  const typingBut = ({ user, stream }: TypingEvent): TypingEvent[] =>
    followed.snapshot.typing.filter((one) => one.user.id !== user.id || one.stream !== stream);
  return [
    connection.on('room.updated', (state: RoomState) => {
      const { room, queue } = followed.snapshot;
      if (state.id !== followed.id || !room) return;
      const isQueued = state.status === 'open' && state.assignee === null;
      // Events tell a room as all its readers see it.
      followed.show({ room: { ...room, ...state }, queue: isQueued ? queue : null });
    }),
    connection.on(
      'room.marked',
      here(({ stream, roomId: _, ...mark }) => {
        noteMark(followed, stream, mark);
      }),
    ),
    connection.on(
      'typing.started',
      here((typing) => followed.show({ typing: [...typingBut(typing), typing] })),
    ),
    connection.on(
      'typing.stopped',
      here((typing) => followed.show({ typing: typingBut(typing) })),
    ),
    connection.on(
      'queue.moved',
      here(({ position, estimateSeconds }) => followed.show({ queue: { position, estimateSeconds } })),
    ),
    connection.on(
      'ai.delta',
      here(({ text }) => followed.show({ aiText: (followed.snapshot.aiText ?? '') + text })),
    ),
    connection.on(
      'room.removed',
      here(() => followed.show({ isLive: false })),
    ),
  ];
};
