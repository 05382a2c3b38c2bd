import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { And, In, LessThan, MoreThan, type EntityManager, type FindOperator, Repository } from 'typeorm';
import { WRITTEN_KINDS, type Stream } from '../contract/message.js';
import { Entry } from './entry.entity.js';
import { StreamCounter } from './stream-counter.entity.js';
import { StreamEpoch } from './stream-epoch.entity.js';

export interface EntryPage {
  /** Ascending. */
  entries: Entry[];
  /** Newer ones exist when `after` was given, else older ones. */
  hasMore: boolean;
}

export interface Bounds {
  before?: number;
  after?: number;
  limit: number;
}

/** The largest number that the database counts to. A client may ask beyond it, and finds nothing there. */
export const HIGHEST_SEQ = 2_147_483_647;

/** How far somebody read a stream. */
export interface ReadPosition {
  roomId: string;
  stream: Stream;
  readSeq: number;
}

/** Reads the streams. Knows nothing of who may read what. */
@Injectable()
export class EntryReader {
  private knownEpoch: string | undefined;

  constructor(
    @InjectRepository(Entry) private readonly entries: Repository<Entry>,
    @InjectRepository(StreamCounter) private readonly counters: Repository<StreamCounter>,
    @InjectRepository(StreamEpoch) private readonly epochs: Repository<StreamEpoch>,
  ) {}

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

  counter(roomId: string): Promise<StreamCounter> {
    return this.counters.findOneByOrFail({ roomId });
  }

  countersOf(roomIds: string[]): Promise<StreamCounter[]> {
    return this.counters.findBy({ roomId: In(roomIds) });
  }

  findById(roomId: string, id: string, tx?: EntityManager): Promise<Entry | null> {
    return (tx?.getRepository(Entry) ?? this.entries).findOneBy({ roomId, id });
  }

  findBySeq(roomId: string, stream: Stream, seqs: number[]): Promise<Entry[]> {
    return this.entries.findBy({ roomId, stream, seq: In(seqs) });
  }

  /** The message that a sender stored under its own key, in the given room or in any. */
  findByKey(senderId: string, clientMessageId: string, roomId?: string): Promise<Entry | null> {
    return this.entries.findOneBy({ senderId, clientMessageId, ...(roomId !== undefined && { roomId }) });
  }

  /** The last written message of the public stream of each room that has one. */
  async lastMessages(roomIds: string[]): Promise<Entry[]> {
    if (roomIds.length === 0) return [];
    const rows = await this.entries.query<{ id: string }[]>(
      `SELECT m.id FROM unnest($1::uuid[]) AS r (id) CROSS JOIN LATERAL (
         SELECT id FROM message WHERE room_id = r.id AND stream = 'public' AND kind = ANY ($2) ORDER BY seq DESC LIMIT 1) m`,
      [roomIds, WRITTEN_KINDS],
    );
    return this.entries.findBy({ id: In(rows.map(({ id }) => id)) });
  }

  /** Written messages of others after a read position, in each of `places`; none is counted past `cap`. */
  async countUnread(readerId: string, places: ReadPosition[], cap: number): Promise<number[]> {
    if (places.length === 0) return [];
    const rows = await this.entries.query<{ unread: number }[]>(
      `SELECT n.unread FROM ROWS FROM (unnest($2::uuid[]), unnest($3::text[]), unnest($4::integer[])) WITH ORDINALITY AS p (room_id, stream, seq, ord)
       CROSS JOIN LATERAL (SELECT count(*)::integer AS unread FROM (
         SELECT 1 FROM message m WHERE m.room_id = p.room_id AND m.stream = p.stream AND m.seq > p.seq
           AND m.kind = ANY ($5) AND m.sender_id <> $1 AND m.deleted_at IS NULL LIMIT $6) counted) n
       ORDER BY p.ord`,
      [readerId, places.map((p) => p.roomId), places.map((p) => p.stream), places.map((p) => p.readSeq), WRITTEN_KINDS, cap],
    );
    return rows.map(({ unread }) => unread);
  }
}
