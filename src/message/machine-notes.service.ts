import { Injectable } from '@nestjs/common';
import { In, IsNull, MoreThanOrEqual, type EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { newId } from '../database/new-id.js';
import type { Publish } from '../event/event-bus.js';
import { Entry } from '../stream/entry.entity.js';
import { EntryReader } from '../stream/entry.reader.js';
import type { NewEntry } from '../stream/new-entry.js';
import { StreamWriter } from '../stream/stream.writer.js';
import { repeats } from './repeats.js';
import { SearchIndexer } from './search.indexer.js';

/** What the AI of a business tells staff, in the words of others. What a rule of the business notes is its own. */
@Injectable()
export class MachineNotes {
  constructor(
    private readonly writer: StreamWriter,
    private readonly reader: EntryReader,
    private readonly index: SearchIndexer,
  ) {}

  /**
   * Deletes the notes that say again what a message said once, which is taken back now. What was written before it has its words from
   * elsewhere: else a customer could take staff's notes away with any word they hold. The room is held by the caller.
   */
  async forget(tx: EntityManager, publish: Publish, { id, businessId }: Actor, message: Entry): Promise<void> {
    const { roomId, createdAt } = message;
    const where = { roomId, stream: 'internal' as const, ai: true, deletedAt: IsNull(), createdAt: MoreThanOrEqual(createdAt) };
    const written = await tx.find(Entry, { where, order: { seq: 'ASC' } });
    if (written.length === 0) return;
    const said = await this.saidBy(tx, message);
    const notes = written.filter(({ body }) => body !== null && repeats(body, said));
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

  /** Each body that the message had. */
  private async saidBy(tx: EntityManager, message: Entry): Promise<string[]> {
    const { roomId, stream, seq: targetSeq, body } = message;
    const edits = await tx.find(Entry, { select: { body: true }, where: { roomId, stream, targetSeq, kind: 'edit' } });
    const bodies = [await this.reader.firstBody(message, tx), body, ...edits.map((edit) => edit.body)];
    return bodies.filter((one) => one !== null);
  }
}
