import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { peopleWithinReach } from '../access/permissions.js';
import { AuditService } from '../audit/audit.service.js';
import type { Page } from '../contract/page.js';
import type { CustomerUser } from '../contract/user.js';
import { LAST_ID, newId } from '../database/new-id.js';
import { violates } from '../database/violates.js';
import { AppError, invalid } from '../error/app-error.js';
import { EventBus, StaleRead, type Publish } from '../event/event-bus.js';
import { decodeCursor, toPage } from '../validation/cursor.js';
import { isUuid, limitOrDefault } from '../validation/rules.js';
import { LabelService } from './label.service.js';
import { User } from './user.entity.js';
import { normaliseEmail, UserService, withAddress } from './user.service.js';
import { toPublicUser } from './user.view.js';

export const MAX_ATTRIBUTES_BYTES = 8192;

/** What is asked of the list of customers. */
interface ContactQuery {
  q?: string;
  limit?: number;
  cursor?: string;
}

/** What may be changed of a customer; attributes are merged key by key, null takes one away. */
type ContactChanges = Partial<Pick<User, 'name' | 'email' | 'username' | 'externalId' | 'attributes'>> & {
  /** The names of all that are on it from then on. */
  labels?: string[];
};

/** What a customer's site tells when it comes. */
type ContactFacts = Partial<Pick<User, 'attributes' | 'context'> & { name: string; email: string }>;

/** Erased people have no more than an id. */
const IS_CUSTOMER = "u.role IN ('guest', 'customer') AND NOT u.disabled";
const HEAD = (which: string): string => `
  SELECT DISTINCT r.customer_id FROM room r JOIN "user" c ON c.id = r.customer_id AND NOT c.disabled
    WHERE ${which} AND r.customer_id < :before ORDER BY r.customer_id DESC LIMIT :most`;
/** The newest customers of somebody's own rooms and those of each team: together they hold the newest of all. */
const HEADS = `(${HEAD('r.assignee_id = :reachUser')}) UNION
  (SELECT head.* FROM unnest(:teams::uuid[]) AS team (id) CROSS JOIN LATERAL (${HEAD('r.team_id = team.id')}) head)`;

const merged = (attributes: User['attributes'], patch: User['attributes']): User['attributes'] => {
  const all = Object.fromEntries(Object.entries({ ...attributes, ...patch }).filter(([, value]) => value !== null));
  if (Buffer.byteLength(JSON.stringify(all)) > MAX_ATTRIBUTES_BYTES)
    throw invalid('attributes', `must come to at most ${MAX_ATTRIBUTES_BYTES} bytes with those that are there`);
  return all;
};

const externalIdTaken = (error: unknown): unknown =>
  violates(error, 'user_external_id') ? new AppError('customer.external_id_taken') : error;

/** The guests and customers of a business, as its staff know them. Who is out of the actor's reach is not there. */
@Injectable()
export class ContactService {
  constructor(
    @InjectRepository(User) private readonly contacts: Repository<User>,
    private readonly users: UserService,
    private readonly labels: LabelService,
    private readonly audit: AuditService,
    private readonly events: EventBus,
  ) {}

  /** The newest first. */
  async list(actor: Actor, { q, limit, cursor }: ContactQuery): Promise<Page<CustomerUser>> {
    const size = limitOrDefault(limit);
    const [before = LAST_ID] = cursor === undefined ? [] : decodeCursor(cursor, [isUuid]);
    const most = size + 1;
    const found = this.within(actor, this.contacts).andWhere('u.id < :before', { before });
    if (q !== undefined)
      found.andWhere('u.id = ANY (ARRAY(SELECT find_customers(:business, :q)))', { business: actor.businessId, q: q.trim() });
    else if (actor.reach !== 'all')
      found.andWhere(`u.id = ANY (ARRAY(${HEADS}))`, { most, teams: actor.reach === 'team' ? actor.teamIds : [] });
    const page = toPage(await found.orderBy('u.id', 'DESC').take(most).getMany(), size, ({ id }) => [id]);
    return { ...page, items: (await this.users.staffViews(page.items)) as CustomerUser[] };
  }

  /** @throws AppError `user.not_found`. */
  async get(actor: Actor, id: string): Promise<CustomerUser> {
    return this.view(await this.find(actor, id));
  }

  /** Whether `get` would find it. */
  has(actor: Actor, id: string): Promise<boolean> {
    return this.within(actor, this.contacts).andWhere('u.id = :id', { id }).getExists();
  }

  /** With `tx` it is locked until the transaction ends. @throws AppError `user.not_found`. */
  async find(actor: Actor, id: string, tx?: EntityManager): Promise<User> {
    const found = this.within(actor, tx?.getRepository(User) ?? this.contacts).andWhere('u.id = :id', { id });
    if (tx) found.setLock('for_no_key_update');
    const contact = await found.getOne();
    if (!contact) throw new AppError('user.not_found');
    return contact;
  }

