import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, Repository } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { MAX_FIRINGS_PER_MINUTE, type RuleFiring as FiringView, type RuleOutcome } from '../contract/automation.js';
import type { Page } from '../contract/page.js';
import { Chores } from '../database/chores.js';
import { deleteInBatches } from '../database/delete-in-batches.js';
import { newId } from '../database/new-id.js';
import { decodeCursor, toPage } from '../validation/cursor.js';
import { isUuid, limitOrDefault } from '../validation/rules.js';
import type { ListFiringsQuery } from './rule.dto.js';
import type { Rule } from './rule.entity.js';
import { RuleFiring } from './rule-firing.entity.js';

const KEPT_DAYS = 90;
const HOUR_SECONDS = 3_600;

/** What rules did, for those who ask why something happened by itself. */
@Injectable()
export class FiringService {
  constructor(
    @InjectRepository(RuleFiring) private readonly firings: Repository<RuleFiring>,
    chores: Chores,
    dataSource: DataSource,
  ) {
    const old = { table: 'rule_firing', key: 'id', where: `at < now() - interval '${KEPT_DAYS} days'` };
    chores.add({ name: 'old-firings', everySeconds: HOUR_SECONDS, work: (isStopping) => deleteInBatches(dataSource, old, isStopping) });
  }

  /** How far a rule has come at an occasion; undefined where it was not followed. */
  async progress({ id: ruleId }: Rule, roomId: string, occasionId: string): Promise<'begun' | 'done' | undefined> {
    const found = await this.firings.findOne({ select: { id: true, isDone: true }, where: { roomId, occasionId, ruleId } });
    return found ? (found.isDone ? 'done' : 'begun') : undefined;
  }

  /** Whether rules have done as much in a room as they may in a minute. */
  async isTooMuch(roomId: string): Promise<boolean> {
    const recent = await this.firings
      .createQueryBuilder('f')
      .where("f.room_id = :roomId AND f.at > now() - interval '1 minute' AND NOT f.is_stopped", { roomId })
      .getCount();
    return recent >= MAX_FIRINGS_PER_MINUTE;
  }

  /**
   * Before the first action: what actions change may be what the conditions look at, so that after a crash the rule is not
   * judged anew but gone on with. A rule that is stopped has none.
   */
  async begin({ id: ruleId, name, businessId, event }: Rule, roomId: string, occasionId: string, isStopped: boolean): Promise<void> {
    const row = { id: newId(), businessId, ruleId, ruleName: name, roomId, occasionId, event, isStopped, isDone: isStopped, actions: [] };
    await this.firings.createQueryBuilder().insert().values(row).orIgnore().execute();
  }

  async finish({ id: ruleId }: Rule, roomId: string, occasionId: string, actions: RuleOutcome[]): Promise<void> {
    await this.firings.update({ roomId, occasionId, ruleId }, { actions, isDone: true });
  }

  /** The newest first. */
  async list({ businessId }: Actor, { ruleId, roomId, limit, cursor }: ListFiringsQuery): Promise<Page<FiringView>> {
    const size = limitOrDefault(limit);
    const found = this.firings.createQueryBuilder('f').where('f.business_id = :businessId', { businessId });
    if (ruleId !== undefined) found.andWhere('f.rule_id = :ruleId', { ruleId });
    if (roomId !== undefined) found.andWhere('f.room_id = :roomId', { roomId });
    if (cursor !== undefined) {
      const [before] = decodeCursor(cursor, [isUuid]);
      found.andWhere('f.id < :before', { before });
    }
    const rows = await found
      .orderBy('f.id', 'DESC')
      .take(size + 1)
      .getMany();
    const page = toPage(rows, size, ({ id }) => [id]);
    return { ...page, items: page.items.map(toView) };
  }
}

const toView = ({ id, at, ruleId, ruleName, roomId, event, occasionId, isStopped, actions }: RuleFiring): FiringView => ({
  ...{ id, at: at.toISOString(), ruleId, ruleName, roomId, event },
  entryId: event === 'room.created' ? null : occasionId,
  stopped: isStopped,
  actions,
});
