import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, MoreThan, Not, Repository, type EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { reachOf } from '../access/permissions.js';
import { AuditService } from '../audit/audit.service.js';
import type { Page } from '../contract/page.js';
import { STAFF_ROLES, type AgentUser, type PublicUser, type StaffRole } from '../contract/user.js';
import { AppError } from '../error/app-error.js';
import { EventBus } from '../event/event-bus.js';
import { PresenceReader } from '../presence/presence.reader.js';
import { decodeCursor, toPage } from '../validation/cursor.js';
import { isUuid, limitOrDefault } from '../validation/rules.js';
import type { ListAgentsQuery, UpdateAgentDto } from './agent.dto.js';
import { withDefaults } from './business-settings.js';
import { Business } from './business.entity.js';
import { agentDeeds } from './deeds.js';
import { requireTeams } from './require-teams.js';
import { User } from './user.entity.js';
import { emailTaken, UserService, withAddress } from './user.service.js';
import { toPublicUser } from './user.view.js';

/** Those who answer customers: agents and admins. */
@Injectable()
export class AgentService {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly people: UserService,
    private readonly presence: PresenceReader,
    private readonly audit: AuditService,
    private readonly events: EventBus,
  ) {}

  /** All of a business, disabled people included. */
  all(businessId: string, tx: EntityManager = this.users.manager): Promise<User[]> {
    return tx.getRepository(User).find({ where: { businessId, role: In([...STAFF_ROLES]) }, order: { id: 'ASC' } });
  }

  /** Those who may be given rooms. */
  async able(businessId: string): Promise<User[]> {
    return (await this.all(businessId)).filter(({ disabled }) => !disabled);
  }

  /** Those who have rooms, of all businesses. */
  holders(): Promise<Pick<User, 'id' | 'businessId'>[]> {
    return this.users.find({ select: { id: true, businessId: true }, where: { load: MoreThan(0) } });
  }

  async list(actor: Actor, { online, limit, cursor }: ListAgentsQuery): Promise<Page<AgentUser>> {
    const size = limitOrDefault(limit);
    const [after] = cursor === undefined ? [] : decodeCursor(cursor, [isUuid]);
    const onlineIds = online === undefined ? [] : await this.presence.onlineIds(actor.businessId);
    const found = this.users
      .createQueryBuilder('u')
      .where('u.business_id = :businessId AND u.role IN (:...roles)', { businessId: actor.businessId, roles: STAFF_ROLES });
    if (after !== undefined) found.andWhere('u.id > :after', { after });
    if (online !== undefined)
      found.andWhere(`u.id ${online === 'true' ? '=' : '<>'} ${online === 'true' ? 'ANY' : 'ALL'} (:onlineIds)`, { onlineIds });
    const page = toPage(
      await found
        .orderBy('u.id')
        .take(size + 1)
        .getMany(),
      size,
      ({ id }) => [id],
    );
    return { ...page, items: (await this.people.staffViews(page.items)) as AgentUser[] };
  }

  /** @throws AppError `user.not_found`, `agent.last_admin`, `auth.email_taken`, `team.not_found`. */
  async update(actor: Actor, id: string, changes: UpdateAgentDto): Promise<AgentUser> {
    let before: PublicUser | undefined;
    try {
      before = await this.events.transaction(async (tx, publish) => {
        const { settings } = await this.lockBusiness(tx, actor.businessId);
        await requireTeams(tx, actor.businessId, changes.teamIds ?? []);
        const users = tx.getRepository(User);
        const agent = await this.people.lockStaff(tx, actor.businessId, id);
        const { role = agent.role, disabled = agent.disabled } = changes;
        const losesAdmin = agent.role === 'admin' && !agent.disabled && (role !== 'admin' || disabled);
        if (losesAdmin && !(await this.hasOtherAdmin(tx, agent))) throw new AppError('agent.last_admin');
        const reach = reachOf(role, withDefaults(settings).agentScope);
        const normalised = withAddress(agent, changes);
        await users.update({ id }, { ...normalised, reach });
        await this.audit.note(tx, actor.businessId, actor, agentDeeds(agent, normalised));
        publish('staff.updated', { businessId: actor.businessId });
        const person = { businessId: actor.businessId, userId: id };
        if (role !== agent.role) await this.events.runHooks('user.role_changed', tx, person, publish);
        if (disabled && !agent.disabled) await this.events.runHooks('user.disabled', tx, { ...person, byId: actor.id }, publish);
        return toPublicUser(agent);
      });
    } catch (error) {
      throw emailTaken(error);
    }
    return this.people.agentView(await this.people.changed(actor.businessId, id, before));
  }

  private lockBusiness(tx: EntityManager, id: string): Promise<Business> {
    return tx.getRepository(Business).findOneOrFail({ where: { id }, lock: { mode: 'for_no_key_update' } });
  }

  /** Somebody who was only invited does not count: an invitation may never be accepted. */
  private hasOtherAdmin(tx: EntityManager, { businessId, id }: User): Promise<boolean> {
    const able = { role: 'admin' satisfies StaffRole, disabled: false, passwordHash: Not(IsNull()) } as const;
    return tx.getRepository(User).existsBy({ businessId, id: Not(id), ...able });
  }
}
