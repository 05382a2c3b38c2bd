import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import type { EditEntry, MessageVersion, WrittenEntry } from '../contract/message.js';
import type { Page } from '../contract/page.js';
import { AppError } from '../error/app-error.js';
import { EntryPresenter } from '../room/entry.presenter.js';
import { RoomService } from '../room/room.service.js';
import { EntryReader, isSeq } from '../stream/entry.reader.js';
import { decodeCursor, toPage } from '../validation/cursor.js';
import type { PageQuery } from '../validation/page-query.js';
import { limitOrDefault } from '../validation/rules.js';
import { isWritten } from './message.policy.js';

/** Shows staff what a message said before its edits. */
@Injectable()
export class VersionService {
  constructor(
    private readonly reader: EntryReader,
    private readonly presenter: EntryPresenter,
    private readonly rooms: RoomService,
  ) {}

  /** The first body and that of each edit, the oldest first. @throws AppError `room.not_found`, `message.not_found`. */
  async list(actor: Actor, roomId: string, messageId: string, { limit, cursor }: PageQuery): Promise<Page<MessageVersion>> {
    await this.rooms.require(actor, roomId);
    const target = await this.reader.findById(roomId, messageId);
    if (!target || !isWritten(target.kind)) throw new AppError('message.not_found');
    const size = limitOrDefault(limit);
    const [after] = cursor === undefined ? [] : decodeCursor(cursor, [isSeq]);
    const first = after === undefined ? [{ ...target, body: await this.reader.firstBody(target) }] : [];
    const edits = await this.reader.edits(target, Number(after ?? target.seq), size + 1 - first.length);
    const page = toPage([...first, ...edits], size, ({ seq }) => [String(seq)]);
    const entries = (await this.presenter.present(page.items)) as (WrittenEntry | EditEntry)[];
    return { ...page, items: entries.map(({ body, sender, createdAt }) => ({ body, sender, createdAt })) };
  }
}
