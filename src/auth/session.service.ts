import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, Not, Repository, type EntityManager, type FindOptionsWhere } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { networkOf } from '../access/network.js';
import { AuditService } from '../audit/audit.service.js';
import type { User } from '../business/user.entity.js';
import { Env } from '../config/env.js';
import type { Page } from '../contract/page.js';
import type { Session as SessionView, SessionEndReason, Tokens } from '../contract/session.js';
import { BatchLoader } from '../database/batch-loader.js';
import { newId } from '../database/new-id.js';
import { Reads } from '../database/reads.js';
import { AppError } from '../error/app-error.js';
import { EventBus, type Publish } from '../event/event-bus.js';
import { decodeCursor, toPage } from '../validation/cursor.js';
import { isUuid, limitOrDefault } from '../validation/rules.js';
import type { Claims } from './access-token.js';
import type { ClientInfo } from './client-info.decorator.js';
import { hashOf } from './hash-of.js';
import { RefreshToken } from './refresh-token.entity.js';
import { Session } from './session.entity.js';
import { newSecret } from './single-use.js';
import { DAY_MS } from '../time/zone.js';

const GUEST_IDLE_MS = 30 * DAY_MS;
const LONGEST_MS = 60 * DAY_MS;

/** Longer than a handshake and than the transaction that ends a session may take. */
const OVERLAP_SECONDS = 15;

/** What every request and every handshake asks of a session. */
type Login = Pick<Session, 'id' | 'userId' | 'expiresAt' | 'endedAt' | 'isRestricted'> & {
  user?: Pick<User, 'id' | 'businessId' | 'role' | 'name' | 'avatarUrl' | 'disabled' | 'reach' | 'teamIds'>;
};

/** Logins: a row for each, short access tokens that carry its id, and refresh tokens that are used once. */
@Injectable()
export class SessionService {
  private readonly loader: BatchLoader<string, Login | undefined>;

  constructor(
    @InjectRepository(Session) private readonly sessions: Repository<Session>,
    private readonly jwt: JwtService,
    private readonly env: Env,
    private readonly audit: AuditService,
    private readonly events: EventBus,
    reads: Reads,
  ) {
    const find = reads.by<Session, Login>(Session, 'id', {
      fields: ['userId', 'expiresAt', 'endedAt', 'isRestricted'],
      relations: { user: ['businessId', 'role', 'name', 'avatarUrl', 'disabled', 'reach', 'teamIds'] },
    });
    this.loader = BatchLoader.byKey(find, ({ id }) => id);
    for (const [hook, reason] of [
      ['user.disabled', 'disabled'],
      ['user.role_changed', 'role_changed'],
      ['user.password_changed', 'password_changed'],
    ] as const) {
      events.within(hook, async (tx, { userId }, publish) => {
        await this.endAll(tx, publish, { userId }, reason);
      });
    }
    events.within('user.blocked', async (tx, { userId }, publish) => {
      await this.endAll(tx, publish, { userId, user: { passwordHash: Not(IsNull()) } }, 'revoked');
      // Whoever has no password would come back as somebody new, who is not blocked. Its sockets are cut and may connect again; a node
      // that does not hear of it keeps them, which makes no difference: at each try the database refuses what is written.
      for (const { id } of await tx.findBy(Session, { userId, endedAt: IsNull() }))
        publish('session.ended', { sessionId: id, reason: 'expired' });
    });
    events.within('identity.changed', async (tx, { businessId, userIds }, publish) => {
      const user = userIds === null ? { businessId, externalId: Not(IsNull()) } : { businessId, id: In(userIds) };
      const open = await tx.find(Session, { select: { id: true }, where: { user, endedAt: IsNull() } });
      if (open.length > 0) await this.endAll(tx, publish, { id: In(open.map(({ id }) => id)) }, 'revoked');
    });
    events.within('user.erased', async (tx, { userId }, publish) => {
      await this.endAll(tx, publish, { userId }, 'revoked');
      await tx.update(Session, { userId }, { ip: null, userAgent: null });
    });
  }

  /** `isRestricted`: the person lacks a second factor that its business requires. */
  async start(user: User, { ip, userAgent }: ClientInfo, tx: EntityManager, isRestricted: boolean): Promise<Tokens> {
    const now = Date.now();
    const id = newId();
    await tx.insert(Session, { id, userId: user.id, ip, userAgent, isRestricted, expiresAt: this.idleEnd(user, now, now) });
    return this.tokens(tx, user, id);
  }

