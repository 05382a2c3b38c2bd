import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, LessThan, Not, Repository, type EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { RateLimiter } from '../access/rate-limiter.js';
import { AgentService } from '../business/agent.service.js';
import { AuditService } from '../audit/audit.service.js';
import { BusinessService } from '../business/business.service.js';
import type { User } from '../business/user.entity.js';
import { UserService } from '../business/user.service.js';
import type { RecoveryCodes, SecondFactorDraft } from '../contract/second-factor.js';
import type { Empty } from '../contract/socket-events.js';
import { isStaffRole } from '../contract/user.js';
import { AppError } from '../error/app-error.js';
import { EventBus } from '../event/event-bus.js';
import type { BeginSecondFactorDto, ConfirmSecondFactorDto, ProveSecondFactorDto } from './auth.dto.js';
import type { ClientInfo } from './client-info.decorator.js';
import { recoveryCodesRenewed, secondFactorTurned } from './deeds.js';
import { hashOf } from './hash-of.js';
import { newRecoveryCodes, newTotpSecret, normaliseRecoveryCode, stepOfCode, totpUri } from './one-time-code.js';
import { PasswordService } from './password.service.js';
import { RecoveryCode } from './recovery-code.entity.js';
import { SecondFactor } from './second-factor.entity.js';
import { SessionService } from './session.service.js';

const wrongCode = (): AppError => new AppError('auth.invalid_credentials', { message: 'The code is wrong or was used before' });
const wrongPassword = (): AppError => new AppError('auth.invalid_credentials', { message: 'The password is wrong' });

/** Codes of an authenticator app beside the password, for those who answer customers. */
@Injectable()
export class SecondFactorService {
  constructor(
    @InjectRepository(SecondFactor) private readonly factors: Repository<SecondFactor>,
    private readonly events: EventBus,
    private readonly businesses: BusinessService,
    private readonly users: UserService,
    private readonly agents: AgentService,
    private readonly passwords: PasswordService,
    private readonly sessions: SessionService,
    private readonly limiter: RateLimiter,
    private readonly audit: AuditService,
  ) {
    events.within('business.second_factor_changed', async (tx, { businessId, byId, isRequired }, publish) => {
      const staff = (await this.agents.all(businessId, tx)).map(({ id }) => id);
      if (!isRequired) {
        await this.sessions.liftRestrictions(tx, staff);
        return;
      }
      const having = await tx.findBy(SecondFactor, { userId: In(staff), confirmedAt: Not(IsNull()) });
      const isOn = new Set(having.map(({ userId }) => userId));
      // Nobody else could switch it off again.
      if (!isOn.has(byId)) throw new AppError('auth.second_factor_inactive', { message: 'Set up a second factor of your own first' });
      await this.sessions.revoke(
        tx,
        publish,
        staff.filter((id) => !isOn.has(id)),
      );
    });
  }

  /** Whether signing in takes a code of this person. */
  isOn(userId: string, tx?: EntityManager): Promise<boolean> {
    return (tx?.getRepository(SecondFactor) ?? this.factors).existsBy({ userId, confirmedAt: Not(IsNull()) });
  }

  /** Whether the business asks this person for a second factor, which stays so until the transaction ends. To be asked before the person is locked. */
  async isRequiredOf(tx: EntityManager, { businessId, role }: User): Promise<boolean> {
    return isStaffRole(role) && (await this.businesses.heldSettings(tx, businessId)).secondFactorRequired;
  }

  /** Uses a code up. False for one that is wrong or was used before, also by somebody else at this moment. */
  async use(tx: EntityManager, userId: string, code: string): Promise<boolean> {
    const factor = await tx.findOneByOrFail(SecondFactor, { userId });
    const step = stepOfCode(factor.secret, code);
    const { affected } =
      step === null
        ? await tx.update(RecoveryCode, { userId, hash: hashOf(normaliseRecoveryCode(code)), usedAt: IsNull() }, { usedAt: () => 'now()' })
        : await tx.update(SecondFactor, { userId, lastStep: LessThan(step) }, { lastStep: step });
    return affected === 1;
  }

  /**
   * Runs `work`, which looks at a code, and counts the try unless it went well: before, so that many at the same time are
   * counted as well. An address that the person signed in from has tries of its own.
   */
  async countingTries<T>(userId: string, code: string | undefined, { ip }: ClientInfo, work: () => Promise<T>): Promise<T> {
    if (code === undefined || !(await this.isBegun(userId))) return work();
    const who = await this.sessions.triesOf(userId, userId, ip);
    await this.limiter.takeShared('codeAccount', who, ip);
    const result = await work();
    await this.limiter.giveBackShared('codeAccount', who, ip);
    return result;
  }

