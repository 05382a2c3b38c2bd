import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { withinReach } from '../access/permissions.js';
import type { WrittenEntry } from '../contract/message.js';
import type { Mention as MentionView, MentionEvent } from '../contract/mention.js';
import type { Page } from '../contract/page.js';
import type { StaffRoom } from '../contract/room.js';
import { EntryPresenter } from '../room/entry.presenter.js';
import { Room } from '../room/room.entity.js';
import { RoomPresenter } from '../room/room.presenter.js';
import { Entry } from '../stream/entry.entity.js';
import { EntryReader } from '../stream/entry.reader.js';
import { decodeCursor, toPage } from '../validation/cursor.js';
import type { PageQuery } from '../validation/page-query.js';
import { isUuid, limitOrDefault } from '../validation/rules.js';
import { Mention } from './mention.entity.js';

/** Who is named where. */
export type Named = Pick<Mention, 'userId' | 'messageId' | 'roomId'>;

const unique = (ids: string[]): string[] => [...new Set(ids)];

/** Finds the messages in which people are named. */
@Injectable()
export class MentionService {
  constructor(
    @InjectRepository(Mention) private readonly mentions: Repository<Mention>,
    private readonly reader: EntryReader,
    private readonly entries: EntryPresenter,
    private readonly rooms: RoomPresenter,
  ) {}

  /** The messages that name the actor in rooms that it reaches now, the newest first, without those that were deleted. */
  async list(actor: Actor, { limit, cursor }: PageQuery): Promise<Page<MentionView>> {
    const size = limitOrDefault(limit);
    const { sql, values } = withinReach(actor, 'r');
    const found = this.mentions
      .createQueryBuilder('n')
      .select('n.message_id', 'messageId')
      .addSelect('n.room_id', 'roomId')
      .innerJoin(Room, 'r', 'r.id = n.room_id')
      .innerJoin(Entry, 'm', 'm.id = n.message_id AND m.deleted_at IS NULL')
      .where('n.user_id = :me', { me: actor.id })
      .andWhere(sql, values);
    if (cursor !== undefined) {
      const [before] = decodeCursor(cursor, [isUuid]);
      found.andWhere('n.message_id < :before', { before });
    }
    const rows = await found
      .orderBy('n.message_id', 'DESC')
      .limit(size + 1)
      .getRawMany<Omit<Named, 'userId'>>();
    const page = toPage(rows, size, ({ messageId }) => [messageId]);
    const [messages, rooms] = await Promise.all([
      this.messagesOf(page.items),
      this.rooms.forList(actor, unique(page.items.map(({ roomId }) => roomId))),
    ]);
    const roomOf = new Map(rooms.map((room) => [room.id, room as StaffRoom]));
    const items = page.items.flatMap(({ messageId, roomId }) => {
      const [message, room] = [messages.get(messageId), roomOf.get(roomId)];
      return message && room ? [{ message, room }] : [];
    });
    return { ...page, items };
  }

  /** Who was named within the last seconds, by the clock of the database. */
  async recent(seconds: number): Promise<Named[]> {
    return this.mentions
      .createQueryBuilder('n')
      .select('n.user_id', 'userId')
      .addSelect('n.message_id', 'messageId')
      .addSelect('n.room_id', 'roomId')
      .where('n.created_at > now() - make_interval(secs => :seconds)', { seconds })
      .orderBy('n.message_id')
      .getRawMany<Named>();
  }

  /** As events tell of them, by the id of the message; without messages that were deleted since. */
  async forEvents(named: Named[]): Promise<Map<string, MentionEvent>> {
    const [messages, views] = await Promise.all([this.messagesOf(named), this.rooms.forEvents(unique(named.map(({ roomId }) => roomId)))]);
    const roomOf = new Map(views.map(({ staff }) => [staff.id, staff]));
    const events = [...messages.values()].flatMap((message): [string, MentionEvent][] => {
      const room = roomOf.get(message.roomId);
      return room && message.deletedAt === null ? [[message.id, { message, room }]] : [];
    });
    return new Map(events);
  }

  private async messagesOf(named: Pick<Named, 'messageId'>[]): Promise<Map<string, WrittenEntry>> {
    const found = await this.reader.findByIds(unique(named.map(({ messageId }) => messageId)));
    const messages = (await this.entries.present(found)) as WrittenEntry[];
    return new Map(messages.map((message) => [message.id, message]));
  }
}
