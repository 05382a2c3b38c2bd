import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, Repository, type EntityManager } from 'typeorm';
import type { AuditAction, AuditTarget } from '../contract/audit.js';
import type { Page } from '../contract/page.js';
import type { Role } from '../contract/user.js';
import { Chores } from '../database/chores.js';
import { deleteInBatches } from '../database/delete-in-batches.js';
import { newId } from '../database/new-id.js';
import { EventBus } from '../event/event-bus.js';
import { decodeCursor, toPage } from '../validation/cursor.js';
import { isUuid, limitOrDefault } from '../validation/rules.js';
import type { ListAuditQuery } from './audit.dto.js';
import { AuditEntry } from './audit-entry.entity.js';

/** Longer than a year, so that the same season can be compared; README says so. */
const KEPT_DAYS = 400;
const HOUR_SECONDS = 3_600;

/** Who did something, as an actor is; with `id: null` somebody who is not known. */
interface Doer {
  id: string | null;
  role?: Role;
  ip?: string | null;
}

/** What was done, to be noted. */
export interface Deed {
  action: AuditAction;
  targetType: AuditTarget;
  targetId: string | null;
  details?: Record<string, unknown>;
}

/** The columns of `audit_entry` but for the time, which the database knows. One parameter, however many rows. */
const NOTE = `
INSERT INTO audit_entry (id, business_id, actor_id, actor_role, action, target_type, target_id, ip, details)
  SELECT * FROM json_to_recordset($1) AS e (id uuid, business uuid, actor uuid, role text, action text, type text, target uuid, ip text, details jsonb)`;

/** Notes who did what, and finds it again. Knows ids only. */
@Injectable()
export class AuditService {
  constructor(
    @InjectRepository(AuditEntry) private readonly entries: Repository<AuditEntry>,
    events: EventBus,
    chores: Chores,
    dataSource: DataSource,
  ) {
    const old = { table: 'audit_entry', key: 'id', where: `at < now() - interval '${KEPT_DAYS} days'` };
    chores.add({ name: 'old-audit', everySeconds: HOUR_SECONDS, work: (isStopping) => deleteInBatches(dataSource, old, isStopping) });
    events.within('user.erased', (tx, { businessId, userId }) => this.forget(tx, businessId, userId));
  }

  /** Notes deeds inside the transaction that does them, so that neither is there without the other. `by` null is the server itself. */
  async note(tx: EntityManager, businessId: string, by: Doer | null, deeds: Deed[]): Promise<void> {
    if (deeds.length === 0) return;
    // Ids of one millisecond have no order of their own, and deeds have.
    const ids = deeds.map(newId).sort();
    const rows = deeds.map(({ action, targetType, targetId, details = {} }, index) => ({
      id: ids[index],
      business: businessId,
      actor: by?.id ?? null,
      role: by?.role ?? null,
      action,
      type: targetType,
      target: targetId,
      ip: by?.ip ?? null,
      details,
    }));
    await tx.query(NOTE, [JSON.stringify(rows)]);
  }

  /** The entries of a business, the newest first. */
  async list(businessId: string, { action, actorId, targetId, from, to, limit, cursor }: ListAuditQuery): Promise<Page<AuditEntry>> {
    const size = limitOrDefault(limit);
    const found = this.entries.createQueryBuilder('e').where('e.business_id = :businessId', { businessId });
    if (action !== undefined) found.andWhere('e.action = :action', { action });
    if (actorId !== undefined) found.andWhere('e.actor_id = :actorId', { actorId });
    if (targetId !== undefined) found.andWhere('e.target_id = :targetId', { targetId });
    if (from !== undefined) found.andWhere('e.at >= :from', { from: new Date(from) });
    if (to !== undefined) found.andWhere('e.at < :to', { to: new Date(to) });
    if (cursor !== undefined) {
      const [before] = decodeCursor(cursor, [isUuid]);
      found.andWhere('e.id < :before', { before });
    }
    const rows = await found
      .orderBy('e.id', 'DESC')
      .take(size + 1)
      .getMany();
    return toPage(rows, size, ({ id }) => [id]);
  }

  /** That something was done to or by a person stays; what it was, and from where, told of the person. */
  private async forget(tx: EntityManager, businessId: string, userId: string): Promise<void> {
    await tx.update(AuditEntry, { businessId, targetId: userId }, { ip: null, details: {} });
    await tx.update(AuditEntry, { businessId, actorId: userId }, { ip: null, details: {} });
  }
}
