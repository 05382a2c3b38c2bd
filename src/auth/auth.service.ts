import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { RateLimiter } from '../access/rate-limiter.js';
import { AuditService, type Deed } from '../audit/audit.service.js';
import { BusinessService } from '../business/business.service.js';
import type { Business } from '../business/business.entity.js';
import { withDefaults } from '../business/business-settings.js';
import { agentCreated } from '../business/deeds.js';
import { ContactService } from '../business/contact.service.js';
import { normaliseEmail, UserService, type NewUser } from '../business/user.service.js';
import type { User } from '../business/user.entity.js';
import { Env } from '../config/env.js';
import type { Founded, Registered, SignedIn, Tokens } from '../contract/session.js';
import { isStaffRole, type AgentUser, type Me } from '../contract/user.js';
import { AppError } from '../error/app-error.js';
import { EventBus, type Publish } from '../event/event-bus.js';
import type { ChangePasswordDto, CreateAgentDto, CreateBusinessDto, GuestDto, LoginDto, RegisterDto, UpdateMeDto } from './auth.dto.js';
import type { ClientInfo } from './client-info.decorator.js';
import { passwordChanged } from './deeds.js';
import { isSigned } from './identity.js';
import { OriginService } from './origin.service.js';
import { PasswordLinkService } from './password-link.service.js';
import { PasswordService } from './password.service.js';
import { ResumeLinkService } from './resume-link.service.js';
import { SecondFactorService } from './second-factor.service.js';
import { SessionService } from './session.service.js';

const wrongPassword = (): AppError => new AppError('auth.invalid_credentials', { message: 'The current password is wrong' });
const wrongCredentials = (): AppError => new AppError('auth.invalid_credentials', { message: 'E-mail or password is wrong' });

/** How somebody proved who it is; anonymous guests prove nothing, and their coming is not noted. */
type Proof = 'password' | 'second_factor' | 'identity' | 'link' | 'none';

/** @throws AppError `auth.required` where only those may come whom the business knows. */
const requireOpen = ({ settings }: Business): void => {
  if (withDefaults(settings).identityRequired)
    throw new AppError('auth.required', { message: 'Only customers with a signed identity may come to this business' });
};

/** Makes people and lets them in. */
@Injectable()
export class AuthService {
  constructor(
    private readonly env: Env,
    private readonly events: EventBus,
    private readonly businesses: BusinessService,
    private readonly users: UserService,
    private readonly contacts: ContactService,
    private readonly audit: AuditService,
    private readonly passwords: PasswordService,
    private readonly sessions: SessionService,
    private readonly secondFactors: SecondFactorService,
    private readonly links: PasswordLinkService,
    private readonly resumeLinks: ResumeLinkService,
    private readonly origins: OriginService,
    private readonly limiter: RateLimiter,
  ) {}

  /** Founds a business with its first admin. @throws AppError `access.denied` while sign-up is closed, `business.slug_taken`, `auth.password_weak`. */
  async signUp({ name, slug, admin }: CreateBusinessDto, client: ClientInfo): Promise<Founded> {
    if (this.env.SIGNUP === 'closed') throw new AppError('access.denied', { message: 'Sign-up is closed on this server' });
    const passwordHash = await this.passwords.hash(admin.password, [name, admin.name, admin.email]);
    const { business, user, tokens } = await this.events.transaction(async (tx) => {
      const business = await this.businesses.create(tx, name, slug);
      const user = await this.users.create(
        { businessId: business.id, role: 'admin', name: admin.name, email: admin.email, passwordHash },
        tx,
      );
      return { business, user, tokens: await this.start(tx, user, client, 'password', false, [agentCreated(user)]) };
    });
    return { business: await this.businesses.view(business), user: await this.users.agentView(user), ...tokens };
  }

  /** Makes a customer and lets it in; for an admin of the business, makes a person of any role and lets nobody in. */
  async register(actor: Actor | undefined, dto: RegisterDto, client: ClientInfo): Promise<Registered> {
    const { role = 'customer', password, name, username, email } = dto;
    if (role === 'guest') throw new AppError('access.denied', { message: 'Guests have no account' });
    const business = await this.businesses.find(dto.business);
    await this.origins.require(client.origin, business.id);
    const byAdmin = actor?.role === 'admin' && actor.businessId === business.id;
    if (role !== 'customer' && !byAdmin) throw new AppError('access.denied');
    if (!byAdmin) requireOpen(business);
    const passwordHash = await this.passwords.hash(password, [business.name, name, username, email]);
    const person: NewUser = { businessId: business.id, role, email, passwordHash, name: name ?? null, username: username ?? null };
    if (byAdmin && role !== 'customer') return { user: await this.users.agentView(await this.users.create(person, undefined, actor)) };
    return this.letIn(client, 'password', (tx) => this.users.create(person, tx));
  }

