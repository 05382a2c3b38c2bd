import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { MAX_RULES, type Rule as RuleView } from '../contract/automation.js';
import type { Page } from '../contract/page.js';
import { newId } from '../database/new-id.js';
import { takeTurns } from '../database/take-turns.js';
import { AppError } from '../error/app-error.js';
import { EventBus } from '../event/event-bus.js';
import { decodeCursor, toPage } from '../validation/cursor.js';
import type { PageQuery } from '../validation/page-query.js';
import { isUuid, limitOrDefault } from '../validation/rules.js';
import { RuleCheckService } from './rule-check.service.js';
import type { CreateRuleDto, UpdateRuleDto } from './rule.dto.js';
import { Rule } from './rule.entity.js';

const toView = ({ id, name, isEnabled, event, conditions, actions, createdAt, updatedAt }: Rule): RuleView => ({
  ...{ id, name, enabled: isEnabled, event, conditions, actions },
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

/** What a business wants done by itself. */
@Injectable()
export class RuleService {
  constructor(
    @InjectRepository(Rule) private readonly rules: Repository<Rule>,
    private readonly check: RuleCheckService,
    private readonly events: EventBus,
  ) {}

  /** In the order they are followed, which is that in which they were made. */
  async list({ businessId }: Actor, { limit, cursor }: PageQuery): Promise<Page<RuleView>> {
    const size = limitOrDefault(limit);
    const found = this.rules.createQueryBuilder('r').where('r.business_id = :businessId', { businessId });
    if (cursor !== undefined) {
      const [after] = decodeCursor(cursor, [isUuid]);
      found.andWhere('r.id > :after', { after });
    }
    const rows = await found
      .orderBy('r.id')
      .take(size + 1)
      .getMany();
    const page = toPage(rows, size, ({ id }) => [id]);
    return { ...page, items: page.items.map(toView) };
  }

  /** The rules of a business that are followed, in their order. */
  enabled(businessId: string): Promise<Rule[]> {
    return this.rules.find({ where: { businessId, isEnabled: true }, order: { id: 'ASC' } });
  }

  /** @throws AppError `rule.not_found`. */
  async get({ businessId }: Actor, id: string): Promise<RuleView> {
    return toView(await this.find(businessId, id));
  }

  /** @throws AppError `rule.limit_reached`, and what is wrong with it, see `RuleCheckService`. */
  async create(actor: Actor, { enabled = true, ...rule }: CreateRuleDto): Promise<RuleView> {
    const { businessId } = actor;
    await this.check.require(businessId, rule.conditions, rule.actions);
    const id = newId();
    await this.events.transaction(async (tx, publish) => {
      await takeTurns(tx, `rule ${businessId}`);
      if ((await tx.countBy(Rule, { businessId })) >= MAX_RULES) throw new AppError('rule.limit_reached');
      await tx.insert(Rule, { id, businessId, isEnabled: enabled, ...rule });
      publish('rules.updated', { businessId });
    });
    return this.get(actor, id);
  }

  /** @throws AppError `rule.not_found` and as `create`. */
  async update(actor: Actor, id: string, { enabled, ...changes }: UpdateRuleDto): Promise<RuleView> {
    const { businessId } = actor;
    const seen = await this.find(businessId, id);
    await this.check.require(businessId, changes.conditions ?? seen.conditions, changes.actions ?? seen.actions);
    await this.events.transaction(async (tx, publish) => {
      const rule = await this.find(businessId, id, tx);
      const isSwitchedOn = enabled === true && !rule.isEnabled;
      await tx.save(Rule, {
        ...rule,
        ...changes,
        isEnabled: enabled ?? rule.isEnabled,
        updatedAt: new Date(),
        ...(isSwitchedOn && { since: new Date() }),
      });
      publish('rules.updated', { businessId });
    });
    return this.get(actor, id);
  }

  /** @throws AppError `rule.not_found`. */
  async delete({ businessId }: Actor, id: string): Promise<void> {
    await this.events.transaction(async (tx, publish) => {
      const { affected } = await tx.delete(Rule, { id, businessId });
      if (affected !== 1) throw new AppError('rule.not_found');
      publish('rules.updated', { businessId });
    });
  }

  private async find(businessId: string, id: string, tx?: EntityManager): Promise<Rule> {
    const repository = tx?.getRepository(Rule) ?? this.rules;
    const rule = await repository.findOne({ where: { id, businessId }, ...(tx && { lock: { mode: 'for_no_key_update' as const } }) });
    if (!rule) throw new AppError('rule.not_found');
    return rule;
  }
}
