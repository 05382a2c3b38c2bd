import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { RateLimiter } from '../access/rate-limiter.js';
import { BusinessService } from '../business/business.service.js';
import { normaliseEmail, UserService, type NewUser } from '../business/user.service.js';
import type { User } from '../business/user.entity.js';
import { Env } from '../config/env.js';
import type { Founded, Registered, SignedIn } from '../contract/session.js';
import { isStaffRole, type AgentUser, type Me } from '../contract/user.js';
import { AppError } from '../error/app-error.js';
import { EventBus } from '../event/event-bus.js';
import type { ChangePasswordDto, CreateAgentDto, CreateBusinessDto, GuestDto, LoginDto, RegisterDto, UpdateMeDto } from './auth.dto.js';
import type { ClientInfo } from './client-info.decorator.js';
import { OriginService } from './origin.service.js';
import { PasswordLinkService } from './password-link.service.js';
import { PasswordService } from './password.service.js';
import { SecondFactorService } from './second-factor.service.js';
import { SessionService } from './session.service.js';

const wrongCredentials = (): AppError => new AppError('auth.invalid_credentials', { message: 'E-mail or password is wrong' });

/** Makes people and lets them in. */
@Injectable()
export class AuthService {
  constructor(
    private readonly env: Env,
    private readonly events: EventBus,
    private readonly businesses: BusinessService,
    private readonly users: UserService,
    private readonly passwords: PasswordService,
    private readonly sessions: SessionService,
    private readonly secondFactors: SecondFactorService,
    private readonly links: PasswordLinkService,
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
      return { business, user, tokens: await this.sessions.start(user, client, tx, false) };
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
    const passwordHash = await this.passwords.hash(password, [business.name, name, username, email]);
    const person: NewUser = { businessId: business.id, role, email, passwordHash, name: name ?? null, username: username ?? null };
    if (byAdmin && role !== 'customer') return { user: await this.users.agentView(await this.users.create(person)) };
    return this.letIn(person, client);
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
    if (!account || !isRight || account.disabled) throw wrongCredentials();
    await this.origins.require(client.origin, account.businessId);
    const tokens = await this.secondFactors.countingTries(account.id, code, client, () =>
      this.events.transaction(async (tx) => {
        const isRequired = await this.secondFactors.isRequiredOf(tx, account);
        // The check took its time: a password that was changed in the meantime opens nothing any more.
        const [now] = await this.users.lock(tx, [account.id]);
        if (now?.disabled !== false || (await this.users.passwordHash(account.id, tx)) !== account.passwordHash) throw wrongCredentials();
        const isOn = await this.secondFactors.isOn(account.id, tx);
        if (isOn && code === undefined) throw new AppError('auth.code_required');
        if (isOn && !(await this.secondFactors.use(tx, account.id, code as string))) throw wrongCredentials();
        return this.sessions.start(account, client, tx, isRequired && !isOn);
      }),
    );
    return { user: await this.users.ownView(await this.users.find(account.businessId, account.id)), ...tokens };
  }

  /** Lets somebody in who has no account. @throws AppError `business.not_found`, `origin.denied`. */
  async guest({ business: slugOrId, name, email, attributes, context }: GuestDto, client: ClientInfo): Promise<SignedIn> {
    const business = await this.businesses.find(slugOrId);
    await this.origins.require(client.origin, business.id);
    return this.letIn(
      {
        businessId: business.id,
        role: 'guest',
        name: name ?? null,
        email: email ?? null,
        attributes: attributes ?? {},
        context: context ?? {},
      },
      client,
    );
  }

  async me(actor: Actor): Promise<Me> {
    return this.meView(await this.users.find(actor.businessId, actor.id));
  }

  async updateMe(actor: Actor, dto: UpdateMeDto): Promise<Me> {
    return this.meView(await this.users.update(actor, dto));
  }

  /** Takes away everything that a customer or guest has told and written, in one transaction. Its rooms keep their numbering. */
  eraseMe(actor: Actor): Promise<void> {
    return this.users.erase(actor);
  }

  /** Changes the password and ends every session of this person; the answer's tokens are of a new one. */
  async changePassword(actor: Actor, { currentPassword, newPassword }: ChangePasswordDto, client: ClientInfo): Promise<SignedIn> {
    const user = await this.users.find(actor.businessId, actor.id);
    if (!(await this.passwords.verify(currentPassword, await this.users.passwordHash(actor.id)))) {
      throw new AppError('auth.invalid_credentials', { message: 'The current password is wrong' });
    }
    const { name } = await this.businesses.find(actor.businessId);
    const passwordHash = await this.passwords.hash(newPassword, [name, user.name, user.username, user.email]);
    const tokens = await this.events.transaction(async (tx, publish) => {
      const isRequired = await this.secondFactors.isRequiredOf(tx, user);
      await this.users.setPasswordHash(actor.id, passwordHash, tx);
      await this.events.runHooks('user.password_changed', tx, { businessId: actor.businessId, userId: actor.id }, publish);
      return this.sessions.start(user, client, tx, isRequired && !(await this.secondFactors.isOn(actor.id, tx)));
    });
    return { user: await this.users.ownView(user), ...tokens };
  }

  /** Makes somebody who answers customers; without a password, invites by mail to choose one. @throws AppError `auth.email_taken`, `auth.password_weak`. */
  async createAgent(actor: Actor, { password, ...agent }: CreateAgentDto, { ip }: ClientInfo): Promise<AgentUser> {
    const { businessId } = actor;
    const business = await this.businesses.find(businessId);
    if (password !== undefined) {
      const passwordHash = await this.passwords.hash(password, [business.name, agent.name, agent.email]);
      return this.users.agentView(await this.users.create({ businessId, passwordHash, ...agent }));
    }
    this.limiter.take('invitation', businessId, ip);
    const invited = await this.events.transaction(async (tx, publish) => {
      const user = await this.users.create({ businessId, ...agent }, tx);
      await this.links.mail(tx, publish, user, business, 'invitation');
      return user;
    });
    return this.users.agentView(invited);
  }

  /** Customers and guests, of whom no second factor is required. */
  private async letIn(person: NewUser, client: ClientInfo): Promise<SignedIn> {
    const { user, tokens } = await this.events.transaction(async (tx) => {
      const user = await this.users.create(person, tx);
      return { user, tokens: await this.sessions.start(user, client, tx, false) };
    });
    return { user: await this.users.ownView(user), ...tokens };
  }

  private async meView(user: User): Promise<Me> {
    const { businessId } = user;
    if (!isStaffRole(user.role)) return { ...(await this.users.ownView(user)), businessId };
    return { ...(await this.users.agentView(user)), businessId, secondFactor: await this.secondFactors.isOn(user.id) };
  }

  /** Few tries for one account, whoever makes them; an address that signed in before has tries of its own, so that nobody can lock another out. */
  private async limitTries(email: string, account: User | undefined, ip: string | null): Promise<void> {
    const isKnown = account !== undefined && (await this.sessions.isKnownAddress(account.id, ip));
    const who = normaliseEmail(email);
    this.limiter.take('loginAccount', isKnown ? `${who} ${ip}` : who, ip);
  }
}
