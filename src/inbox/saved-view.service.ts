import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository, type EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { ContactService } from '../business/contact.service.js';
import { LabelService } from '../business/label.service.js';
import { TeamService } from '../business/team.service.js';
import { UserService } from '../business/user.service.js';
import {
  MAX_VIEW_COUNT,
  MAX_VIEWS,
  STANDARD_VIEWS,
  type RoomFilter,
  type SavedView as SavedViewView,
  type ViewCounts,
} from '../contract/inbox.js';
import type { ErrorCode } from '../contract/error-code.js';
import type { Page } from '../contract/page.js';
import { isStaffRole } from '../contract/user.js';
import { retried } from '../database/clash.js';
import { newId } from '../database/new-id.js';
import { AppError } from '../error/app-error.js';
import { EventBus } from '../event/event-bus.js';
import { decodeCursor, toPage } from '../validation/cursor.js';
import type { PageQuery } from '../validation/page-query.js';
import { isUuid, limitOrDefault } from '../validation/rules.js';
import { RoomListService } from './room-list.service.js';
import type { CreateViewDto, UpdateViewDto } from './saved-view.dto.js';
import { SavedView } from './saved-view.entity.js';

type Missing = SavedViewView['missing'][number];

const NOT_FOUND = {
  label: 'label.not_found',
  teamId: 'team.not_found',
  assignee: 'user.not_found',
  customerId: 'user.not_found',
} as const satisfies Record<Missing, ErrorCode>;

/** How many views are counted at the same time, so that a list of them leaves connections for others. */
const COUNTED_AT_ONCE = 4;

/** Lists of rooms under names: one's own, and those of all staff, which admins write. */
@Injectable()
export class SavedViewService {
  constructor(
    @InjectRepository(SavedView) private readonly saved: Repository<SavedView>,
    private readonly rooms: RoomListService,
    private readonly labels: LabelService,
    private readonly teams: TeamService,
    private readonly users: UserService,
    private readonly contacts: ContactService,
    private readonly events: EventBus,
  ) {}

  /** In the order they were made. */
  async list(actor: Actor, { limit, cursor }: PageQuery): Promise<Page<SavedViewView>> {
    const size = limitOrDefault(limit);
    const [after] = cursor === undefined ? [] : decodeCursor(cursor, [isUuid]);
    const found = this.saved
      .createQueryBuilder('v')
      .where('v.business_id = :businessId AND (v.owner_id = :me OR v.owner_id IS NULL)', { businessId: actor.businessId, me: actor.id });
    if (after !== undefined) found.andWhere('v.id > :after', { after });
    const rows = await found
      .orderBy('v.id')
      .take(size + 1)
      .getMany();
    const page = toPage(rows, size, ({ id }) => [id]);
    const items: SavedViewView[] = [];
    for (let at = 0; at < page.items.length; at += COUNTED_AT_ONCE)
      items.push(...(await Promise.all(page.items.slice(at, at + COUNTED_AT_ONCE).map((view) => this.view(actor, view)))));
    return { ...page, items };
  }

  /** How many rooms are in the lists that everybody has. */
  async counts(actor: Actor): Promise<ViewCounts> {
    const of = (filter: RoomFilter): Promise<number> => this.rooms.count(actor, filter, MAX_VIEW_COUNT);
    const { mine, unassigned, queue, all } = STANDARD_VIEWS;
    const counts = await Promise.all([of(mine), of(unassigned), of(queue), of(all)]);
    return { mine: counts[0], unassigned: counts[1], queue: counts[2], all: counts[3] };
  }

  /** @throws AppError `view.not_found`, also for one of somebody else. */
  async get(actor: Actor, id: string): Promise<SavedViewView> {
    return this.view(actor, await this.rooms.savedView(actor, id));
  }

  /** @throws AppError `access.denied` for a shared one of no admin, `view.limit_reached`, and `label.not_found` and so on for what the filter names. */
  async create(actor: Actor, { name, filter, sort = 'newest', shared = false }: CreateViewDto): Promise<SavedViewView> {
    const { businessId } = actor;
    if (shared) this.requireAdmin(actor);
    const meant = await this.meant(actor, { ...filter });
    const view = { id: newId(), businessId, ownerId: shared ? null : actor.id, name, sort, ...meant };
    await this.events.transaction(async (tx) => {
      await this.requirePlace(tx, actor, view.ownerId);
      await tx.insert(SavedView, view);
    });
    return this.get(actor, view.id);
  }