  /**
   * Trades a refresh token for new tokens. To see a used one again means that somebody else has it: the session ends. Only who
   * names the same attempt as before may ask again, for an answer that was lost, as long as nothing of it was used.
   * @throws AppError `auth.invalid_credentials`, `auth.token_reused`, `auth.session_ended`, `auth.token_expired`.
   */
  async refresh(refreshToken: string, attemptId: string | null, ip: string | null): Promise<Tokens> {
    const hash = hashOf(refreshToken);
    const fresh = await this.events.transaction(async (tx) => {
      if (!(await this.isTradable(tx, hash, attemptId))) return undefined;
      const { sessionId } = await tx.findOneByOrFail(RefreshToken, { hash });
      const session = await tx.findOneOrFail(Session, { where: { id: sessionId }, relations: { user: true } });
      this.refuseEnded(session);
      const user = session.user as User;
      const now = Date.now();
      await tx.update(
        Session,
        { id: sessionId },
        { lastUsedAt: new Date(now), expiresAt: this.idleEnd(user, session.createdAt.getTime(), now) },
      );
      const tokens = await this.tokens(tx, user, sessionId);
      if (attemptId !== null) await tx.update(RefreshToken, { hash }, { attemptId, successor: hashOf(tokens.refreshToken) });
      return tokens;
    });
    if (fresh) return fresh;
    const used = await this.sessions.manager.findOneBy(RefreshToken, { hash });
    if (!used) throw new AppError('auth.invalid_credentials');
    await this.events.transaction((tx, publish) => this.endStolen(tx, publish, used.sessionId, ip));
    throw new AppError('auth.token_reused');
  }

  /** The actor that a verified access token stands for, by what the database says now. @throws AppError `auth.session_ended`, `auth.invalid_credentials`. */
  async actorFrom({ sub, sid, bid, exp }: Claims): Promise<Actor> {
    const session = await this.loader.get(sid);
    const user = session?.user;
    if (session?.userId !== sub || user?.businessId !== bid) throw new AppError('auth.invalid_credentials');
    this.refuseEnded(session);
    return {
      id: user.id,
      role: user.role,
      name: user.name,
      avatarUrl: user.avatarUrl,
      businessId: bid,
      sessionId: sid,
      reach: user.reach,
      teamIds: user.teamIds,
      isRestricted: session.isRestricted,
      expiresAt: exp * 1000,
    };
  }

  async list(actor: Actor, limit: number | undefined, cursor: string | undefined): Promise<Page<SessionView>> {
    const size = limitOrDefault(limit);
    const [before] = cursor === undefined ? [] : decodeCursor(cursor, [isUuid]);
    const found = this.sessions
      .createQueryBuilder('s')
      .where('s.user_id = :userId AND s.ended_at IS NULL AND s.expires_at > now()', { userId: actor.id });
    if (before !== undefined) found.andWhere('s.id < :before', { before });
    const page = toPage(
      await found
        .orderBy('s.id', 'DESC')
        .take(size + 1)
        .getMany(),
      size,
      ({ id }) => [id],
    );
    return { ...page, items: page.items.map((session) => this.view(session, actor)) };
  }

  async current(actor: Actor): Promise<SessionView> {
    return this.view(await this.sessions.findOneByOrFail({ id: actor.sessionId }), actor);
  }

  /** Ends the session that the actor came with. One that ended in the meantime is what was asked for. */
  logout(actor: Actor): Promise<void> {
    return this.endOwn(actor, actor.sessionId, 'logout');
  }

  /** Ends one of the actor's own sessions. @throws AppError `session.not_found`. */
  async end(actor: Actor, id: string): Promise<void> {
    const isOpen = await this.sessions.existsBy({ id, userId: actor.id, endedAt: IsNull() });
    if (!isOpen) throw new AppError('session.not_found');
    await this.endOwn(actor, id, 'revoked');
  }

  /** Sessions that ended in the last `milliseconds`, and somewhat before: what a node asks each second for its sockets. */
  async endedWithin(milliseconds: number): Promise<{ sessionId: string; reason: SessionEndReason }[]> {
    const ended = await this.sessions
      .createQueryBuilder('s')
      .where('s.ended_at > now() - make_interval(secs => :seconds)', { seconds: milliseconds / 1000 + OVERLAP_SECONDS })
      .getMany();
    return ended.map(({ id, endReason }) => ({ sessionId: id, reason: endReason ?? 'revoked' }));
  }

  /** By what the tries of somebody to sign in are counted: from an address used before apart, so that nobody is shut out by others' tries. */
  async triesOf(who: string, userId: string, ip: string | null): Promise<string> {
    const isKnown = ip !== null && (await this.sessions.existsBy({ userId, ip }));
    return isKnown ? `${who} ${networkOf(ip)}` : who;
  }

