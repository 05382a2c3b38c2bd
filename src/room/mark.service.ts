import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { DomainEventMap } from '../contract/domain-events.js';
import type { Stream } from '../contract/message.js';
import type { MarkPosition, Room as RoomView } from '../contract/room.js';
import { retried } from '../database/clash.js';
import { EventBus } from '../event/event-bus.js';
import { EntryReader, HIGHEST_SEQ } from '../stream/entry.reader.js';
import { Mark } from './mark.entity.js';
import type { MarkDto, MarkUnreadDto } from './room.dto.js';
import { requireStream } from './room.policy.js';
import { RoomService } from './room.service.js';

interface Advanced {
  delivered: number;
  read: number;
  was_assignee: boolean;
  moved: boolean;
}

const ADVANCE = 'SELECT * FROM advance_mark($1, $2, $3, $4, $5)';

const MARKED = `
SELECT r.id AS room_id, s.user_id, s.stream, max(s.delivered_seq) AS delivered_seq, max(s.read_seq) AS read_seq,
    s.stream = 'public' AND (bool_or(s.was_assignee) OR s.user_id = r.customer_id) AS is_customer_visible
  FROM room r CROSS JOIN LATERAL (
    SELECT user_id, was_assignee, 'public', public_delivered, public_read FROM mark m WHERE m.room_id = r.id
    UNION ALL SELECT user_id, false, 'internal', internal_delivered, internal_read FROM mark m WHERE m.room_id = r.id
    UNION ALL SELECT r.customer_id, false, 'public', customer_seq, customer_seq FROM stream_counter c WHERE c.room_id = r.id
  ) AS s (user_id, was_assignee, stream, delivered_seq, read_seq)
  WHERE r.id = ANY ($1::uuid[]) AND s.delivered_seq > 0
  GROUP BY r.id, s.user_id, s.stream`;

interface MarkedRow {
  room_id: string;
  user_id: string;
  stream: Stream;
  delivered_seq: number;
  read_seq: number;
  is_customer_visible: boolean;
}

/** How far people got in a stream. */
@Injectable()
export class MarkService {
  constructor(
    @InjectRepository(Mark) private readonly marks: Repository<Mark>,
    private readonly rooms: RoomService,
    private readonly reader: EntryReader,
    private readonly events: EventBus,
  ) {}

  /** Moves the actor's marks, never back and never past the last entry; read implies delivered. Answers where they stand. */
  async mark(actor: Actor, roomId: string, { stream = 'public', delivered = 0, read = 0 }: MarkDto): Promise<MarkPosition> {
    requireStream(actor, stream);
    const { customerId } = await this.rooms.require(actor, roomId);
    const wanted = [Math.min(delivered, HIGHEST_SEQ), Math.min(read, HIGHEST_SEQ)];
    const [at] = await retried(() => this.marks.query<Advanced[]>(ADVANCE, [roomId, actor.id, stream, ...wanted]));
    const { delivered: deliveredSeq, read: readSeq, was_assignee, moved } = at as Advanced;
    if (moved) {
      const isCustomerVisible = stream === 'public' && (was_assignee || actor.id === customerId);
      this.events.announce('room.marked', { roomId, stream, userId: actor.id, deliveredSeq, readSeq, isCustomerVisible });
    }
    return { deliveredSeq, readSeq };
  }

  /**
   * Counts a stream as unread from `seq` on for this person, or from the last message of somebody else, until it reads on or answers. The
   * marks that others see stay where they are. With nothing to count it changes nothing.
   */
  async markUnread(actor: Actor, roomId: string, { stream = 'public', seq }: MarkUnreadDto): Promise<RoomView> {
    requireStream(actor, stream);
    await this.rooms.require(actor, roomId);
    const { customerSeq: unreadAtAnswer } = await this.reader.counter(roomId);
    const from = await this.reader.lastOfOthers(actor.id, roomId, stream, seq);
    if (from !== null) {
      const unreadFrom = { [`${stream}UnreadFrom`]: Math.min(from, seq ?? from), unreadAtAnswer };
      const mark = { roomId, userId: actor.id, ...unreadFrom };
      await retried(() => this.marks.upsert(mark, ['roomId', 'userId']));
    }
    return this.rooms.get(actor, roomId);
  }

  /** Where everybody stands in these rooms, as whoever has missed it is told. */
  async of(roomIds: string[]): Promise<DomainEventMap['room.marked'][]> {
    const rows = await this.marks.query<MarkedRow[]>(MARKED, [roomIds]);
    return rows.map((row) => ({
      roomId: row.room_id,
      stream: row.stream,
      userId: row.user_id,
      deliveredSeq: row.delivered_seq,
      readSeq: row.read_seq,
      isCustomerVisible: row.is_customer_visible,
    }));
  }
}