  /**
   * @throws AppError `auth.invalid_credentials`, the same for an unknown address, a wrong password and a wrong code;
   * `auth.code_required` behind the right password of somebody who has a second factor.
   */
  async login({ email, password, business: slugOrId, code }: LoginDto, client: ClientInfo): Promise<SignedIn> {
    const business = slugOrId === undefined ? undefined : await this.businesses.find(slugOrId);
    const accounts = await this.users.accounts(email, business?.id, 2);
    const account = accounts.length === 1 ? accounts[0] : undefined;
    await this.limitTries(email, account, client.ip);
    const isRight = await this.passwords.verify(password, account?.passwordHash ?? null);
    const businessId = account?.businessId ?? business?.id;
    if ((!isRight || account?.disabled !== false) && businessId !== undefined)
      await this.noteFailure(businessId, account?.id ?? null, client.ip, 'password');
    if (!account || !isRight || account.disabled) throw wrongCredentials();
    await this.origins.require(client.origin, account.businessId);
    const failed = { byCode: false };
    const signIn = this.secondFactors.countingTries(account.id, code, client, () =>
      this.events.transaction(async (tx) => {
        const isRequired = await this.secondFactors.isRequiredOf(tx, account);
        // The check took its time: a password that was changed in the meantime opens nothing any more.
        const [now] = await this.users.lock(tx, [account.id]);
        if (now?.disabled !== false || (await this.users.passwordHash(account.id, tx)) !== account.passwordHash) throw wrongCredentials();
        const isOn = await this.secondFactors.isOn(account.id, tx);
        if (isOn && code === undefined) throw new AppError('auth.code_required');
        if (isOn && !(await this.secondFactors.use(tx, account.id, code as string))) {
          failed.byCode = true;
          throw wrongCredentials();
        }
        return this.start(tx, account, client, isOn ? 'second_factor' : 'password', isRequired && !isOn);
      }),
    );
    const tokens = await signIn.catch(async (error: unknown) => {
      // Apart from the transaction, which is undone.
      if (failed.byCode) await this.noteFailure(account.businessId, account.id, client.ip, 'code');
      throw error;
    });
    return { user: await this.users.ownView(await this.users.find(account.businessId, account.id)), ...tokens };
  }

  /**
   * Lets somebody in who has no account: a new guest, or the customer whose identity the site has signed.
   * @throws AppError `business.not_found`, `origin.denied`, `auth.required`, `auth.invalid_credentials`.
   */
  async guest({ business: slugOrId, identity, ...facts }: GuestDto, client: ClientInfo): Promise<SignedIn> {
    const business = await this.businesses.find(slugOrId);
    const { id: businessId } = business;
    await this.origins.require(client.origin, businessId);
    if (identity) {
      if (!isSigned(identity, await this.businesses.identitySecret(businessId)))
        throw new AppError('auth.invalid_credentials', { message: 'The identity is not signed by this business' });
      return this.letIn(client, 'identity', (tx, publish) => this.contacts.known(tx, publish, businessId, identity.externalId, facts));
    }
    requireOpen(business);
    const { name = null, email = null, attributes = {}, context = {} } = facts;
    return this.letIn(client, 'none', (tx) => this.users.create({ businessId, role: 'guest', name, email, attributes, context }, tx));
  }

  /** Lets whoever made a link in once more, elsewhere. @throws AppError `origin.denied`, `link.not_found`, `link.expired`. */
  async resume(token: string, client: ClientInfo): Promise<SignedIn> {
    const owner = await this.resumeLinks.ownerOf(token);
    await this.origins.require(client.origin, owner.businessId);
    return this.letIn(client, 'link', async (tx) => {
      await this.resumeLinks.use(tx, token);
      return owner;
    });
  }

  async me(actor: Actor): Promise<Me> {
    return this.meView(await this.users.find(actor.businessId, actor.id));
  }

  /**
   * A new address is where the next forgotten password goes, so it takes the present one.
   * @throws AppError `auth.email_taken`, `auth.invalid_credentials`, `access.denied` for a blocked customer.
   */
  async updateMe(actor: Actor, { currentPassword, email, ...changes }: UpdateMeDto): Promise<Me> {
    const isOther = email !== undefined && normaliseEmail(email) !== (await this.users.find(actor.businessId, actor.id)).email;
    const passwordHash = isOther ? await this.users.passwordHash(actor.id) : null;
    if (passwordHash !== null) await this.requirePassword(actor, currentPassword, passwordHash);
    return this.meView(await this.users.update(actor, { ...changes, ...(isOther && { email }) }));
  }

  /** Takes away everything that a customer or guest has told and written, in one transaction. Its rooms keep their numbering. */
  async eraseMe(actor: Actor): Promise<void> {
    await this.users.erase(actor);
  }

