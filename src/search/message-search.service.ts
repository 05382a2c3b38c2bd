import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { WrittenEntry } from '../contract/message.js';
import type { Page } from '../contract/page.js';
import type { MessageHit, RoomMessageHit } from '../contract/search.js';
import { SearchIndexer } from '../message/search.indexer.js';
import { EntryPresenter } from '../room/entry.presenter.js';
import { RoomPresenter } from '../room/room.presenter.js';
import { RoomService } from '../room/room.service.js';
import type { Entry } from '../stream/entry.entity.js';
import { EntryReader } from '../stream/entry.reader.js';
import { decodeCursor, encodeCursor } from '../validation/cursor.js';
import { isUuid, limitOrDefault } from '../validation/rules.js';
import { MARKS, START, prepared, toHtml } from './mark-hits.js';
import { phraseOf } from './search-phrase.js';
import type { SearchMessagesDto } from './search.dto.js';

/** Messages that hold the words but are not for this reader: after so many of them a page ends early. */
const PATIENCE = 10_000;
/** What is no longer than this is shown whole, of the rest two pieces of about a line each. */
const WHOLE = 240;
const CUT = 'MaxFragments=2, MaxWords=30, MinWords=10, ShortWord=0, FragmentDelimiter=" … "';

interface Found {
  bucket: number;
  id: string;
  is_hit: boolean;
}

const FIND = `
SELECT f.* FROM business b
  CROSS JOIN LATERAL (SELECT search_configuration(b.locale) AS configuration) c
  CROSS JOIN LATERAL search_messages($2, c.configuration, search_query(c.configuration, $3, $4), $5, $6, $7, $8, $9) f
  WHERE b.id = $1`;

/** Words that the language leaves out were found as they are written, and are marked so where nothing else is. */
const MARK = `
SELECT CASE WHEN strpos(h.marked, '${START}') > 0 THEN h.marked ELSE ts_headline('pg_catalog.simple', t.body, q.question, o.options) END AS marked
  FROM business b
  CROSS JOIN LATERAL (SELECT search_configuration(b.locale) AS configuration) c
  CROSS JOIN LATERAL (SELECT search_query(c.configuration, $2, $3) AS question) q
  CROSS JOIN unnest($5::text[]) WITH ORDINALITY AS t (body, ord)
  CROSS JOIN LATERAL (SELECT $4 || CASE WHEN length(t.body) <= ${WHOLE} THEN 'HighlightAll=true' ELSE '${CUT}' END AS options) o
  CROSS JOIN LATERAL (SELECT ts_headline(c.configuration, t.body, q.question, o.options) AS marked) h
  WHERE b.id = $1 ORDER BY t.ord`;

const isBucket = (value: string): boolean => /^\d{1,9}$/.test(value);

/** Full text over what is said. What is found is shown as it is now, and only to who reads it. */
@Injectable()
export class MessageSearchService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly reader: EntryReader,
    private readonly entries: EntryPresenter,
    private readonly rooms: RoomService,
    private readonly views: RoomPresenter,
    private readonly index: SearchIndexer,
  ) {}

  /** In one room, the newest first. @throws AppError `room.not_found`. */
  async inRoom(actor: Actor, roomId: string, query: SearchMessagesDto): Promise<Page<MessageHit>> {
    await this.rooms.require(actor, roomId);
    return this.find(actor, query, roomId);
  }

  /** In all rooms within reach, the newest first. */
  async everywhere(actor: Actor, query: SearchMessagesDto): Promise<Page<RoomMessageHit>> {
    const page = await this.find(actor, query, null);
    const roomIds = [...new Set(page.items.map(({ message }) => message.roomId))];
    const rooms = new Map((await this.views.forList(actor, roomIds)).map((room) => [room.id, room]));
    const items = page.items.flatMap(({ message, highlight }) => {
      const room = rooms.get(message.roomId);
      return room ? [{ message, room, highlight }] : [];
    });
    return { ...page, items };
  }

  private async find(actor: Actor, { q, limit, cursor }: SearchMessagesDto, roomId: string | null): Promise<Page<MessageHit>> {
    const size = limitOrDefault(limit);
    const [bucket, id] = cursor === undefined ? [null, null] : decodeCursor(cursor, [isBucket, isUuid]);
    const { head, tail } = phraseOf(q);
    await this.index.refresh(roomId);
    const question = [actor.businessId, actor.id, head, tail];
    const found = await this.dataSource.query<Found[]>(FIND, [...question, roomId, bucket, id, size + 1, PATIENCE]);
    const hits = found.filter(({ is_hit }) => is_hit).slice(0, size);
    const stopped = found.at(-1)?.is_hit === false ? found.at(-1) : undefined;
    const last = stopped ?? (found.length > size ? hits.at(-1) : undefined);
    const items = await this.present(
      actor,
      { head, tail },
      hits.map((hit) => hit.id),
    );
    return { items, nextCursor: last ? encodeCursor([String(last.bucket), last.id]) : null };
  }

  private async present(actor: Actor, { head, tail }: { head: string; tail: string }, ids: string[]): Promise<MessageHit[]> {
    if (ids.length === 0) return [];
    const byId = new Map((await this.reader.findByIds(ids)).map((entry) => [entry.id, entry]));
    // Deleted in this moment.
    const entries = ids.map((id) => byId.get(id)).filter((entry): entry is Entry => entry?.body != null && entry.deletedAt === null);
    const values = [actor.businessId, head, tail, MARKS, entries.map(({ body }) => prepared(body as string))];
    const [messages, marked] = await Promise.all([
      this.entries.present(entries),
      this.dataSource.query<{ marked: string }[]>(MARK, values),
    ]);
    return messages.map((message, index) => ({
      message: message as WrittenEntry,
      highlight: toHtml(marked[index]?.marked ?? ''),
    }));
  }
}