  /** @throws AppError `user.not_found`, `access.denied` for an external id or a login, `customer.external_id_taken`, `label.not_found`. */
  async update(actor: Actor, id: string, { attributes, labels, ...fields }: ContactChanges): Promise<CustomerUser> {
    try {
      await this.events.transaction(async (tx, publish) => {
        const before = await this.find(actor, id, tx);
        const changes = {
          ...withAddress(before, fields),
          ...(attributes && { attributes: merged(before.attributes, attributes) }),
          ...(labels && { labelIds: (await this.labels.require(tx, before.businessId, labels)).map((label) => label.id) }),
        };
        await this.requireChangeable(actor, before, changes, tx);
        const changed = await this.change(tx, publish, before, changes);
        if (changed.length === 0) return;
        // Whoever was here under another name, or none, must not read on beside the one who is signed for.
        const { businessId } = actor;
        if (changed.includes('externalId')) await this.events.runHooks('identity.changed', tx, { businessId, userIds: [id] }, publish);
        const names = changed.map((field) => (field === 'labelIds' ? 'labels' : field));
        const details = { fields: names, ...(changed.includes('attributes') && { attributes: Object.keys(attributes ?? {}) }) };
        await this.audit.note(tx, actor.businessId, actor, [{ action: 'customer.updated', targetType: 'user', targetId: id, details }]);
      });
    } catch (error) {
      throw externalIdTaken(error);
    }
    return this.view(await this.users.find(actor.businessId, id));
  }

  /**
   * A blocked customer may read, and writes nothing from then on. Its sockets are cut, where a node hears of it, and the sessions of one that can sign in
   * again by a password end. @throws AppError `user.not_found`.
   */
  async block(actor: Actor, id: string, blocked: boolean): Promise<CustomerUser> {
    await this.events.transaction(async (tx, publish) => {
      const before = await this.find(actor, id, tx);
      const changed = await this.change(tx, publish, before, { blocked });
      if (changed.length === 0) return;
      const { businessId } = actor;
      if (blocked) await this.events.runHooks('user.blocked', tx, { businessId, userId: id }, publish);
      const action = blocked ? 'customer.blocked' : 'customer.unblocked';
      await this.audit.note(tx, businessId, actor, [{ action, targetType: 'user', targetId: id }]);
    });
    return this.view(await this.users.find(actor.businessId, id));
  }

  /**
   * The customer that the site of a business has vouched for under its own id, made when it comes first, and locked. An
   * address that is given is where to write to, never a login, and finds nobody. What a blocked one tells is not taken.
   */
  async known(
    tx: EntityManager,
    publish: Publish,
    businessId: string,
    externalId: string,
    { attributes = {}, email, ...facts }: ContactFacts,
  ): Promise<User> {
    const customer = { role: 'customer', verified: true } as const;
    const row = { id: newId(), businessId, externalId, attributes: {}, ...customer };
    // Waits for another coming of the same customer; the unique index lets only one of them make it.
    await tx.createQueryBuilder().insert().into(User).values(row).orIgnore().execute();
    const before = await tx.getRepository(User).findOne({ where: { businessId, externalId }, lock: { mode: 'for_no_key_update' } });
    // Erased in between: the id is free again.
    if (!before) throw new StaleRead();
    if (before.blocked) return before;
    const mail = email !== undefined && (await this.users.passwordHash(before.id, tx)) === null ? { email: normaliseEmail(email) } : {};
    const changes = { ...customer, ...facts, ...mail, attributes: merged(before.attributes, attributes) };
    await this.change(tx, publish, before, changes);
    return { ...before, ...changes };
  }

  private within(actor: Actor, contacts: Repository<User>): SelectQueryBuilder<User> {
    const { sql, values } = peopleWithinReach(actor, 'u');
    return contacts.createQueryBuilder('u').where(`${sql} AND ${IS_CUSTOMER}`, values);
  }

  private async requireChangeable(actor: Actor, before: User, { email, externalId }: ContactChanges, tx: EntityManager): Promise<void> {
    if (externalId !== undefined && externalId !== before.externalId && actor.role !== 'admin')
      throw new AppError('access.denied', { message: 'Only an admin may change who is let in under an external id' });
    if (email !== undefined && email !== before.email && (await this.users.passwordHash(before.id, tx)) !== null)
      throw new AppError('access.denied', { message: 'This address is the login of its owner, who alone may change it' });
  }

  /** Writes what differs, tells whoever shows the person, and says which fields those were. */
  private async change(tx: EntityManager, publish: Publish, before: User, changes: Partial<User>): Promise<string[]> {
    const isOther = ([name, value]: [string, unknown]): boolean =>
      value !== undefined && JSON.stringify(value) !== JSON.stringify(before[name as keyof User]);
    const changed = Object.fromEntries(Object.entries(changes).filter(isOther)) as Partial<User>;
    const fields = Object.keys(changed);
    if (fields.length === 0) return [];
    await tx.getRepository(User).update({ id: before.id }, changed as object);
    const isCustomerVisible = changed.name !== undefined || changed.role !== undefined;
    publish('user.updated', { businessId: before.businessId, user: toPublicUser({ ...before, ...changed }), isCustomerVisible });
    return fields;
  }

  private async view(contact: User): Promise<CustomerUser> {
    const [view] = await this.users.staffViews([contact]);
    return view as CustomerUser;
  }
}