  /** Changes the password and ends every session of this person; the answer's tokens are of a new one. */
  async changePassword(actor: Actor, { currentPassword, newPassword }: ChangePasswordDto, client: ClientInfo): Promise<SignedIn> {
    const user = await this.users.find(actor.businessId, actor.id);
    const oldHash = await this.users.passwordHash(actor.id);
    await this.requirePassword(actor, currentPassword, oldHash);
    const { name } = await this.businesses.find(actor.businessId);
    const passwordHash = await this.passwords.hash(newPassword, [name, user.name, user.username, user.email]);
    const tokens = await this.events.transaction(async (tx, publish) => {
      const isRequired = await this.secondFactors.isRequiredOf(tx, user);
      // The hashing took its time: whoever was disabled, or has another password since, is not let in by the old one.
      const [now] = await this.users.lock(tx, [actor.id]);
      if (now?.disabled !== false || (await this.users.passwordHash(actor.id, tx)) !== oldHash) throw wrongPassword();
      await this.users.setPasswordHash(actor.id, passwordHash, tx);
      await this.events.runHooks('user.password_changed', tx, { businessId: actor.businessId, userId: actor.id }, publish);
      await this.audit.note(tx, actor.businessId, actor, [passwordChanged(actor.id, 'own')]);
      return this.sessions.start(user, client, tx, isRequired && !(await this.secondFactors.isOn(actor.id, tx)));
    });
    return { user: await this.users.ownView(user), ...tokens };
  }

  /** Few tries, since a session may be in other hands than the password. A wrong one is noted. */
  private async requirePassword(actor: Actor, password: string | undefined, hash: string | null): Promise<void> {
    await this.limiter.takeShared('loginAccount', `session ${actor.id}`, actor.ip ?? null);
    if (password !== undefined && (await this.passwords.verify(password, hash))) return;
    await this.noteFailure(actor.businessId, actor.id, actor.ip ?? null, 'password');
    throw wrongPassword();
  }

  /** Makes somebody who answers customers; without a password, invites by mail to choose one. @throws AppError `auth.email_taken`, `auth.password_weak`. */
  async createAgent(actor: Actor, { password, ...agent }: CreateAgentDto, { ip }: ClientInfo): Promise<AgentUser> {
    const { businessId } = actor;
    const business = await this.businesses.find(businessId);
    if (password !== undefined) {
      const passwordHash = await this.passwords.hash(password, [business.name, agent.name, agent.email]);
      return this.users.agentView(await this.users.create({ businessId, passwordHash, ...agent }, undefined, actor));
    }
    await this.limiter.takeShared('mailAccount', `invitation ${normaliseEmail(agent.email)}`, ip);
    await this.limiter.takeShared('invitation', businessId, ip);
    const invited = await this.events.transaction(async (tx, publish) => {
      const user = await this.users.create({ businessId, ...agent }, tx, actor);
      await this.links.mail(tx, publish, user, business, 'invitation');
      return user;
    });
    return this.users.agentView(invited);
  }

  /** Customers and guests, of whom no second factor is required. */
  private async letIn(client: ClientInfo, proof: Proof, find: (tx: EntityManager, publish: Publish) => Promise<User>): Promise<SignedIn> {
    const { user, tokens } = await this.events.transaction(async (tx, publish) => {
      const user = await find(tx, publish);
      return { user, tokens: await this.start(tx, user, client, proof, false) };
    });
    return { user: await this.users.ownView(user), ...tokens };
  }

  private async meView(user: User): Promise<Me> {
    const { businessId } = user;
    if (!isStaffRole(user.role)) return { ...(await this.users.ownView(user)), businessId };
    return { ...(await this.users.agentView(user)), businessId, secondFactor: await this.secondFactors.isOn(user.id) };
  }

  /** `before` is what the person did to come in, noted with it. */
  private async start(
    tx: EntityManager,
    user: User,
    client: ClientInfo,
    proof: Proof,
    isRestricted: boolean,
    before: Deed[] = [],
  ): Promise<Tokens> {
    const { id, role, businessId } = user;
    const deed = { action: 'auth.signed_in', targetType: 'user', targetId: id, details: { method: proof } } as const;
    if (proof !== 'none') await this.audit.note(tx, businessId, { id, role, ip: client.ip }, [...before, deed]);
    return this.sessions.start(user, client, tx, isRestricted);
  }

  private noteFailure(businessId: string, targetId: string | null, ip: string | null, method: 'password' | 'code'): Promise<void> {
    const deed = { action: 'auth.sign_in_failed', targetType: 'user', targetId, details: { method } } as const;
    return this.events.transaction((tx) => this.audit.note(tx, businessId, { id: null, ip }, [deed]));
  }

  /** Few tries for one account, whoever makes them; an address that signed in before has tries of its own, so that nobody can lock another out. */
  private async limitTries(email: string, account: User | undefined, ip: string | null): Promise<void> {
    const who = normaliseEmail(email);
    await this.limiter.takeShared('loginAccount', account ? await this.sessions.triesOf(who, account.id, ip) : who, ip);
  }
}