  /** Whether somebody with an account under this e-mail address has signed in from this address before. */
  isKnownMailbox(email: string, ip: string | null): Promise<boolean> {
    if (ip === null) return Promise.resolve(false);
    return this.sessions
      .createQueryBuilder('s')
      .innerJoin('s.user', 'u', 'u.email = :email AND u.password_hash IS NOT NULL', { email })
      .where('s.ip = :ip', { ip })
      .getExists();
  }

  /** Ends all sessions of these people. */
  async revoke(tx: EntityManager, publish: Publish, userIds: string[]): Promise<void> {
    await this.endAll(tx, publish, { userId: In(userIds) }, 'revoked');
  }

  /** The actor has set up a second factor: its session may do everything, and those that were begun without the factor end. */
  async liftRestriction(tx: EntityManager, publish: Publish, { id, sessionId }: Actor): Promise<void> {
    await tx.update(Session, { id: sessionId }, { isRestricted: false });
    await this.endAll(tx, publish, { userId: id, id: Not(sessionId) }, 'revoked');
  }

  /** No second factor is required any more. */
  async liftRestrictions(tx: EntityManager, userIds: string[]): Promise<void> {
    await tx.update(Session, { userId: In(userIds), isRestricted: true }, { isRestricted: false });
  }

  /** Uses the token up, or what it was traded for in the same attempt before. */
  private async isTradable(tx: EntityManager, hash: string, attemptId: string | null): Promise<boolean> {
    const use = async (which: string): Promise<boolean> =>
      (await tx.update(RefreshToken, { hash: which, usedAt: IsNull() }, { usedAt: () => 'now()' })).affected === 1;
    if (await use(hash)) return true;
    if (attemptId === null) return false;
    const lock = { mode: 'pessimistic_write' } as const;
    const before = await tx.findOne(RefreshToken, { where: { hash, attemptId }, lock });
    return before?.successor != null && use(before.successor);
  }

  private endOwn(actor: Actor, id: string, reason: 'logout' | 'revoked'): Promise<void> {
    return this.events.transaction(async (tx, publish) => {
      const isEnded = await this.endAll(tx, publish, { id }, reason);
      if (!isEnded || actor.role === 'guest') return;
      const deed = { action: 'auth.signed_out', targetType: 'user', targetId: actor.id, details: { sessionId: id } } as const;
      await this.audit.note(tx, actor.businessId, actor, [deed]);
    });
  }

  private async endStolen(tx: EntityManager, publish: Publish, sessionId: string, ip: string | null): Promise<void> {
    if (!(await this.endAll(tx, publish, { id: sessionId }, 'token_reused'))) return;
    const { user } = await tx.findOneOrFail(Session, { where: { id: sessionId }, relations: { user: true } });
    const { id: targetId, businessId } = user as User;
    const deed = { action: 'auth.token_reused', targetType: 'user', targetId, details: { sessionId } } as const;
    // Who had the token is not known.
    await this.audit.note(tx, businessId, { id: null, ip }, [deed]);
  }

  /** Whether there was one to end. */
  private async endAll(tx: EntityManager, publish: Publish, which: FindOptionsWhere<Session>, reason: SessionEndReason): Promise<boolean> {
    const open = await tx.findBy(Session, { ...which, endedAt: IsNull() });
    if (open.length === 0) return false;
    await tx.update(Session, { id: In(open.map(({ id }) => id)) }, { endedAt: () => 'clock_timestamp()', endReason: reason });
    for (const { id } of open) publish('session.ended', { sessionId: id, reason });
    return true;
  }

  private refuseEnded({ endedAt, expiresAt, user }: Login): void {
    if (endedAt !== null || user?.disabled) throw new AppError('auth.session_ended');
    if (expiresAt.getTime() <= Date.now()) throw new AppError('auth.token_expired');
  }

  private idleEnd(user: User, startedAt: number, now: number): Date {
    const idleMs = user.role === 'guest' ? GUEST_IDLE_MS : this.env.refreshSeconds * 1000;
    return new Date(Math.min(now + idleMs, startedAt + LONGEST_MS));
  }

  private async tokens(tx: EntityManager, user: User, sessionId: string): Promise<Tokens> {
    const refreshToken = newSecret();
    await tx.insert(RefreshToken, { hash: hashOf(refreshToken), sessionId });
    const expiresIn = this.env.accessTokenSeconds;
    const payload = { sid: sessionId, bid: user.businessId, typ: 'access' };
    const accessToken = await this.jwt.signAsync(payload, { subject: user.id, jwtid: newId(), expiresIn });
    return { accessToken, refreshToken, tokenType: 'Bearer', expiresIn };
  }

  private view({ id, createdAt, lastUsedAt, expiresAt, ip, userAgent }: Session, { sessionId }: Actor): SessionView {
    return {
      id,
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
      ip,
      userAgent,
      current: id === sessionId,
    };
  }
}
