import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository, type EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { AuditService, type Deed } from '../audit/audit.service.js';
import type { Page } from '../contract/page.js';
import type { Team as TeamView } from '../contract/team.js';
import { isStaffRole, STAFF_ROLES } from '../contract/user.js';
import { newId } from '../database/new-id.js';
import { violates } from '../database/violates.js';
import { AppError } from '../error/app-error.js';
import { EventBus } from '../event/event-bus.js';
import { decodeCursor, toPage } from '../validation/cursor.js';
import type { PageQuery } from '../validation/page-query.js';
import { isUuid, limitOrDefault } from '../validation/rules.js';
import { changesBetween } from './deeds.js';
import type { CreateTeamDto, UpdateTeamDto } from './team.dto.js';
import { Team } from './team.entity.js';
import { User } from './user.entity.js';
import { UserService } from './user.service.js';

const nameTaken = (error: unknown): unknown => (violates(error, 'team_name') ? new AppError('team.name_taken') : error);

/** Teams and who is in them. */
@Injectable()
export class TeamService {
  constructor(
    @InjectRepository(Team) private readonly teams: Repository<Team>,
    private readonly users: UserService,
    private readonly audit: AuditService,
    private readonly events: EventBus,
  ) {}

  async list(actor: Actor, { limit, cursor }: PageQuery): Promise<Page<TeamView>> {
    const size = limitOrDefault(limit);
    const [after] = cursor === undefined ? [] : decodeCursor(cursor, [isUuid]);
    const found = this.teams.createQueryBuilder('t').where('t.business_id = :businessId', { businessId: actor.businessId });
    if (after !== undefined) found.andWhere('t.id > :after', { after });
    const page = toPage(
      await found
        .orderBy('t.id')
        .take(size + 1)
        .getMany(),
      size,
      ({ id }) => [id],
    );
    return { ...page, items: await this.views(actor.businessId, page.items) };
  }

  /** @throws AppError `team.not_found`. */
  async get(actor: Actor, id: string): Promise<TeamView> {
    const [view] = await this.views(actor.businessId, [await this.find(actor.businessId, id)]);
    return view as TeamView;
  }

  /** @throws AppError `team.name_taken`, `user.not_found`. */
  async create(actor: Actor, { name, agentIds = [] }: CreateTeamDto): Promise<TeamView> {
    const { businessId } = actor;
    const id = newId();
    await this.change(actor, async (tx) => {
      await tx.insert(Team, { id, businessId, name });
      await this.setMembers(tx, businessId, id, agentIds);
      return { action: 'team.created', targetType: 'team', targetId: id, details: { name, agentIds } };
    });
    return this.get(actor, id);
  }

  /** @throws AppError `team.not_found`, `team.name_taken`, `user.not_found`. */
  async update(actor: Actor, id: string, { name, agentIds }: UpdateTeamDto): Promise<TeamView> {
    const { businessId } = actor;
    await this.change(actor, async (tx) => {
      const before = await this.find(businessId, id, tx, 'pessimistic_write');
      if (name !== undefined) await tx.update(Team, { id }, { name });
      const memberIds = agentIds && (await this.setMembers(tx, businessId, id, agentIds));
      const changed = changesBetween(
        { name: before.name, agentIds: memberIds ?? null },
        { name: name ?? before.name, agentIds: agentIds ? [...agentIds].sort() : null },
      );
      if (Object.keys(changed).length === 0) return undefined;
      return { action: 'team.updated', targetType: 'team', targetId: id, details: { changed } };
    });
    return this.get(actor, id);
  }

  /** Its rooms are anybody's from then on. @throws AppError `team.not_found`. */
  async delete(actor: Actor, id: string): Promise<void> {
    const { businessId } = actor;
    await this.events.transaction(async (tx, publish) => {
      const { name } = await this.find(businessId, id, tx, 'pessimistic_write');
      await this.setMembers(tx, businessId, id, []);
      await this.events.runHooks('team.deleted', tx, { businessId, teamId: id, name, byId: actor.id }, publish);
      await tx.delete(Team, { id });
      await this.audit.note(tx, businessId, actor, [{ action: 'team.deleted', targetType: 'team', targetId: id, details: { name } }]);
      publish('staff.updated', { businessId });
    });
  }

  /** Keeps the team from being deleted until the transaction ends. @throws AppError `team.not_found`, also for one of another business. */
  async find(
    businessId: string,
    id: string,
    tx?: EntityManager,
    mode: 'for_key_share' | 'pessimistic_write' = 'for_key_share',
  ): Promise<Team> {
    const repository = tx?.getRepository(Team) ?? this.teams;
    const team = await repository.findOne({ where: { id, businessId }, ...(tx && { lock: { mode } }) });
    if (!team) throw new AppError('team.not_found');
    return team;
  }

  /** Keeps teams from being deleted until the transaction ends: before anybody in them is locked. */
  async hold(tx: EntityManager, ids: (string | null)[]): Promise<void> {
    const named = [...new Set(ids.filter((id) => id !== null))];
    if (named.length > 0)
      await tx.getRepository(Team).find({ where: { id: In(named) }, order: { id: 'ASC' }, lock: { mode: 'for_key_share' } });
  }

  /** `work` returns what it is noted as. */
  private async change(actor: Actor, work: (tx: EntityManager) => Promise<Deed | undefined>): Promise<void> {
    const { businessId } = actor;
    try {
      await this.events.transaction(async (tx, publish) => {
        const deed = await work(tx);
        if (deed) await this.audit.note(tx, businessId, actor, [deed]);
        publish('staff.updated', { businessId });
      });
    } catch (error) {
      throw nameTaken(error);
    }
  }

  /** Returns who was in it before, in the order of their ids. */
  private async setMembers(tx: EntityManager, businessId: string, teamId: string, agentIds: string[]): Promise<string[]> {
    const present = (await this.membersOf(businessId, [teamId], tx)).map(({ id }) => id);
    const affected = await this.users.lock(tx, [...new Set([...agentIds, ...present])]);
    const agents = affected.filter((user) => agentIds.includes(user.id) && user.businessId === businessId && isStaffRole(user.role));
    if (agents.length < agentIds.length) throw new AppError('user.not_found');
    for (const { id, teamIds } of affected) {
      const others = teamIds.filter((one) => one !== teamId);
      await tx.update(User, { id }, { teamIds: agentIds.includes(id) ? [...others, teamId] : others });
    }
    return present;
  }

  private membersOf(businessId: string, teamIds: string[], tx?: EntityManager): Promise<Pick<User, 'id' | 'teamIds'>[]> {
    return (tx ?? this.teams.manager)
      .getRepository(User)
      .createQueryBuilder('u')
      .select(['u.id', 'u.teamIds'])
      .where('u.business_id = :businessId AND u.role IN (:...roles)', { businessId, roles: STAFF_ROLES })
      .andWhere('u.team_ids && :teamIds', { teamIds })
      .orderBy('u.id')
      .getMany();
  }

  private async views(businessId: string, teams: Team[]): Promise<TeamView[]> {
    const members =
      teams.length === 0
        ? []
        : await this.membersOf(
            businessId,
            teams.map(({ id }) => id),
          );
    return teams.map(({ id, name, createdAt }) => ({
      id,
      name,
      agentIds: members.filter(({ teamIds }) => teamIds.includes(id)).map((member) => member.id),
      createdAt: createdAt.toISOString(),
    }));
  }
}
