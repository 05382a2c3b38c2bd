import { Injectable } from '@nestjs/common';
import { In, IsNull, MoreThanOrEqual, type EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { newId } from '../database/new-id.js';
import type { Publish } from '../event/event-bus.js';
import { Entry } from '../stream/entry.entity.js';
import type { NewEntry } from '../stream/new-entry.js';
import { StreamWriter } from '../stream/stream.writer.js';
import { repeats } from './repeats.js';
import { SearchIndexer } from './search.indexer.js';

/** What the AI of a business tells staff, in the words of others. What a rule of the business notes is its own. */
@Injectable()
export class MachineNotes {
  constructor(
    private readonly writer: StreamWriter,
    private readonly index: SearchIndexer,
  ) {}

  /**
   * Deletes the notes that say again what a message has `said`, which is taken back now. What was written before it has its words from
   * elsewhere: else a customer could take staff's notes away with any word they hold. The room is held by the caller.
   */
  async forget(
    tx: EntityManager,
    publish: Publish,
    { id, businessId }: Actor,
    { roomId, createdAt }: Pick<Entry, 'roomId' | 'createdAt'>,
    said: (string | null)[],
  ): Promise<void> {
    const where = { roomId, stream: 'internal' as const, ai: true, deletedAt: IsNull(), createdAt: MoreThanOrEqual(createdAt) };
    const written = await tx.find(Entry, { where, order: { seq: 'ASC' } });
    const notes = written.filter(({ body }) => said.some((words) => body !== null && words !== null && repeats(body, words)));
    if (notes.length === 0) return;
    const ids = notes.map((note) => note.id);
    await tx.update(Entry, { id: In(ids) }, { body: null, firstBody: null, deletedAt: new Date() });
    await this.index.forget(tx, ids);
    const deletions = notes.map(({ stream, seq }): NewEntry => ({
      ...{ id: newId(), businessId, roomId, stream, kind: 'deletion' },
      ...{ senderId: id, targetSeq: seq },
    }));
    await this.writer.appendIn(tx, publish, deletions);
  }
}
