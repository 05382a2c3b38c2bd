import { IsIn } from 'class-validator';
import { AUDIT_ACTIONS, type AuditAction } from '../contract/audit.js';
import { IsId, IsLimit, IsText, IsTime, Optional } from '../validation/rules.js';

export class ListAuditQuery {
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

  @IsLimit()
  limit?: number;

  @Optional()
  @IsText(500)
  cursor?: string;
}
