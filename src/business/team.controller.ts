import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { Page } from '../contract/page.js';
import type { Team } from '../contract/team.js';
import { PageQuery } from '../validation/page-query.js';
import { CreateTeamDto, TeamIdParam, UpdateTeamDto } from './team.dto.js';
import { TeamService } from './team.service.js';

@Controller('api/teams')
export class TeamController {
  constructor(private readonly teams: TeamService) {}

  @Get()
  @Access('team.list')
  list(@CurrentActor() actor: Actor, @Query() query: PageQuery): Promise<Page<Team>> {
    return this.teams.list(actor, query);
  }

  @Post()
  @Access('team.create')
  create(@CurrentActor() actor: Actor, @Body() dto: CreateTeamDto): Promise<Team> {
    return this.teams.create(actor, dto);
  }

  @Get(':id')
  @Access('team.get')
  get(@CurrentActor() actor: Actor, @Param() { id }: TeamIdParam): Promise<Team> {
    return this.teams.get(actor, id);
  }

  @Patch(':id')
  @Access('team.update')
  update(@CurrentActor() actor: Actor, @Param() { id }: TeamIdParam, @Body() dto: UpdateTeamDto): Promise<Team> {
    return this.teams.update(actor, id, dto);
  }

  @Delete(':id')
  @HttpCode(204)
  @Access('team.delete')
  delete(@CurrentActor() actor: Actor, @Param() { id }: TeamIdParam): Promise<void> {
    return this.teams.delete(actor, id);
  }
}
