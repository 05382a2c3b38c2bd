import { IsIn } from 'class-validator';
import { AUDIT_ACTIONS, type AuditAction } from '../contract/audit.js';
import { PageQuery } from '../validation/page-query.js';
import { IsId, IsTime, Optional } from '../validation/rules.js';

export class ListAuditQuery extends PageQuery {
  @Optional()
  @IsIn(AUDIT_ACTIONS, { message: 'must be an action that is noted' })
  action?: AuditAction;

  @Optional()
  @IsId()
  actorId?: string;

  @Optional()
  @IsId()
  targetId?: string;

  @Optional()
  @IsTime()
  from?: string;

  /** Exclusive. */
  @Optional()
  @IsTime()
  to?: string;
}
