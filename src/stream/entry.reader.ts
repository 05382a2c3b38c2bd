import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { And, In, IsNull, LessThan, MoreThan, MoreThanOrEqual, Not, type EntityManager, type FindOperator, Repository } from 'typeorm';
import { WRITTEN_KINDS, type MessageKind, type Stream } from '../contract/message.js';
import { BatchLoader } from '../database/batch-loader.js';
import { Reads } from '../database/reads.js';
import { AppError } from '../error/app-error.js';
import { Entry } from './entry.entity.js';
import { StreamCounter } from './stream-counter.entity.js';
import { StreamEpoch } from './stream-epoch.entity.js';

export interface EntryPage {
  /** Ascending. */
  entries: Entry[];
  /** Newer ones exist when `after` was given, else older ones. */
  hasMore: boolean;
}

interface Bounds {
  before?: number;
  after?: number;
  limit: number;
}

/** The largest number that the database counts to. A client may ask beyond it, and finds nothing there. */
export const HIGHEST_SEQ = 2_147_483_647;

/** The number of an entry, in the text of a cursor. */
export const isSeq = (text: string): boolean => /^\d{1,10}$/.test(text) && Number(text) <= HIGHEST_SEQ;

/** How far somebody read a stream, and up to how many unread messages are counted. */
interface UnreadPlace {
  readerId: string;
  roomId: string;
  stream: Stream;
  readSeq: number;
  cap: number;
}

/** The public entries of given rooms at given numbers; one row a time, so that the key is used however small the table seems. */
const LAST = `unnest($1::uuid[], $2::integer[]) AS asked (room_id, seq) CROSS JOIN LATERAL (
  SELECT * FROM message m WHERE m.room_id = asked.room_id AND m.stream = 'public' AND m.seq = asked.seq LIMIT 1) "own"`;

const UNREAD = {
  name: 'unread',
  text: `
SELECT n.unread
  FROM ROWS FROM (unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::text[]), unnest($4::integer[]), unnest($5::integer[]))
    WITH ORDINALITY AS p (reader_id, room_id, stream, seq, cap, ord)
  CROSS JOIN LATERAL (SELECT count(*)::integer AS unread FROM (
    SELECT 1 FROM message m WHERE m.room_id = p.room_id AND m.stream = p.stream AND m.seq > p.seq
      AND m.kind = ANY ($6) AND m.sender_id <> p.reader_id AND m.deleted_at IS NULL LIMIT p.cap) counted) n
  ORDER BY p.ord`,
};

/** Reads the streams. Knows nothing of who may read what. */
@Injectable()
export class EntryReader {
  /** Where the streams of many rooms stand; rooms that do not exist are left out. */
  readonly countersOf: (roomIds: string[]) => Promise<StreamCounter[]>;
  private knownEpoch: string | undefined;
  private readonly unreadLoader = new BatchLoader((places: UnreadPlace[]) => this.countUnreadAt(places));
  private readonly counterLoader: BatchLoader<string, StreamCounter | undefined>;
  private readonly findLast: (roomIds: string[], lastSeqs: number[]) => Promise<Entry[]>;

  constructor(
    @InjectRepository(Entry) private readonly entries: Repository<Entry>,
    @InjectRepository(StreamEpoch) private readonly epochs: Repository<StreamEpoch>,
    private readonly reads: Reads,
  ) {
    this.countersOf = reads.by(StreamCounter, 'roomId');
    this.counterLoader = BatchLoader.byKey(this.countersOf, ({ roomId }) => roomId);
    this.findLast = reads.from(Entry, { name: 'last entries', from: LAST });
  }

  /** The epoch of this database. It changes only while no server runs. */
  async epoch(): Promise<string> {
    this.knownEpoch ??= (await this.epochs.findOneByOrFail({ id: 1 })).epoch;
    return this.knownEpoch;
  }

  /** One page: the oldest after `after` when it is given, else the newest. */
  async page(roomId: string, stream: Stream, { before, after, limit }: Bounds): Promise<EntryPage> {
    const bounds: FindOperator<number>[] = [];
    if (before !== undefined) bounds.push(LessThan(Math.min(before, HIGHEST_SEQ)));
    if (after !== undefined) bounds.push(MoreThan(Math.min(after, HIGHEST_SEQ)));
    const isForward = after !== undefined;
    const found = await this.entries.find({
      where: { roomId, stream, ...(bounds.length > 0 && { seq: And(...bounds) }) },
      order: { seq: isForward ? 'ASC' : 'DESC' },
      take: limit + 1,
    });
    const entries = found.slice(0, limit);
    return { entries: isForward ? entries : entries.reverse(), hasMore: found.length > limit };
  }