  /** @throws AppError `view.not_found`, `access.denied`, `view.limit_reached`, and `label.not_found` and so on for what the filter names. */
  async update(actor: Actor, id: string, { name, filter, sort, shared }: UpdateViewDto): Promise<SavedViewView> {
    const before = await this.requireWritable(actor, id);
    if (shared !== undefined) this.requireAdmin(actor);
    const ownerId = shared === undefined ? before : shared ? null : actor.id;
    const changes = {
      ...(name !== undefined && { name }),
      ...(sort !== undefined && { sort }),
      ...(ownerId !== before && { ownerId }),
      ...(filter && (await this.meant(actor, { ...filter }))),
    };
    if (Object.keys(changes).length === 0) return this.get(actor, id);
    await this.events.transaction(async (tx) => {
      if (ownerId !== before) await this.requirePlace(tx, actor, ownerId);
      await tx.update(SavedView, { id }, changes);
    });
    return this.get(actor, id);
  }

  /** @throws AppError `view.not_found`, `access.denied`. */
  async delete(actor: Actor, id: string): Promise<void> {
    await this.requireWritable(actor, id);
    await retried(() => this.saved.delete({ id }));
  }

  /** @throws AppError `view.limit_reached` when this person, or all staff, have as many as they may. */
  private async requirePlace(tx: EntityManager, { id, businessId }: Actor, ownerId: string | null): Promise<void> {
    // Two at once must not both be the last one that is allowed.
    await this.users.lock(tx, [id]);
    const where = { businessId, ownerId: ownerId ?? IsNull() };
    if ((await tx.getRepository(SavedView).countBy(where)) >= MAX_VIEWS) throw new AppError('view.limit_reached');
  }

  /** Whose view it is, null for that of all staff. */
  private async requireWritable(actor: Actor, id: string): Promise<string | null> {
    const { ownerId } = await this.rooms.savedView(actor, id);
    if (ownerId === null) this.requireAdmin(actor);
    return ownerId;
  }

  private requireAdmin({ role }: Actor): void {
    if (role !== 'admin') throw new AppError('access.denied', { message: 'Only an admin writes views for all staff' });
  }

  /** What a filter means: labels change their names. @throws AppError for what there is not. */
  private async meant(actor: Actor, filter: RoomFilter): Promise<Pick<SavedView, 'filter' | 'labelId'>> {
    const label = filter.label === undefined ? undefined : await this.labels.named(actor.businessId, filter.label);
    const missing = await this.missingOf(actor, filter, label?.id ?? null);
    const [first] = missing;
    if (first) throw new AppError(NOT_FOUND[first]);
    return { filter, labelId: label?.id ?? null };
  }

  private async missingOf(actor: Actor, { label, teamId, assignee, customerId }: RoomFilter, labelId: string | null): Promise<Missing[]> {
    const { businessId } = actor;
    const gone: Record<Missing, boolean> = {
      label: label !== undefined && !(await this.rooms.hasLabel({ labelId })),
      teamId: teamId !== undefined && !(await this.exists(this.teams.find(businessId, teamId))),
      assignee:
        assignee !== undefined &&
        isUuid(assignee) &&
        !(await this.exists(this.users.find(businessId, assignee), ({ role }) => isStaffRole(role))),
      customerId: customerId !== undefined && !(await this.contacts.has(actor, customerId)),
    };
    return (Object.keys(gone) as Missing[]).filter((name) => gone[name]);
  }

  private exists<Found>(found: Promise<Found>, fits: (found: Found) => boolean = () => true): Promise<boolean> {
    return found.then(fits, (error: unknown) => {
      if (error instanceof AppError) return false;
      throw error;
    });
  }

  private async view(actor: Actor, saved: SavedView): Promise<SavedViewView> {
    const filter = await this.rooms.filterOf(saved);
    const missing = await this.missingOf(actor, filter, saved.labelId);
    return {
      id: saved.id,
      name: saved.name,
      filter,
      sort: saved.sort,
      shared: saved.ownerId === null,
      missing,
      count: missing.length > 0 ? 0 : await this.rooms.count(actor, filter, MAX_VIEW_COUNT),
      createdAt: saved.createdAt.toISOString(),
    };
  }
}
