import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, IsNull, Repository, type EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { networkOf } from '../access/network.js';
import { RateLimiter } from '../access/rate-limiter.js';
import { AuditService } from '../audit/audit.service.js';
import type { Business } from '../business/business.entity.js';
import { BusinessService } from '../business/business.service.js';
import type { User } from '../business/user.entity.js';
import { normaliseEmail, UserService } from '../business/user.service.js';
import { toPublicUser } from '../business/user.view.js';
import { Env } from '../config/env.js';
import type { PasswordSet } from '../contract/session.js';
import type { Empty } from '../contract/socket-events.js';
import { Chores } from '../database/chores.js';
import { deleteInBatches } from '../database/delete-in-batches.js';
import { AppError } from '../error/app-error.js';
import { EventBus, type Publish } from '../event/event-bus.js';
import { MailService } from '../mail/mail.service.js';
import type { ForgotPasswordDto, ResetPasswordDto } from './auth.dto.js';
import type { ClientInfo } from './client-info.decorator.js';
import { agentInvited, passwordChanged } from './deeds.js';
import { hashOf } from './hash-of.js';
import { PasswordLink, type LinkPurpose } from './password-link.entity.js';
import { linkMail } from './password-link.mail.js';
import { PasswordService } from './password.service.js';
import { SessionService } from './session.service.js';
import { newSecret, useUp } from './single-use.js';

const KEPT_DAYS = 30;
const HOUR_SECONDS = 3_600;
const MINUTE_MS = 60_000;
const LIFE_MS: Record<LinkPurpose, number> = { reset: 30 * MINUTE_MS, invitation: 72 * 60 * MINUTE_MS };

/** Anybody may register an address in many businesses: one question does not become a flood of mails. */
const MOST_ACCOUNTS = 10;

/** Mails links to set a password with, and takes them. */
@Injectable()
export class PasswordLinkService implements BeforeApplicationShutdown {
  private readonly logger = new Logger(PasswordLinkService.name);
  private readonly unfinished = new Set<Promise<void>>();

