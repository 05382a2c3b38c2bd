import { Injectable } from '@nestjs/common';
import { newId } from '../database/new-id.js';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { BusinessService } from '../business/business.service.js';
import { UserService } from '../business/user.service.js';
import type { Message } from '../contract/message.js';
import { AppError } from '../error/app-error.js';
import { EventBus, type Publish } from '../event/event-bus.js';
import { EntryPresenter } from '../room/entry.presenter.js';
import { readableStreams, requireReadable } from '../room/room.policy.js';
import { RoomService } from '../room/room.service.js';
import { Entry } from '../stream/entry.entity.js';
import { EntryReader } from '../stream/entry.reader.js';
import type { NewEntry } from '../stream/new-entry.js';
import { StreamWriter } from '../stream/stream.writer.js';
import { MachineNotes } from './machine-notes.service.js';
import { SearchIndexer } from './search.indexer.js';
import { UploadService } from '../upload/upload.service.js';
import { canDelete, canEdit, isWindowOver } from './message.policy.js';

/** Edits and deletes: the message is changed in place, and an entry of its own tells every reader. */
@Injectable()
export class MessageChangeService {
  constructor(
    private readonly events: EventBus,
    private readonly writer: StreamWriter,
    private readonly reader: EntryReader,
    private readonly presenter: EntryPresenter,
    private readonly rooms: RoomService,
    private readonly businesses: BusinessService,
    private readonly users: UserService,
    private readonly index: SearchIndexer,
    private readonly uploads: UploadService,
    private readonly notes: MachineNotes,
  ) {}

  /** @throws AppError `room.not_found`, `message.not_found`, `access.denied`, `room.closed`, `edit.window_over`. */
  edit(actor: Actor, roomId: string, messageId: string, body: string): Promise<Message> {
    return this.change(actor, roomId, messageId, async (tx, target, requireTime) => {
      if (target.deletedAt) throw new AppError('message.not_found');
      if (!canEdit(actor, target)) throw new AppError('access.denied');
      if (target.body === body) return undefined;
      requireTime();
      const firstBody = target.editedAt === null ? { firstBody: target.body } : {};
      await tx.update(Entry, { roomId, stream: target.stream, seq: target.seq }, { body, editedAt: new Date(), ...firstBody });
      return { kind: 'edit', body };
    });
  }

  /** A second deletion changes nothing. What a machine has told staff in the same words goes with it. @throws AppError as `edit`. */
  delete(actor: Actor, roomId: string, messageId: string): Promise<Message> {
    return this.change(actor, roomId, messageId, async (tx, target, requireTime, publish) => {
      const { id, stream, seq } = target;
      if (!canDelete(actor, target)) throw new AppError('access.denied');
      if (target.deletedAt) return undefined;
      requireTime();
      if (stream === 'public') await this.notes.forget(tx, publish, actor, target);
      const gone = { body: null, deletedAt: new Date() };
      await tx.update(Entry, { roomId, stream, seq }, { ...gone, firstBody: null });
      await tx.update(Entry, { roomId, stream, targetSeq: seq, kind: 'edit' }, gone);
      await this.index.forget(tx, [id]);
      await this.uploads.removeOfMessage(tx, publish, messageId);
      return { kind: 'deletion' };
    });
  }

  /** Locks the room against its closing, finds the message and lets `work` change it; what `work` returns is the entry that tells of it. */
  private async change(
    actor: Actor,
    roomId: string,
    messageId: string,
    work: (
      tx: EntityManager,
      target: Entry,
      requireTime: () => void,
      publish: Publish,
    ) => Promise<Pick<NewEntry, 'kind' | 'body'> | undefined>,
  ): Promise<Message> {
    const { editWindowSeconds } = await this.businesses.settings(actor.businessId);
    await this.events.transaction(async (tx, publish) => {
      const { businessId } = await this.rooms.require(actor, roomId, tx);
      const { status } = requireReadable(actor, await this.rooms.lock(tx, roomId));
      const target = await this.reader.findById(roomId, messageId, tx);
      if (!target || !readableStreams(actor).includes(target.stream)) throw new AppError('message.not_found');
      await this.users.requireUnblocked(actor, tx);
      const requireTime = (): void => {
        if (status === 'closed') throw new AppError('room.closed');
        if (isWindowOver(actor, target, editWindowSeconds, Date.now())) throw new AppError('edit.window_over');
      };
      const told = await work(tx, target, requireTime, publish);
      if (!told) return;
      const { stream, seq: targetSeq } = target;
      await this.writer.appendIn(tx, publish, [{ id: newId(), businessId, roomId, stream, senderId: actor.id, targetSeq, ...told }]);
    });
    return this.presenter.presentOne((await this.reader.findById(roomId, messageId)) as Entry);
  }
}
