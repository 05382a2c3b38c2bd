import { STREAMS, type Stream } from '../../src/contract/message.js';
import { furthestMarks, type Mark, type Room } from '../../src/contract/room.js';
import type { Connection } from './connection.js';
import type { Followed } from './room-snapshot.js';

const PAUSE_MS = 400;

const marksOf = (room: Room, stream: Stream): Mark[] =>
  stream === 'public' ? room.marks : 'internalMarks' in room ? room.internalMarks : [];

export const ownMark = (room: Room, stream: Stream, userId: string): Mark =>
  marksOf(room, stream).find((mark) => mark.userId === userId) ?? { userId, deliveredSeq: 0, readSeq: 0 };

/** Somebody has come further; the marks of the others stay as they are, since `show` keeps the furthest of each. */
export const noteMark = ({ snapshot: { room }, show }: Followed, stream: Stream, mark: Mark): void => {
  if (room) show({ room: { ...room, [stream === 'public' ? 'marks' : 'internalMarks']: [mark] } });
};

/** A room as it was told, with the marks that are known to have come further: events and answers may overtake each other. */
export const withFurthestMarks = (known: Room | null, told: Room): Room => {
  // After a backup was restored its marks are the true ones.
  if (known?.epoch !== told.epoch) return told;
  const marks = furthestMarks(known.marks, told.marks);
  if (!('internalMarks' in told)) return { ...told, marks };
  return { ...told, marks, internalMarks: furthestMarks(marksOf(known, 'internal'), told.internalMarks) };
};

/** Tells others how far a person has come in a room, the last word of each little while. */
export class Marker {
  private readonly wanted: Record<Stream, { delivered: number; read: number }> = {
    public: { delivered: 0, read: 0 },
    internal: { delivered: 0, read: 0 },
  };
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly userId: string,
    private readonly followed: Followed,
  ) {}

  mark(stream: Stream, kind: 'delivered' | 'read', seq: number): void {
    if (seq <= this.wanted[stream][kind]) return;
    this.wanted[stream][kind] = seq;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.send();
    }, PAUSE_MS);
  }

  /** Says once more what may have been lost with the connection. */
  send(): void {
    const { room } = this.followed.snapshot;
    if (!room || !this.connection.isOnline) return;
    for (const stream of STREAMS) {
      const { delivered, read } = this.wanted[stream];
      const known = ownMark(room, stream, this.userId);
      if (read <= known.readSeq && delivered <= known.deliveredSeq) continue;
      this.connection
        .call('message.mark', { roomId: room.id, stream, delivered, ...(read > 0 && { read }) })
        .then((mark) => noteMark(this.followed, stream, { userId: this.userId, ...mark }))
        // What was lost is said again when the room is joined the next time.
        .catch(() => undefined);
    }
  }

  end(): void {
    clearTimeout(this.timer);
  }
}
