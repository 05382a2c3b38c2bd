import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull, Not, type EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { BusinessService } from '../business/business.service.js';
import type { User } from '../business/user.entity.js';
import { Env } from '../config/env.js';
import type { ResumeLink as ResumeLinkView } from '../contract/session.js';
import { Chores } from '../database/chores.js';
import { deleteInBatches } from '../database/delete-in-batches.js';
import { AppError } from '../error/app-error.js';
import { EventBus } from '../event/event-bus.js';
import { hashOf } from './hash-of.js';
import { ResumeLink, type ResumePurpose } from './resume-link.entity.js';
import { newSecret, useUp } from './single-use.js';

const MINUTE_MS = 60_000;
const LIFE_MS: Record<ResumePurpose, number> = { device: 10 * MINUTE_MS, mail: 72 * 60 * MINUTE_MS };
const HOUR_SECONDS = 3_600;

/** Makes links by which guests and customers go on with their chat on another device, and takes them. */
@Injectable()
export class ResumeLinkService {
  constructor(
    private readonly env: Env,
    private readonly events: EventBus,
    private readonly businesses: BusinessService,
    private readonly dataSource: DataSource,
    chores: Chores,
  ) {
    const old = { table: 'resume_link', key: 'hash', where: "expires_at < now() - interval '1 day'" };
    chores.add({
      name: 'old-resume-links',
      everySeconds: HOUR_SECONDS,
      work: (isStopping) => deleteInBatches(dataSource, old, isStopping),
    });
    // What ends every session leaves no way back in.
    for (const hook of ['user.password_changed', 'user.disabled'] as const) {
      events.within(hook, (tx, { userId }) => this.end(tx, [userId]));
    }
    events.within('user.blocked', async (tx, { userId }) => {
      if (await tx.existsBy(ResumeLink, { userId, user: { passwordHash: Not(IsNull()) } })) await this.end(tx, [userId]);
    });
    events.within('identity.changed', async (tx, { businessId, userIds }) => {
      if (userIds !== null) return this.end(tx, userIds);
      const open = await tx.find(ResumeLink, { where: { user: { businessId }, endedAt: IsNull() } });
      await this.end(
        tx,
        open.map(({ userId }) => userId),
      );
    });
    events.within('user.erased', async (tx, { userId }) => {
      await tx.delete(ResumeLink, { userId });
    });
  }

  async forDevice({ id, businessId }: Actor): Promise<ResumeLinkView> {
    const { slug } = await this.businesses.find(businessId);
    return this.events.transaction((tx) => this.make(tx, slug, id, 'device'));
  }

  /** A link that is good once, for ten minutes or, by mail, for three days; it ends the one before of its purpose. */
  async make(tx: EntityManager, slug: string, userId: string, purpose: ResumePurpose): Promise<ResumeLinkView> {
    const token = newSecret();
    const expiresAt = new Date(Date.now() + LIFE_MS[purpose]);
    await this.end(tx, [userId], purpose);
    await tx.insert(ResumeLink, { hash: hashOf(token), userId, purpose, expiresAt });
    // Behind the #, where no server and no log ever sees it.
    return { token, url: `${this.env.PUBLIC_URL}/chat/${slug}#resume=${token}`, expiresAt: expiresAt.toISOString() };
  }

  /** Whose a link is, used or not. @throws AppError `link.not_found`. */
  async ownerOf(token: string): Promise<User> {
    const link = await this.dataSource.manager.findOne(ResumeLink, { where: { hash: hashOf(token) }, relations: { user: true } });
    if (!link) throw new AppError('link.not_found');
    return link.user as User;
  }

  /** @throws AppError `link.expired`, also for one that was used. */
  async use(tx: EntityManager, token: string): Promise<void> {
    await useUp(tx, ResumeLink, hashOf(token));
  }

  private async end(tx: EntityManager, userIds: string[], purpose?: ResumePurpose): Promise<void> {
    const open = { userId: In(userIds), endedAt: IsNull(), ...(purpose && { purpose }) };
    await tx.update(ResumeLink, open, { endedAt: () => 'now()' });
  }
}
