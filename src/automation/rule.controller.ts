import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { Rule, RuleFiring, RuleTrial } from '../contract/automation.js';
import type { Page } from '../contract/page.js';
import { PageQuery } from '../validation/page-query.js';
import { FiringService } from './firing.service.js';
import { CreateRuleDto, ListFiringsQuery, RuleIdParam, TryRuleDto, UpdateRuleDto } from './rule.dto.js';
import { RuleService } from './rule.service.js';
import { RuleTrialService } from './rule-trial.service.js';

@Controller('api/rules')
export class RuleController {
  constructor(
    private readonly rules: RuleService,
    private readonly trials: RuleTrialService,
    private readonly firings: FiringService,
  ) {}

  @Get()
  @Access('rule.list')
  list(@CurrentActor() actor: Actor, @Query() query: PageQuery): Promise<Page<Rule>> {
    return this.rules.list(actor, query);
  }

  @Post()
  @Access('rule.create')
  create(@CurrentActor() actor: Actor, @Body() dto: CreateRuleDto): Promise<Rule> {
    return this.rules.create(actor, dto);
  }

  @Post('trial')
  @HttpCode(200)
  @Access('rule.try')
  try(@CurrentActor() actor: Actor, @Body() dto: TryRuleDto): Promise<RuleTrial> {
    return this.trials.run(actor, dto);
  }

  @Get('firings')
  @Access('rule.firings')
  listFirings(@CurrentActor() actor: Actor, @Query() query: ListFiringsQuery): Promise<Page<RuleFiring>> {
    return this.firings.list(actor, query);
  }

  @Get(':id')
  @Access('rule.get')
  get(@CurrentActor() actor: Actor, @Param() { id }: RuleIdParam): Promise<Rule> {
    return this.rules.get(actor, id);
  }

  @Patch(':id')
  @Access('rule.update')
  update(@CurrentActor() actor: Actor, @Param() { id }: RuleIdParam, @Body() dto: UpdateRuleDto): Promise<Rule> {
    return this.rules.update(actor, id, dto);
  }

  @Delete(':id')
  @HttpCode(204)
  @Access('rule.delete')
  delete(@CurrentActor() actor: Actor, @Param() { id }: RuleIdParam): Promise<void> {
    return this.rules.delete(actor, id);
  }
}