  /** A new secret, which counts once it is confirmed. @throws AppError `auth.invalid_credentials`, `auth.second_factor_active`. */
  async begin(actor: Actor, { password }: BeginSecondFactorDto): Promise<SecondFactorDraft> {
    await this.requirePassword(actor, password);
    const { name } = await this.businesses.find(actor.businessId);
    const secret = newTotpSecret();
    const user = await this.events.transaction(async (tx) => {
      const [user] = await this.users.lock(tx, [actor.id]);
      if (await this.isOn(actor.id, tx)) throw new AppError('auth.second_factor_active');
      await tx.upsert(SecondFactor, { userId: actor.id, secret, lastStep: 0 }, ['userId']);
      return user as User;
    });
    return { secret, uri: totpUri(secret, name, user.email ?? user.id) };
  }

  /** @throws AppError `auth.invalid_credentials`, `auth.second_factor_active`, `auth.second_factor_inactive` when none was begun. */
  confirm(actor: Actor, { code }: ConfirmSecondFactorDto, client: ClientInfo): Promise<RecoveryCodes> {
    return this.countingTries(actor.id, code, client, () =>
      this.events.transaction(async (tx, publish) => {
        await this.users.lock(tx, [actor.id]);
        const factor = await tx.findOneBy(SecondFactor, { userId: actor.id });
        if (!factor) throw new AppError('auth.second_factor_inactive');
        if (factor.confirmedAt !== null) throw new AppError('auth.second_factor_active');
        if (!(await this.use(tx, actor.id, code))) throw wrongCode();
        await tx.update(SecondFactor, { userId: actor.id }, { confirmedAt: () => 'now()' });
        await this.sessions.liftRestriction(tx, publish, actor);
        await this.audit.note(tx, actor.businessId, actor, [secondFactorTurned(actor.id, true)]);
        return this.newCodes(tx, actor.id);
      }),
    );
  }

  /** New recovery codes in place of the old ones. @throws AppError `auth.invalid_credentials`, `auth.second_factor_inactive`. */
  renewCodes(actor: Actor, dto: ProveSecondFactorDto, client: ClientInfo): Promise<RecoveryCodes> {
    return this.proven(actor, dto, client, async (tx) => {
      await this.audit.note(tx, actor.businessId, actor, [recoveryCodesRenewed(actor.id)]);
      return this.newCodes(tx, actor.id);
    });
  }

  /** @throws AppError `access.denied` while the business requires it, `auth.invalid_credentials`, `auth.second_factor_inactive`. */
  disable(actor: Actor, dto: ProveSecondFactorDto, client: ClientInfo): Promise<Empty> {
    return this.proven(actor, dto, client, async (tx, isRequired) => {
      if (isRequired) throw new AppError('access.denied', { message: 'The business requires a second factor' });
      if (await this.drop(tx, actor.id)) await this.audit.note(tx, actor.businessId, actor, [secondFactorTurned(actor.id, false)]);
      return {};
    });
  }

  /** Takes the factor of somebody else away, whose phone was lost. @throws AppError `user.not_found`, `access.denied`. */
  async remove(actor: Actor, id: string): Promise<void> {
    // Whoever took over a session of this admin would else need no code to be rid of it.
    if (id === actor.id) throw new AppError('access.denied', { message: 'The own second factor is switched off with password and code' });
    await this.events.transaction(async (tx, publish) => {
      await this.users.lockStaff(tx, actor.businessId, id);
      if (!(await this.drop(tx, id))) return;
      await this.sessions.revoke(tx, publish, [id]);
      await this.audit.note(tx, actor.businessId, actor, [secondFactorTurned(id, false)]);
    });
  }

  /** Takes the factor of a person away, who is locked and whose sessions the caller ends; false where there was none. */
  async drop(tx: EntityManager, userId: string): Promise<boolean> {
    return (await tx.delete(SecondFactor, { userId })).affected === 1;
  }

  /** Does `work` for somebody who has shown password and code. */
  private async proven<T>(
    actor: Actor,
    { password, code }: ProveSecondFactorDto,
    client: ClientInfo,
    work: (tx: EntityManager, isRequired: boolean) => Promise<T>,
  ): Promise<T> {
    await this.requirePassword(actor, password);
    const user = await this.users.find(actor.businessId, actor.id);
    return this.countingTries(actor.id, code, client, () =>
      this.events.transaction(async (tx) => {
        const isRequired = await this.isRequiredOf(tx, user);
        await this.users.lock(tx, [actor.id]);
        if (!(await this.isOn(actor.id, tx))) throw new AppError('auth.second_factor_inactive');
        if (!(await this.use(tx, actor.id, code))) throw wrongCode();
        return work(tx, isRequired);
      }),
    );
  }

  private async newCodes(tx: EntityManager, userId: string): Promise<RecoveryCodes> {
    const recoveryCodes = newRecoveryCodes();
    await tx.delete(RecoveryCode, { userId });
    await tx.insert(
      RecoveryCode,
      recoveryCodes.map((code) => ({ userId, hash: hashOf(normaliseRecoveryCode(code)) })),
    );
    return { recoveryCodes };
  }

  private async requirePassword(actor: Actor, password: string): Promise<void> {
    if (!(await this.passwords.verify(password, await this.users.passwordHash(actor.id)))) throw wrongPassword();
  }

  private isBegun(userId: string): Promise<boolean> {
    return this.factors.existsBy({ userId });
  }
}
