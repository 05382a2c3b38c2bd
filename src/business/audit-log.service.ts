import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import type { ListAuditQuery } from '../audit/audit.dto.js';
import { AuditService } from '../audit/audit.service.js';
import type { AuditEntry } from '../contract/audit.js';
import type { Page } from '../contract/page.js';
import { UserService } from './user.service.js';
import { toPublicUser } from './user.view.js';

/** Shows what was noted. Here and not in `audit`, which knows ids only: the list shows people. */
@Injectable()
export class AuditLogService {
  constructor(
    private readonly audit: AuditService,
    private readonly users: UserService,
  ) {}

  async list({ businessId }: Actor, query: ListAuditQuery): Promise<Page<AuditEntry>> {
    const page = await this.audit.list(businessId, query);
    const ids = page.items.map(({ actorId }) => actorId).filter((id) => id !== null);
    const people = new Map((await this.users.findMany([...new Set(ids)])).map((user) => [user.id, user]));
    const items = page.items.map(({ id, at, action, actorId, actorRole, targetType, targetId, ip, details }): AuditEntry => {
      const user = actorId === null ? undefined : people.get(actorId);
      const actor = user ? { ...toPublicUser(user), role: actorRole ?? user.role } : null;
      return { id, at: at.toISOString(), action, actor, targetType, targetId, ip, details };
    });
    return { ...page, items };
  }
}
