import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, Repository, type EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { MAX_LABELS, type Label as LabelView } from '../contract/label.js';
import type { Page } from '../contract/page.js';
import { BatchLoader } from '../database/batch-loader.js';
import { newId } from '../database/new-id.js';
import { Reads } from '../database/reads.js';
import { violates } from '../database/violates.js';
import { AppError } from '../error/app-error.js';
import { EventBus, type Publish } from '../event/event-bus.js';
import { decodeCursor, toPage } from '../validation/cursor.js';
import type { PageQuery } from '../validation/page-query.js';
import { isUuid, limitOrDefault } from '../validation/rules.js';
import { Business } from './business.entity.js';
import type { CreateLabelDto, UpdateLabelDto } from './label.dto.js';
import { Label } from './label.entity.js';

const nameTaken = (error: unknown): unknown => (violates(error, 'label_name') ? new AppError('label.name_taken') : error);

/** One form of a name, however it is typed. */
const fold = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

const byName = (one: Label, other: Label): number => (one.foldedName < other.foldedName ? -1 : 1);

/** In the order of the alphabet. */
export const namesOf = (labels: Label[]): string[] => [...labels].sort(byName).map(({ name }) => name);

const toView = ({ id, name, color, createdAt }: Label): LabelView => ({ id, name, color, createdAt: createdAt.toISOString() });

/** The labels of a business. What wears one names it by its id, so a new name shows everywhere at once. */
@Injectable()
export class LabelService {
  private readonly loader: BatchLoader<string, Label | undefined>;

  constructor(
    @InjectRepository(Label) private readonly labels: Repository<Label>,
    private readonly events: EventBus,
    reads: Reads,
  ) {
    this.loader = BatchLoader.byKey(reads.by(Label, 'id'), ({ id }) => id);
  }

  async list(actor: Actor, { limit, cursor }: PageQuery): Promise<Page<LabelView>> {
    const size = limitOrDefault(limit);
    const [after] = cursor === undefined ? [] : decodeCursor(cursor, [isUuid]);
    const found = this.labels
      .createQueryBuilder('l')
      .where('l.business_id = :businessId AND l.deleted_at IS NULL', { businessId: actor.businessId });
    if (after !== undefined) found.andWhere('l.id > :after', { after });
    const rows = await found
      .orderBy('l.id')
      .take(size + 1)
      .getMany();
    const page = toPage(rows, size, ({ id }) => [id]);
    return { ...page, items: page.items.map(toView) };
  }

  /** @throws AppError `label.not_found`. */
  async get(actor: Actor, id: string): Promise<LabelView> {
    const label = await this.labels.findOneBy({ id, businessId: actor.businessId, deletedAt: IsNull() });
    if (!label) throw new AppError('label.not_found');
    return toView(label);
  }

  /** @throws AppError `label.name_taken`, `label.limit_reached`. */
  async create(actor: Actor, { name, color = null }: CreateLabelDto): Promise<LabelView> {
    const { businessId } = actor;
    const id = newId();
    await this.change(async (tx) => {
      // Two at once must not both be the last one that is allowed.
      await tx.getRepository(Business).findOne({ where: { id: businessId }, lock: { mode: 'for_no_key_update' } });
      const count = await tx.getRepository(Label).countBy({ businessId, deletedAt: IsNull() });
      if (count >= MAX_LABELS) throw new AppError('label.limit_reached');
      await tx.insert(Label, { id, businessId, name, foldedName: fold(name), color });
    });
    return this.get(actor, id);
  }

  /** @throws AppError `label.not_found`, `label.name_taken`. */
  async update(actor: Actor, id: string, { name, color }: UpdateLabelDto): Promise<LabelView> {
    await this.change(async (tx, publish) => {
      const before = await this.lock(tx, actor, id);
      const changes = { ...(name !== undefined && { name, foldedName: fold(name) }), ...(color !== undefined && { color }) };
      if (Object.keys(changes).length === 0) return;
      await tx.update(Label, { id }, changes);
      if (name !== undefined && name !== before.name) publish('label.changed', { businessId: actor.businessId, labelId: id });
    });
    return this.get(actor, id);
  }

  /** Takes it off everything: nobody sees it from then on, however many wear it. @throws AppError `label.not_found`. */
  async delete(actor: Actor, id: string): Promise<void> {
    await this.change(async (tx, publish) => {
      await this.lock(tx, actor, id);
      await tx.update(Label, { id }, { deletedAt: new Date() });
      publish('label.changed', { businessId: actor.businessId, labelId: id });
    });
  }

  /** Keeps the labels of these names from being deleted until the transaction ends. @throws AppError `label.not_found` when one of them is none. */
  async require(tx: EntityManager, businessId: string, names: string[]): Promise<Label[]> {
    const folded = [...new Set(names.map(fold))];
    if (folded.length === 0) return [];
    const where = { businessId, foldedName: In(folded), deletedAt: IsNull() };
    const found = await tx.getRepository(Label).find({ where, order: { id: 'ASC' }, lock: { mode: 'pessimistic_read' } });
    if (found.length < folded.length) throw new AppError('label.not_found');
    return found;
  }

  /** The label of this name; undefined when there is none. */
  async named(businessId: string, name: string): Promise<Pick<Label, 'id' | 'name'> | undefined> {
    return (await this.labels.findOneBy({ businessId, foldedName: fold(name), deletedAt: IsNull() })) ?? undefined;
  }

  /** The names behind ids, in the order of the alphabet; deleted ones have none. */
  async namesOf(ids: string[]): Promise<string[]> {
    return ids.length === 0 ? [] : namesOf(await this.present(ids));
  }

  /** Those of these labels that are not deleted. */
  async present(ids: string[]): Promise<Label[]> {
    const found = await Promise.all(ids.map((id) => this.loader.get(id)));
    return found.filter((label): label is Label => label?.deletedAt === null);
  }

  private async lock(tx: EntityManager, { businessId }: Actor, id: string): Promise<Label> {
    const where = { id, businessId, deletedAt: IsNull() };
    const label = await tx.getRepository(Label).findOne({ where, lock: { mode: 'pessimistic_write' } });
    if (!label) throw new AppError('label.not_found');
    return label;
  }

  private async change(work: (tx: EntityManager, publish: Publish) => Promise<void>): Promise<void> {
    try {
      await this.events.transaction(work);
    } catch (error) {
      throw nameTaken(error);
    }
  }
}