  constructor(
    @InjectRepository(PasswordLink) private readonly links: Repository<PasswordLink>,
    private readonly env: Env,
    private readonly events: EventBus,
    private readonly businesses: BusinessService,
    private readonly users: UserService,
    private readonly passwords: PasswordService,
    private readonly sessions: SessionService,
    private readonly mails: MailService,
    private readonly limiter: RateLimiter,
    private readonly audit: AuditService,
    chores: Chores,
    dataSource: DataSource,
  ) {
    // So long it is told of a link that it was used or is too old.
    const old = { table: 'password_link', key: 'hash', where: `expires_at < now() - interval '${KEPT_DAYS} days'` };
    chores.add({ name: 'old-links', everySeconds: HOUR_SECONDS, work: (isStopping) => deleteInBatches(dataSource, old, isStopping) });
    for (const hook of ['user.password_changed', 'user.disabled'] as const) {
      events.within(hook, (tx, { userId }) => this.end(tx, { userId }));
    }
    events.within('user.erased', async (tx, { userId }) => {
      await tx.delete(PasswordLink, { userId });
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.unfinished);
  }

  /**
   * Mails a link to each account with this address. Whether there is one is looked up behind the answer, so that neither
   * its words nor its time tell.
   */
  async forgot({ email, business }: ForgotPasswordDto, { ip }: ClientInfo): Promise<Empty> {
    await this.limitMails(normaliseEmail(email), ip);
    const mailing = this.mailResets(email, business)
      .catch((error: unknown) => this.logger.error({ err: error }, 'links to reset a password could not be made'))
      .finally(() => this.unfinished.delete(mailing));
    this.unfinished.add(mailing);
    return {};
  }

  /** Uses a link. @throws AppError `link.not_found`, `link.expired`, `auth.password_weak`, after which the link is still good. */
  async reset({ token, password }: ResetPasswordDto, { ip }: ClientInfo): Promise<PasswordSet> {
    const hash = hashOf(token);
    const link = await this.links.findOneBy({ hash });
    if (!link) throw new AppError('link.not_found');
    const [user] = await this.users.findMany([link.userId]);
    if (!user || link.endedAt !== null || link.expiresAt.getTime() <= Date.now()) throw new AppError('link.expired');
    const { name } = await this.businesses.find(user.businessId);
    const passwordHash = await this.passwords.hash(password, [name, user.name, user.username, user.email]);
    await this.events.transaction(async (tx, publish) => {
      const [now] = await this.users.lock(tx, [user.id]);
      if (now?.disabled !== false || now.email !== link.email) throw new AppError('link.expired');
      await useUp(tx, PasswordLink, hash);
      await this.users.acceptPasswordHash(user.id, passwordHash, tx);
      await this.events.runHooks('user.password_changed', tx, { businessId: user.businessId, userId: user.id }, publish);
      await this.audit.note(tx, user.businessId, { ...now, ip }, [passwordChanged(user.id, 'link')]);
    });
    return { user: toPublicUser(user) };
  }

  /** Invites somebody again who has no password yet. @throws AppError `user.not_found`, `agent.already_active`, `agent.unavailable`. */
  async invite(actor: Actor, id: string, { ip }: ClientInfo): Promise<Empty> {
    const business = await this.businesses.find(actor.businessId);
    const { email } = await this.users.find(actor.businessId, id);
    await this.limiter.takeShared('mailAccount', `invitation ${email ?? id}`, ip);
    await this.limiter.takeShared('invitation', actor.businessId, ip);
    await this.events.transaction(async (tx, publish) => {
      const user = await this.users.lockStaff(tx, actor.businessId, id);
      if ((await this.users.passwordHash(id, tx)) !== null) throw new AppError('agent.already_active');
      if (user.disabled) throw new AppError('agent.unavailable');
      await this.mail(tx, publish, user, business, 'invitation');
      await this.audit.note(tx, actor.businessId, actor, [agentInvited(id)]);
    });
    return {};
  }

  /** Makes a link, which ends the older ones of the same purpose, and posts it. The person is locked, or new. */
  async mail(tx: EntityManager, publish: Publish, { id, email }: User, { name }: Business, purpose: LinkPurpose): Promise<void> {
    if (email === null) throw new Error('A link needs an address');
    await this.end(tx, { userId: id, purpose });
    const token = newSecret();
    const expiresAt = new Date(Date.now() + LIFE_MS[purpose]);
    await tx.insert(PasswordLink, { hash: hashOf(token), userId: id, purpose, email, expiresAt });
    // Behind the #, where no server and no log ever sees it.
    const text = linkMail(purpose, name, `${this.env.PUBLIC_URL}/set-password#token=${token}`);
    await this.mails.post(tx, publish, { userId: id, to: email, until: expiresAt, ...text });
  }

  private async mailResets(email: string, slugOrId: string | undefined): Promise<void> {
    const only = slugOrId === undefined ? undefined : await this.businesses.seek(slugOrId);
    if (only === null) return;
    for (const account of await this.users.accounts(email, only?.id, MOST_ACCOUNTS)) {
      const business = only ?? (await this.businesses.find(account.businessId));
      await this.events.transaction(async (tx, publish) => {
        const [user] = await this.users.lock(tx, [account.id]);
        if (user?.disabled === false && user.email === account.email) await this.mail(tx, publish, user, business, 'reset');
      });
    }
  }

  /** The same for every address, whether it has an account or not. One that signed in before has mails of its own, so that nobody can use them up. */
  private async limitMails(email: string, ip: string | null): Promise<void> {
    try {
      await this.limiter.takeShared('mailAccount', email, ip);
    } catch (error) {
      if (!(await this.sessions.isKnownMailbox(email, ip))) throw error;
      await this.limiter.takeShared('mailAccount', `${email} ${networkOf(ip)}`, ip);
    }
  }

  private async end(tx: EntityManager, which: { userId: string; purpose?: LinkPurpose }): Promise<void> {
    await tx.update(PasswordLink, { ...which, endedAt: IsNull() }, { endedAt: () => 'now()' });
  }
}
