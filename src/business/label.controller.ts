import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { Label } from '../contract/label.js';
import type { Page } from '../contract/page.js';
import { PageQuery } from '../validation/page-query.js';
import { CreateLabelDto, LabelIdParam, UpdateLabelDto } from './label.dto.js';
import { LabelService } from './label.service.js';

@Controller('api/labels')
export class LabelController {
  constructor(private readonly labels: LabelService) {}

  @Get()
  @Access('label.list')
  list(@CurrentActor() actor: Actor, @Query() query: PageQuery): Promise<Page<Label>> {
    return this.labels.list(actor, query);
  }

  @Post()
  @Access('label.create')
  create(@CurrentActor() actor: Actor, @Body() dto: CreateLabelDto): Promise<Label> {
    return this.labels.create(actor, dto);
  }

  @Get(':id')
  @Access('label.get')
  get(@CurrentActor() actor: Actor, @Param() { id }: LabelIdParam): Promise<Label> {
    return this.labels.get(actor, id);
  }

  @Patch(':id')
  @Access('label.update')
  update(@CurrentActor() actor: Actor, @Param() { id }: LabelIdParam, @Body() dto: UpdateLabelDto): Promise<Label> {
    return this.labels.update(actor, id, dto);
  }

  @Delete(':id')
  @HttpCode(204)
  @Access('label.delete')
  delete(@CurrentActor() actor: Actor, @Param() { id }: LabelIdParam): Promise<void> {
    return this.labels.delete(actor, id);
  }
}
