import { Controller, Get, Query } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { Mention } from '../contract/mention.js';
import type { Page } from '../contract/page.js';
import { PageQuery } from '../validation/page-query.js';
import { MentionService } from './mention.service.js';

@Controller('api/mentions')
export class MentionController {
  constructor(private readonly mentions: MentionService) {}

  @Get()
  @Access('mention.list')
  list(@CurrentActor() actor: Actor, @Query() query: PageQuery): Promise<Page<Mention>> {
    return this.mentions.list(actor, query);
  }
}
