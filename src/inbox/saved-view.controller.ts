import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { SavedView, ViewCounts } from '../contract/inbox.js';
import type { Page } from '../contract/page.js';
import { PageQuery } from '../validation/page-query.js';
import { CreateViewDto, UpdateViewDto, ViewIdParam } from './saved-view.dto.js';
import { SavedViewService } from './saved-view.service.js';

@Controller('api/views')
export class SavedViewController {
  constructor(private readonly views: SavedViewService) {}

  @Get()
  @Access('view.list')
  list(@CurrentActor() actor: Actor, @Query() query: PageQuery): Promise<Page<SavedView>> {
    return this.views.list(actor, query);
  }

  @Post()
  @Access('view.create')
  create(@CurrentActor() actor: Actor, @Body() dto: CreateViewDto): Promise<SavedView> {
    return this.views.create(actor, dto);
  }

  @Get('counts')
  @Access('view.count')
  counts(@CurrentActor() actor: Actor): Promise<ViewCounts> {
    return this.views.counts(actor);
  }

  @Get(':id')
  @Access('view.get')
  get(@CurrentActor() actor: Actor, @Param() { id }: ViewIdParam): Promise<SavedView> {
    return this.views.get(actor, id);
  }

  @Patch(':id')
  @Access('view.update')
  update(@CurrentActor() actor: Actor, @Param() { id }: ViewIdParam, @Body() dto: UpdateViewDto): Promise<SavedView> {
    return this.views.update(actor, id, dto);
  }

  @Delete(':id')
  @HttpCode(204)
  @Access('view.delete')
  delete(@CurrentActor() actor: Actor, @Param() { id }: ViewIdParam): Promise<void> {
    return this.views.delete(actor, id);
  }
}
