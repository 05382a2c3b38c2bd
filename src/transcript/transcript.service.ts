import { Injectable } from '@nestjs/common';
import { isStaff, type Actor } from '../access/actor.js';
import { AuditService } from '../audit/audit.service.js';
import type { Message, Stream } from '../contract/message.js';
import type { RoomState } from '../contract/room.js';
import type { TranscriptFormat } from '../contract/transcript.js';
import { AppError } from '../error/app-error.js';
import { EventBus } from '../event/event-bus.js';
import { EntryPresenter } from '../room/entry.presenter.js';
import { RoomPresenter } from '../room/room.presenter.js';
import { RoomService } from '../room/room.service.js';
import type { Entry } from '../stream/entry.entity.js';
import { EntryReader } from '../stream/entry.reader.js';
import { FORMATS, type Format } from './formats.js';

/** Entries that are in memory at once, of each stream. */
const PAGE = 50;
/** Entries of a piece: a text that is not long is forgotten soon, a long one only when all memory is tidied up. */
const PIECE = 10;

/** A file that is made while it is sent. */
interface TranscriptFile {
  name: string;
  type: string;
  pieces: AsyncIterable<string>;
}

/** A stream on its way out: read up to `after`, of which `waiting` were not handed on. */
interface Source {
  stream: Stream;
  after: number;
  end: number;
  waiting: Entry[];
}

const earlier = (one: Source, other: Source): Source =>
  (other.waiting[0] as Entry).createdAt < (one.waiting[0] as Entry).createdAt ? other : one;

/** Takes entries in the order of their times, as long as it is known of each stream which is its next. Those of a stream keep their own order. */
const takeInOrder = (sources: Source[]): Entry[] => {
  const open = sources.filter(({ waiting }) => waiting.length > 0);
  const taken: Entry[] = [];
  while (open.length > 0 && open.every(({ waiting }) => waiting.length > 0)) taken.push(open.reduce(earlier).waiting.shift() as Entry);
  return taken;
};

/** Hands out what was said in a room. */
@Injectable()
export class TranscriptService {
  constructor(
    private readonly rooms: RoomService,
    private readonly views: RoomPresenter,
    private readonly reader: EntryReader,
    private readonly entries: EntryPresenter,
    private readonly audit: AuditService,
    private readonly events: EventBus,
  ) {}

  /**
   * All that the actor may read of a room up to this moment, in pieces that are read while they are sent, so that a room of
   * any length takes the memory of a page. That staff took it is noted. @throws AppError `room.not_found`.
   */
  async export(actor: Actor, roomId: string, format: TranscriptFormat): Promise<TranscriptFile> {
    if (isStaff(actor)) await this.note(actor, roomId, format);
    else await this.rooms.require(actor, roomId);
    const [view] = await this.views.forEvents([roomId]);
    if (!view) throw new AppError('room.not_found');
    const room = isStaff(actor) ? view.staff : view.customer;
    const sources: Source[] = [{ stream: 'public', after: 0, end: room.lastSeq, waiting: [] }];
    if (isStaff(actor)) sources.push({ stream: 'internal', after: 0, end: view.staff.internalLastSeq, waiting: [] });
    const writer = FORMATS[format];
    const name = `transcript-${room.createdAt.slice(0, 10)}-${roomId}.${format}`;
    return { name, type: writer.type, pieces: this.pieces(writer, room, sources) };
  }

  private async note(actor: Actor, roomId: string, format: TranscriptFormat): Promise<void> {
    await this.events.transaction(async (tx) => {
      await this.rooms.require(actor, roomId, tx);
      const deed = { action: 'room.exported', targetType: 'room', targetId: roomId, details: { format } } as const;
      await this.audit.note(tx, actor.businessId, actor, [deed]);
    });
  }

  private async *pieces({ head, page, foot }: Format, room: RoomState, sources: Source[]): AsyncGenerator<string> {
    yield head(room);
    let isFirst = true;
    for await (const messages of this.pages(room.id, sources)) {
      const text = page(messages, isFirst);
      // An empty piece of a stream would be its end.
      if (text !== '') yield text;
      isFirst = false;
    }
    yield foot;
  }

  private async *pages(roomId: string, sources: Source[]): AsyncGenerator<Message[]> {
    for (;;) {
      for (const source of sources) await this.fill(roomId, source);
      const taken = takeInOrder(sources);
      if (taken.length === 0) return;
      const messages = await this.entries.present(taken);
      for (let from = 0; from < messages.length; from += PIECE) yield messages.slice(from, from + PIECE);
      // Rows that were given up may stay in memory until all of it is tidied up; empty ones are small.
      for (const entry of [...taken, ...messages]) entry.body = null;
    }
  }

  private async fill(roomId: string, source: Source): Promise<void> {
    if (source.waiting.length > 0 || source.after >= source.end) return;
    const { stream, after, end } = source;
    source.waiting = await this.reader.rows(roomId, stream, after, end, PAGE);
    source.after = source.waiting.at(-1)?.seq ?? end;
  }
}