  /** The entries after `after` and up to `end`, ascending, as rows of the driver that nothing else holds. */
  rows(roomId: string, stream: Stream, after: number, end: number, limit: number): Promise<Entry[]> {
    const columns = this.entries.metadata.columns.filter(({ isSelect }) => isSelect);
    const names = columns.map(({ databaseName, propertyName }) => `m."${databaseName}" AS "${propertyName}"`);
    return this.entries.query<Entry[]>(
      `SELECT ${names.join(', ')} FROM message m
        WHERE m.room_id = $1 AND m.stream = $2 AND m.seq > $3 AND m.seq <= $4 ORDER BY m.seq LIMIT $5`,
      [roomId, stream, after, end, limit],
    );
  }

  /** Where the streams of a room stand. @throws AppError `room.not_found`. */
  async counter(roomId: string): Promise<StreamCounter> {
    const counter = await this.counterLoader.get(roomId);
    if (!counter) throw new AppError('room.not_found');
    return counter;
  }

  findById(roomId: string, id: string, tx?: EntityManager): Promise<Entry | null> {
    return (tx?.getRepository(Entry) ?? this.entries).findOneBy({ roomId, id });
  }

  /** In no order; unknown ids are left out. */
  findByIds(ids: string[]): Promise<Entry[]> {
    return ids.length === 0 ? Promise.resolve([]) : this.entries.findBy({ id: In(ids) });
  }

  /** What a message said before any edit; null when it was deleted. */
  async firstBody({ id, body, editedAt }: Entry, tx?: EntityManager): Promise<string | null> {
    if (editedAt === null) return body;
    const found = await (tx?.getRepository(Entry) ?? this.entries).findOne({ where: { id }, select: { id: true, firstBody: true } });
    return found?.firstBody ?? null;
  }

  /** The edits of a message after the entry `after`, ascending. */
  edits({ roomId, stream, seq }: Entry, after: number, limit: number): Promise<Entry[]> {
    const where = { roomId, stream, targetSeq: seq, kind: 'edit' as const, seq: MoreThan(after) };
    return this.entries.find({ where, order: { seq: 'ASC' }, take: limit });
  }

  findBySeq(roomId: string, stream: Stream, seqs: number[]): Promise<Entry[]> {
    return this.entries.findBy({ roomId, stream, seq: In(seqs) });
  }

  /** The message that a sender stored under its own key, in the given room or in any. */
  findByKey(senderId: string, clientMessageId: string, roomId?: string): Promise<Entry | null> {
    return this.entries.findOneBy({ senderId, clientMessageId, ...(roomId !== undefined && { roomId }) });
  }

  /**
   * The last written message of the public stream of each room that has one; `lastSeqs` are the numbers they stand at.
   * It is nearly always the last entry itself, which is found by its key; only behind activity lines and edits is it looked for.
   */
  async lastMessages(roomIds: string[], lastSeqs: number[]): Promise<Entry[]> {
    const last = await this.findLast(roomIds, lastSeqs);
    const written = last.filter(({ kind }) => (WRITTEN_KINDS as readonly MessageKind[]).includes(kind));
    const found = new Set(written.map(({ roomId }) => roomId));
    const others = roomIds.filter((roomId) => !found.has(roomId));
    if (others.length === 0) return written;
    const rows = await this.entries.query<{ id: string }[]>(
      `SELECT m.id FROM unnest($1::uuid[]) AS r (id) CROSS JOIN LATERAL (
         SELECT id FROM message WHERE room_id = r.id AND stream = 'public' AND kind = ANY ($2) ORDER BY seq DESC LIMIT 1) m`,
      [others, WRITTEN_KINDS],
    );
    return [...written, ...(await this.entries.findBy({ id: In(rows.map(({ id }) => id)) }))];
  }

  /** The number of the last message that others wrote in a stream, of those from `from` on if any is; null when there is none. */
  async lastOfOthers(readerId: string, roomId: string, stream: Stream, from = 0): Promise<number | null> {
    const [found] = await this.entries.find({
      select: { seq: true },
      where: {
        roomId,
        stream,
        kind: In([...WRITTEN_KINDS]),
        senderId: Not(readerId),
        deletedAt: IsNull(),
        seq: MoreThanOrEqual(Math.min(from, HIGHEST_SEQ)),
      },
      order: { seq: 'DESC' },
      take: 1,
    });
    return found?.seq ?? null;
  }

  /** How many written messages of others come after a read position, up to the cap. */
  countUnread(place: UnreadPlace): Promise<number> {
    return this.unreadLoader.get(place);
  }

  private async countUnreadAt(places: UnreadPlace[]): Promise<number[]> {
    const rows = await this.reads.rows<{ unread: number }>({
      ...UNREAD,
      values: [
        places.map(({ readerId }) => readerId),
        places.map(({ roomId }) => roomId),
        places.map(({ stream }) => stream),
        places.map(({ readSeq }) => readSeq),
        places.map(({ cap }) => cap),
        WRITTEN_KINDS,
      ],
    });
    return rows.map(({ unread }) => unread);
  }
}
