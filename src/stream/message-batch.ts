import type { Statement } from '../database/prepared.js';
import { appendMessage } from './append-message.js';
import { textArray, uuidArray } from './binary-array.js';
import type { NewEntry, StoredAt, Verdict } from './new-entry.js';

/** What the statement returns for one sender in one room. */
export interface LaneRow extends Omit<StoredAt, 'seq'> {
  public_seq: number;
  internal_seq: number;
}

/** What a batch does to the question that a room's customer waits to be answered. */
const ASKS = { unchanged: 0, answered: 1, asked: 2, askedAnew: 3 } as const;

interface Room {
  /** From 1, in the order of ids. */
  place: number;
  publics: number;
  internals: number;
  lanes: Lane[];
  asks: (typeof ASKS)[keyof typeof ASKS];
  /** Of the customer's last message among the new ones, 0 without one. */
  spoken: number;
}

interface Lane {
  /** From 1, in the order of first messages. */
  place: number;
  room: Room;
  senderId: string;
  businessId: string;
  /** The last places of staff, who have marks for them; 0 where there is none. */
  publics: number;
  internals: number;
}

interface Placed {
  entry: NewEntry;
  lane: Lane;
  /** From 1, among the new messages of its room and stream. */
  place: number;
}

/** An array of what needs no quotes, as text: as such it costs no more. */
const plain = <T>(items: T[], textOf: (item: T) => string | number): string => `{${items.map(textOf).join(',')}}`;

const APPEND_MESSAGES = {
  name: 'append_messages',
  text: 'SELECT * FROM append_messages($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)',
};

/** Texts of people, to be stored in the short way. */
export class MessageBatch {
  private readonly rooms: Map<string, Room>;
  private readonly lanes: Lane[] = [];
  private readonly placed: Placed[];

  /** Whether the short way can take an entry at all; whether it finds its room and sender in order shows there. */
  static takes({ kind, clientMessageId, mentions, body, ai, automatic }: NewEntry): boolean {
    return kind === 'text' && !ai && !automatic && clientMessageId !== undefined && body !== undefined && !mentions?.length;
  }

  constructor(entries: NewEntry[]) {
    const ids = [...new Set(entries.map(({ roomId }) => roomId))].sort();
    this.rooms = new Map(
      ids.map((id, index) => [id, { place: index + 1, publics: 0, internals: 0, lanes: [], asks: ASKS.unchanged, spoken: 0 }]),
    );
    this.placed = entries.map((entry) => this.place(entry));
  }

  /** What stores them, and returns a `LaneRow` for each lane. */
  get statement(): Statement {
    const [first] = this.placed;
    return first && this.placed.length === 1 ? appendMessage(first.entry) : { ...APPEND_MESSAGES, values: this.values };
  }

  /** The arguments of `append_messages`, in its order. */
  private get values(): (string | Buffer)[] {
    const { lanes, placed } = this;
    const rooms = [...this.rooms.values()];
    return [
      uuidArray([...this.rooms.keys()]),
      plain(rooms, ({ publics }) => publics),
      plain(rooms, ({ internals }) => internals),
      plain(lanes, ({ room }) => room.place),
      uuidArray(lanes.map(({ senderId }) => senderId)),
      uuidArray(lanes.map(({ businessId }) => businessId)),
      plain(lanes, ({ publics }) => publics),
      plain(lanes, ({ internals }) => internals),
      plain(placed, ({ lane }) => lane.place),
      plain(placed, ({ place }) => place),
      plain(placed, ({ entry }) => (entry.stream === 'internal' ? 't' : 'f')),
      uuidArray(placed.map(({ entry }) => entry.id)),
      uuidArray(placed.map(({ entry }) => entry.clientMessageId)),
      textArray(placed.map(({ entry }) => entry.fingerprint as string)),
      textArray(placed.map(({ entry }) => entry.body as string)),
      uuidArray(placed.map(({ entry }) => entry.replyTo)),
      plain(rooms, ({ asks }) => asks),
      plain(rooms, ({ spoken }) => spoken),
    ];
  }

  /** What became of each entry: all are stored, or undefined when the statement left the batch to the long way. */
  verdicts(rows: LaneRow[]): Verdict[] | undefined {
    if (rows.length !== this.lanes.length) return undefined;
    return this.placed.map(({ entry, lane, place }) => {
      const at = rows[lane.place - 1] as LaneRow;
      return {
        verdict: 'stored',
        seq: (entry.stream === 'public' ? at.public_seq : at.internal_seq) + place,
        created_ms: at.created_ms,
        sender_role: at.sender_role,
        sender_name: at.sender_name,
        sender_avatar_url: at.sender_avatar_url,
        woke_seq: null,
      };
    });
  }

  private place(entry: NewEntry): Placed {
    const room = this.rooms.get(entry.roomId) as Room;
    const lane = this.laneOf(entry, room);
    if (entry.stream === 'public') {
      const isAfterStaff = room.asks === ASKS.answered || room.asks === ASKS.askedAnew;
      room.asks = !entry.wakes ? ASKS.answered : isAfterStaff ? ASKS.askedAnew : ASKS.asked;
      const place = ++room.publics;
      if (entry.wakes) room.spoken = place;
      else lane.publics = place;
      return { entry, lane, place };
    }
    return { entry, lane, place: (lane.internals = ++room.internals) };
  }

  private laneOf({ senderId, businessId }: NewEntry, room: Room): Lane {
    const known = room.lanes.find((lane) => lane.senderId === senderId);
    if (known) return known;
    const lane = { place: this.lanes.length + 1, room, senderId: senderId as string, businessId, publics: 0, internals: 0 };
    room.lanes.push(lane);
    this.lanes.push(lane);
    return lane;
  }
}
