import { Controller, Get, Query } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import { ListAuditQuery } from '../audit/audit.dto.js';
import type { AuditEntry } from '../contract/audit.js';
import type { Page } from '../contract/page.js';
import { AuditLogService } from './audit-log.service.js';

@Controller('api/audit')
export class AuditController {
  constructor(private readonly log: AuditLogService) {}

  @Get()
  @Access('audit.list')
  list(@CurrentActor() actor: Actor, @Query() query: ListAuditQuery): Promise<Page<AuditEntry>> {
    return this.log.list(actor, query);
  }
}
