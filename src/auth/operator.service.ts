import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { AgentService } from '../business/agent.service.js';
import type { Business } from '../business/business.entity.js';
import { BusinessService } from '../business/business.service.js';
import type { User } from '../business/user.entity.js';
import { normaliseEmail, UserService } from '../business/user.service.js';
import type { StaffRole } from '../contract/user.js';
import { AppError } from '../error/app-error.js';
import { EventBus } from '../event/event-bus.js';
import { passwordChanged, secondFactorTurned } from './deeds.js';
import { PasswordLinkService } from './password-link.service.js';
import { PasswordService } from './password.service.js';
import { SecondFactorService } from './second-factor.service.js';

export interface NewStaff {
  /** Slug or id. */
  business: string;
  role: StaffRole;
  email: string;
  name: string;
}

/** Shown once and kept nowhere. */
export const newPassword = (): string => randomBytes(12).toString('base64url');

/** What whoever runs the server does to its people, past sign-up and roles. */
@Injectable()
export class OperatorService {
  constructor(
    private readonly events: EventBus,
    private readonly businesses: BusinessService,
    private readonly users: UserService,
    private readonly agents: AgentService,
    private readonly passwords: PasswordService,
    private readonly links: PasswordLinkService,
    private readonly secondFactors: SecondFactorService,
    private readonly audit: AuditService,
  ) {}

  /** @throws AppError `business.slug_taken`. */
  async createBusiness(
    name: string,
    slug: string | undefined,
    admin: { name: string; email: string },
  ): Promise<{ business: Business; password: string }> {
    const password = newPassword();
    const passwordHash = await this.passwords.hash(password, []);
    const business = await this.events.transaction(async (tx) => {
      const founded = await this.businesses.create(tx, name, slug);
      await this.users.create({ businessId: founded.id, role: 'admin', passwordHash, ...admin }, tx, null);
      return founded;
    });
    return { business, password };
  }

  /** @throws AppError `business.not_found`, `auth.email_taken`. */
  async createStaff({ business: slugOrId, ...person }: NewStaff): Promise<string> {
    const business = await this.businesses.find(slugOrId);
    const password = newPassword();
    const passwordHash = await this.passwords.hash(password, []);
    await this.events.transaction((tx) => this.users.create({ businessId: business.id, passwordHash, ...person }, tx, null));
    return password;
  }

  /** The same by an invitation in place of a password. @throws AppError `business.not_found`, `auth.email_taken`. */
  async invite({ business: slugOrId, ...person }: NewStaff): Promise<void> {
    const business = await this.businesses.find(slugOrId);
    await this.events.transaction(async (tx, publish) => {
      const user = await this.users.create({ businessId: business.id, ...person }, tx, null);
      await this.links.mail(tx, publish, user, business, 'invitation');
    });
  }

  /** Gives an account a new password and ends its sessions. @throws AppError `business.not_found`, `user.not_found`. */
  async resetPassword(slugOrId: string, email: string, removesSecondFactor: boolean): Promise<string> {
    const business = await this.businesses.find(slugOrId);
    const [account] = await this.users.accounts(email, business.id, 1);
    // Whoever was invited has no password yet.
    const user = account ?? (await this.agents.all(business.id)).find((agent) => agent.email === normaliseEmail(email));
    if (!user) throw new AppError('user.not_found');
    const password = newPassword();
    const passwordHash = await this.passwords.hash(password, []);
    await this.events.transaction(async (tx, publish) => {
      await this.users.lock(tx, [user.id]);
      await this.users.setPasswordHash(user.id, passwordHash, tx);
      await this.events.runHooks('user.password_changed', tx, { businessId: business.id, userId: user.id }, publish);
      const isDropped = removesSecondFactor && (await this.secondFactors.drop(tx, user.id));
      const deeds = [passwordChanged(user.id, 'operator'), ...(isDropped ? [secondFactorTurned(user.id, false)] : [])];
      await this.audit.note(tx, business.id, null, deeds);
    });
    return password;
  }

  /** @throws AppError `business.not_found`. */
  async staff(slugOrId: string): Promise<User[]> {
    const { id } = await this.businesses.find(slugOrId);
    return this.agents.all(id);
  }
}
