import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { newId } from '../database/new-id.js';
import { Reads } from '../database/reads.js';
import { In, Not, Repository, type EntityManager } from 'typeorm';
import { isStaff, type Actor } from '../access/actor.js';
import { peopleWithinReach, reachOf } from '../access/permissions.js';
import { AuditService } from '../audit/audit.service.js';
import type { AgentScope } from '../contract/business.js';
import {
  isStaffRole,
  STAFF_ROLES,
  type AgentUser,
  type KnownUser,
  type OnlineUsers,
  type OwnUser,
  type PublicUser,
} from '../contract/user.js';
import { violates } from '../database/violates.js';
import { AppError } from '../error/app-error.js';
import { EventBus } from '../event/event-bus.js';
import { PresenceReader } from '../presence/presence.reader.js';
import { withDefaults } from './business-settings.js';
import { Business } from './business.entity.js';
import { agentCreated } from './deeds.js';
import { LabelService } from './label.service.js';
import { requireTeams } from './require-teams.js';
import { User } from './user.entity.js';
import { requireUnblocked } from './user.policy.js';
import { toPublicUser, toStaffView } from './user.view.js';

export type NewUser = Pick<User, 'businessId' | 'role'> &
  Partial<Pick<User, 'email' | 'username' | 'name' | 'avatarUrl' | 'passwordHash' | 'attributes' | 'context' | 'capacity' | 'teamIds'>>;

/** One form for one mailbox: compatibility characters folded, lower case, no space around. */
export const normaliseEmail = (email: string): string => email.normalize('NFKC').trim().toLowerCase();

/** Changes of a person, with the address as it is stored. Nobody has shown yet that another one is the person's own. */
export const withAddress = <Changes extends { email?: string | null }>(
  before: User,
  changes: Changes,
): Changes & { email?: string | null; verified?: false } => {
  if (changes.email === undefined) return changes;
  const email = changes.email && normaliseEmail(changes.email);
  return { ...changes, email, ...(email !== before.email && { verified: false as const }) };
};

export const emailTaken = (error: unknown): unknown => (violates(error, 'user_account_email') ? new AppError('auth.email_taken') : error);

