import { Injectable } from '@nestjs/common';
import { BusinessService } from '../business/business.service.js';
import { UserService } from '../business/user.service.js';
import type { StaffRole } from '../contract/user.js';
import { EventBus } from '../event/event-bus.js';
import { newPassword } from './operator.service.js';
import { PasswordService } from './password.service.js';

export interface Demo {
  slug: string;
  people: { role: StaffRole; email: string; password: string }[];
}

/** Something to try the server with on its first start. */
@Injectable()
export class DemoService {
  constructor(
    private readonly events: EventBus,
    private readonly businesses: BusinessService,
    private readonly users: UserService,
    private readonly passwords: PasswordService,
  ) {}

  /** Makes the demo business where there is no business yet; undefined where there is one. The passwords are kept nowhere. */
  async make(): Promise<Demo | undefined> {
    if (!(await this.businesses.isEmpty())) return undefined;
    const people = await Promise.all(
      (['admin', 'agent'] as const).map(async (role) => {
        const password = newPassword();
        return { role, email: `${role}@demo.example`, password, passwordHash: await this.passwords.hash(password, []) };
      }),
    );
    const { slug } = await this.events.transaction(async (tx) => {
      const business = await this.businesses.create(tx, 'Demo', 'demo');
      for (const { role, email, passwordHash } of people) {
        await this.users.create(
          { businessId: business.id, role, email, passwordHash, name: role === 'admin' ? 'Ada Admin' : 'Alex Agent' },
          tx,
          null,
        );
      }
      return business;
    });
    return { slug, people: people.map(({ role, email, password }) => ({ role, email, password })) };
  }
}
