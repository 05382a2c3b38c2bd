import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, Repository } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { Draft as DraftView } from '../contract/draft.js';
import { Chores } from '../database/chores.js';
import { retried } from '../database/clash.js';
import { EventBus } from '../event/event-bus.js';
import { requireStream } from '../room/room.policy.js';
import { RoomService } from '../room/room.service.js';
import { DAY_MS } from '../time/zone.js';
import type { DraftQuery, SaveDraftDto } from './draft.dto.js';
import { Draft } from './draft.entity.js';

const KEPT_DAYS = 30;

const toView = (draft: Draft | null): DraftView => ({
  body: draft?.body ?? null,
  replyTo: draft?.replyTo ?? null,
  updatedAt: draft?.updatedAt.toISOString() ?? null,
});

/** Keeps what people have begun to write, so that they can go on at another device. The last one to save wins. */
@Injectable()
export class DraftService {
  constructor(
    @InjectRepository(Draft) private readonly drafts: Repository<Draft>,
    private readonly rooms: RoomService,
    events: EventBus,
    chores: Chores,
  ) {
    events.within('user.erased', async (tx, { userId }) => {
      await tx.delete(Draft, { userId });
    });
    chores.add({ name: 'drafts', everySeconds: 3600, work: () => this.forgetOld() });
  }

  /** @throws AppError `room.not_found`, `access.denied` for the internal stream. */
  async get(actor: Actor, roomId: string, query: DraftQuery): Promise<DraftView> {
    return toView(await this.drafts.findOneBy(await this.keyOf(actor, roomId, query)));
  }

  /** @throws AppError `room.not_found`, `access.denied` for the internal stream. */
  async save(actor: Actor, roomId: string, { body, replyTo = null, ...query }: SaveDraftDto): Promise<DraftView> {
    const draft = { ...(await this.keyOf(actor, roomId, query)), body, replyTo, updatedAt: new Date() };
    await retried(() => this.drafts.upsert(draft, ['userId', 'roomId', 'stream']));
    return toView(draft);
  }

  /** Deleting none is as good. @throws AppError `room.not_found`, `access.denied` for the internal stream. */
  async delete(actor: Actor, roomId: string, query: DraftQuery): Promise<void> {
    const key = await this.keyOf(actor, roomId, query);
    await retried(() => this.drafts.delete(key));
  }

  private async keyOf(
    actor: Actor,
    roomId: string,
    { stream = 'public' }: DraftQuery,
  ): Promise<Pick<Draft, 'userId' | 'roomId' | 'stream'>> {
    requireStream(actor, stream);
    await this.rooms.require(actor, roomId);
    return { userId: actor.id, roomId, stream };
  }

  /** In a closed room nobody goes on writing. */
  private async forgetOld(): Promise<void> {
    await this.drafts.query("DELETE FROM draft d USING room r WHERE r.id = d.room_id AND r.status = 'closed'");
    await this.drafts.delete({ updatedAt: LessThan(new Date(Date.now() - KEPT_DAYS * DAY_MS)) });
  }
}
