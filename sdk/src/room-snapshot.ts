import { WRITTEN_KINDS, type Message, type Stream } from '../../src/contract/message.js';
import type { QueueEvent, Room, TypingEvent } from '../../src/contract/room.js';
import type { ParleyError } from './error.js';
import { ownMark } from './marker.js';
import type { Outgoing } from './outbox.js';

/** What a person sees of a room. Another object after every change. */
export interface RoomSnapshot {
  /** Null until it was read, and for a room that is to be made by its first message. */
  room: Room | null;
  /** The entries of each stream that are here, without a gap. `internal` is empty for customers. */
  entries: Record<Stream, readonly Message[]>;
  /** Whether older entries exist that are not here. */
  hasOlder: Record<Stream, boolean>;
  /** Own messages that are not confirmed. */
  outgoing: readonly Outgoing[];
  typing: readonly TypingEvent[];
  /** Of a waiting customer, as it was told last. */
  queue: Pick<QueueEvent, 'position' | 'estimateSeconds'> | null;
  /** The words so far of an answer that a machine is writing. */
  aiText: string | null;
  /** Whether everything up to now is here: it is joined, and nothing is missing. */
  isLive: boolean;
  /** Why it cannot be read. */
  error: ParleyError | null;
}

/** A room that something follows. */
export interface Followed {
  readonly id: string | null;
  readonly snapshot: RoomSnapshot;
  readonly show: (change: Partial<RoomSnapshot>) => void;
}

export const emptySnapshot = (outgoing: readonly Outgoing[]): RoomSnapshot => ({
  room: null,
  entries: { public: [], internal: [] },
  hasOlder: { public: false, internal: false },
  outgoing,
  typing: [],
  queue: null,
  aiText: null,
  isLive: false,
  error: null,
});

/** The messages of others after the own read position, among the entries that are here. */
export const unreadOf = ({ room, entries }: RoomSnapshot, userId: string, stream: Stream = 'public'): Message[] => {
  if (!room) return [];
  const { readSeq } = ownMark(room, stream, userId);
  return entries[stream].filter(
    ({ seq, kind, sender, deletedAt }) =>
      seq > readSeq && WRITTEN_KINDS.some((written) => written === kind) && sender?.id !== userId && deletedAt === null,
  );
};