@Injectable()
export class UserService {
  private readonly findUsers: (ids: string[]) => Promise<User[]>;
  private readonly findReaches: (ids: string[]) => Promise<Pick<User, 'id' | 'reach' | 'teamIds'>[]>;

  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly presence: PresenceReader,
    private readonly labels: LabelService,
    private readonly audit: AuditService,
    private readonly events: EventBus,
    reads: Reads,
  ) {
    this.findUsers = reads.by(User, 'id');
    this.findReaches = reads.by(User, 'id', { fields: ['reach', 'teamIds'] });
  }

  /** `by` is the admin who makes somebody of the staff, null whoever runs the server. @throws AppError `auth.email_taken`, `team.not_found`. */
  async create(user: NewUser, tx?: EntityManager, by?: Actor | null): Promise<User> {
    if (!tx) return this.events.transaction((own) => this.create(user, own, by));
    const { businessId, role, teamIds = [] } = user;
    const reach = reachOf(role, isStaffRole(role) ? await this.agentScope(tx, businessId) : 'own');
    await requireTeams(tx, businessId, teamIds);
    const row = this.users.create({ id: newId(), attributes: {}, reach, ...user, email: user.email ? normaliseEmail(user.email) : null });
    try {
      await tx.getRepository(User).insert(row as never);
    } catch (error) {
      throw emailTaken(error);
    }
    if (by !== undefined) await this.audit.note(tx, businessId, by, [agentCreated(row)]);
    return this.find(row.businessId, row.id, tx);
  }

  /** @throws AppError `user.not_found`, also for a person of another business. */
  async find(businessId: string, id: string, tx?: EntityManager): Promise<User> {
    const user = await (tx?.getRepository(User) ?? this.users).findOneBy({ id, businessId });
    if (!user) throw new AppError('user.not_found');
    return user;
  }

  /** Staff pass without a look. @throws AppError `access.denied` for a customer that is blocked at this moment. */
  async requireUnblocked(actor: Actor, tx?: EntityManager): Promise<void> {
    if (!isStaff(actor)) requireUnblocked(await this.find(actor.businessId, actor.id, tx));
  }

  /** Whether somebody may be known to exist: everybody to itself, and to staff whom they reach. */
  async isWithinReach(actor: Actor, id: string): Promise<boolean> {
    if (id === actor.id) return true;
    const { sql, values } = peopleWithinReach(actor, 'u');
    return this.users.createQueryBuilder('u').where(sql, values).andWhere('u.id = :id', { id }).getExists();
  }

  findMany(ids: string[]): Promise<User[]> {
    return ids.length === 0 ? Promise.resolve([]) : this.findUsers(ids);
  }

  /** How far each of these people reaches now. */
  async reachesOf(ids: string[]): Promise<Map<string, Pick<User, 'reach' | 'teamIds'>>> {
    return new Map((await this.findReaches(ids)).map((user) => [user.id, user]));
  }

  /** The accounts that an e-mail and password may open, with their hashes, at most so many. */
  accounts(email: string, businessId: string | undefined, most: number): Promise<User[]> {
    return this.users
      .createQueryBuilder('u')
      .addSelect('u.passwordHash')
      .where('u.email = :email AND u.password_hash IS NOT NULL', { email: normaliseEmail(email) })
      .andWhere(businessId === undefined ? 'true' : 'u.business_id = :businessId', { businessId })
      .orderBy('u.id')
      .take(most)
      .getMany();
  }

  async passwordHash(id: string, tx?: EntityManager): Promise<string | null> {
    const found = await (tx?.getRepository(User) ?? this.users).findOne({ where: { id }, select: { id: true, passwordHash: true } });
    return found?.passwordHash ?? null;
  }

  async setPasswordHash(id: string, passwordHash: string, tx?: EntityManager): Promise<void> {
    await (tx?.getRepository(User) ?? this.users).update({ id }, { passwordHash });
  }

  /** Sets the password of somebody who has shown that the mailbox is its own. */
  async acceptPasswordHash(id: string, passwordHash: string, tx: EntityManager): Promise<void> {
    await tx.getRepository(User).update({ id }, { passwordHash, verified: true });
  }

  /** Changes a person's own profile. @throws AppError `auth.email_taken`, `auth.session_ended`, `access.denied` for a blocked customer. */
  async update(actor: Actor, changes: Partial<Pick<User, 'name' | 'username' | 'avatarUrl' | 'email'>>): Promise<User> {
    try {
      await this.events.transaction(async (tx) => {
        const [person] = await this.lock(tx, [actor.id]);
        // Who was erased in the meantime must not be told of again.
        if (person?.disabled !== false) throw new AppError('auth.session_ended');
        requireUnblocked(person);
        const fields = withAddress(person, changes);
        if (Object.keys(fields).length > 0) await tx.getRepository(User).update({ id: person.id }, fields);
      });
    } catch (error) {
      throw emailTaken(error);
    }
    return this.changed(actor.businessId, actor.id, actor);
  }

  /** Locks people, in the order of their ids, until the transaction ends. Unknown ids are left out. */
  async lock(tx: EntityManager, ids: string[]): Promise<User[]> {
    if (ids.length === 0) return [];
    return tx.getRepository(User).find({ where: { id: In(ids) }, order: { id: 'ASC' }, lock: { mode: 'for_no_key_update' } });
  }

  /** Locks those of these people who answer for this business, in the order of their ids. Others are left out. */
  lockAgents(tx: EntityManager, businessId: string, ids: (string | null)[]): Promise<User[]> {
    const where = { id: In(ids.filter((id) => id !== null)), businessId, role: In([...STAFF_ROLES]) };
    return tx.getRepository(User).find({ where, order: { id: 'ASC' }, lock: { mode: 'for_no_key_update' } });
  }

  /** Locks an agent or admin of the business until the transaction ends. @throws AppError `user.not_found`. */
  async lockStaff(tx: EntityManager, businessId: string, id: string): Promise<User> {
    const user = await tx.getRepository(User).findOne({ where: { id, businessId }, lock: { mode: 'for_no_key_update' } });
    if (!user || !isStaffRole(user.role)) throw new AppError('user.not_found');
    return user;
  }

  /** Changes how many rooms an agent holds; the agent is locked by the caller. */
  async addLoad(tx: EntityManager, id: string, rooms: number): Promise<void> {
    await tx.getRepository(User).update({ id }, { load: () => `load + ${rooms}`, idleSince: () => 'now()' });
  }

  /**
   * Empties the row of a guest or customer, the actor's own or another one's, and has every module empty its own. False when
   * that was done already. @throws AppError `access.denied` for a blocked one that would come back unblocked.
   */
  erase(actor: Actor, id = actor.id): Promise<boolean> {
    const { businessId } = actor;
    return this.events.transaction(async (tx, publish) => {
      const [person] = await this.lock(tx, [id]);
      if (!person || person.disabled) return false;
      if (actor.id === id) requireUnblocked(person);
      await this.events.runHooks('user.erased', tx, { businessId, userId: id }, publish);
      const nothing = { email: null, username: null, name: null, avatarUrl: null, passwordHash: null, externalId: null };
      await tx.getRepository(User).update({ id }, { ...nothing, attributes: {}, context: {}, labelIds: [], disabled: true });
      const by = actor.id === id ? { ...actor, ip: null } : actor;
      await this.audit.note(tx, businessId, by, [{ action: 'customer.erased', targetType: 'user', targetId: id }]);
      return true;
    });
  }

  /** The full views, in the order of `users`. */
  async staffViews(users: User[]): Promise<KnownUser[]> {
    const [presences, labels] = await Promise.all([
      this.presence.ofAll(users.map(({ id }) => id)),
      Promise.all(users.map(({ labelIds }) => this.labels.namesOf(labelIds))),
    ]);
    return users.map((user, index) =>
      toStaffView(user, presences.get(user.id) ?? { userId: user.id, status: 'offline', lastSeenAt: null }, labels[index] ?? []),
    );
  }

  /** An agent or admin, in full. */
  async agentView(user: User): Promise<AgentUser> {
    const [view] = await this.staffViews([user]);
    return view as AgentUser;
  }

  /** A person as it sees itself: staff in full, others as everybody sees them. */
  ownView(user: User): Promise<OwnUser> {
    return isStaffRole(user.role) ? this.agentView(user) : Promise.resolve(toPublicUser(user));
  }

  /** Who is online of those whom the actor reaches, customers included; of one role when it is named. */
  async online(actor: Actor, role?: User['role']): Promise<OnlineUsers> {
    const ids = await this.presence.onlineIds(actor.businessId);
    if (ids.length === 0) return { items: [] };
    const { sql, values } = peopleWithinReach(actor, 'u');
    const found = this.users.createQueryBuilder('u').where(sql, values).andWhere('u.id = ANY (:ids)', { ids });
    if (role) found.andWhere('u.role = :role', { role });
    return { items: await this.staffViews(await found.orderBy('u.id').getMany()) };
  }

  countAgents(businessId: string, amongIds: string[]): Promise<number> {
    return amongIds.length === 0
      ? Promise.resolve(0)
      : this.users.countBy({ businessId, id: In(amongIds), role: In([...STAFF_ROLES]), disabled: false });
  }

  /** The person after a change; whoever shows it is told if what everybody sees of it is another than before. */
  async changed(businessId: string, id: string, before: PublicUser | undefined): Promise<User> {
    const user = await this.find(businessId, id);
    const now = toPublicUser(user);
    if (now.name !== before?.name || now.avatarUrl !== before.avatarUrl || now.role !== before.role) {
      this.events.announce('user.updated', { businessId, user: now, isCustomerVisible: true });
    }
    return user;
  }

  /** Lets the agents of a business reach what its setting says; the business is locked by the caller. */
  async setAgentReach(tx: EntityManager, businessId: string, agentScope: AgentScope): Promise<void> {
    const reach = reachOf('agent', agentScope);
    const where = { businessId, role: 'agent' as const, reach: Not(reach) };
    const agents = await tx.getRepository(User).find({ where, order: { id: 'ASC' }, lock: { mode: 'for_no_key_update' } });
    if (agents.length > 0) await tx.getRepository(User).update({ id: In(agents.map(({ id }) => id)) }, { reach });
  }

  /** Holds the setting as it is until the transaction ends, so that nobody is made by an old one. */
  private async agentScope(tx: EntityManager, id: string): Promise<AgentScope> {
    const { settings } = await tx.getRepository(Business).findOneOrFail({ where: { id }, lock: { mode: 'pessimistic_read' } });
    return withDefaults(settings).agentScope;
  }
}
