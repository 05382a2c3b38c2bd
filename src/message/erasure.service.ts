import { Injectable } from '@nestjs/common';
import { newId } from '../database/new-id.js';
import { In, IsNull, type EntityManager } from 'typeorm';
import { BotService } from '../business/bot.service.js';
import { WRITTEN_KINDS } from '../contract/message.js';
import { EventBus, type Publish } from '../event/event-bus.js';
import { RoomChangeService } from '../room/room-change.service.js';
import { Entry } from '../stream/entry.entity.js';
import type { NewEntry } from '../stream/new-entry.js';
import { StreamWriter } from '../stream/stream.writer.js';
import { SearchIndexer } from './search.indexer.js';
import { UploadService } from '../upload/upload.service.js';

const ENTRIES_AT_ONCE = 500;

/**
 * Deletes what a person wrote when that person erases itself, and what the machine of the business wrote in its rooms: that says
 * again what the person wrote, or its name. Every reader is told by a deletion entry, as of any other one.
 */
@Injectable()
export class ErasureService {
  constructor(
    private readonly writer: StreamWriter,
    private readonly rooms: RoomChangeService,
    private readonly index: SearchIndexer,
    private readonly uploads: UploadService,
    private readonly bots: BotService,
    events: EventBus,
  ) {
    events.within('user.erased', async (tx, { businessId, userId }, publish) => {
      // The rooms first: they are locked before their streams. What is on its way into these comes after the erasure, and is refused.
      const roomIds = await this.rooms.eraseAll(tx, publish, userId);
      await this.eraseMessages(tx, publish, businessId, userId, roomIds);
      await this.uploads.removeOfPerson(tx, publish, userId);
    });
  }

  private async eraseMessages(tx: EntityManager, publish: Publish, businessId: string, personId: string, roomIds: string[]): Promise<void> {
    const senderId = In([personId, (await this.bots.idIn(tx, businessId)) ?? personId]);
    const written = await tx.find(Entry, {
      where: { roomId: In(roomIds), senderId, kind: In([...WRITTEN_KINDS]), deletedAt: IsNull() },
      order: { roomId: 'ASC', seq: 'ASC' },
    });
    await tx.update(
      Entry,
      { roomId: In(roomIds), senderId, kind: In([...WRITTEN_KINDS, 'edit']), deletedAt: IsNull() },
      { body: null, firstBody: null, fingerprint: null, deletedAt: new Date() },
    );
    await this.index.forget(
      tx,
      written.map(({ id }) => id),
    );
    // What staff changed the subject from is what the customer wrote.
    await tx.update(Entry, { roomId: In(roomIds), activity: 'subject_changed' }, { change: { from: null, to: null } });
    const deletions = written.map(({ roomId, stream, seq }): NewEntry => ({
      id: newId(),
      businessId,
      roomId,
      stream,
      kind: 'deletion',
      senderId: personId,
      targetSeq: seq,
    }));
    for (let from = 0; from < deletions.length; from += ENTRIES_AT_ONCE) {
      await this.writer.appendIn(tx, publish, deletions.slice(from, from + ENTRIES_AT_ONCE));
    }
  }
}
