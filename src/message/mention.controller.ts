import { Controller, Get, Query } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { Mention } from '../contract/mention.js';
import type { Page } from '../contract/page.js';
import { MentionService } from './mention.service.js';
import { ListMentionsDto } from './message.dto.js';

@Controller('api/mentions')
export class MentionController {
  constructor(private readonly mentions: MentionService) {}

  @Get()
  @Access('mention.list')
  list(@CurrentActor() actor: Actor, @Query() query: ListMentionsDto): Promise<Page<Mention>> {
    return this.mentions.list(actor, query);
  }
}
