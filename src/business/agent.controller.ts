import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { Page } from '../contract/page.js';
import type { AgentUser } from '../contract/user.js';
import { AgentService } from './agent.service.js';
import { AgentIdParam, ListAgentsQuery, UpdateAgentDto } from './agent.dto.js';

@Controller('api/agents')
export class AgentController {
  constructor(private readonly agents: AgentService) {}

  @Get()
  @Access('agent.list')
  list(@CurrentActor() actor: Actor, @Query() query: ListAgentsQuery): Promise<Page<AgentUser>> {
    return this.agents.list(actor, query);
  }

  @Patch(':id')
  @Access('agent.update')
  update(@CurrentActor() actor: Actor, @Param() { id }: AgentIdParam, @Body() dto: UpdateAgentDto): Promise<AgentUser> {
    return this.agents.update(actor, id, dto);
  }

  @Delete(':id')
  @HttpCode(204)
  @Access('agent.disable')
  async disable(@CurrentActor() actor: Actor, @Param() { id }: AgentIdParam): Promise<void> {
    await this.agents.update(actor, id, { disabled: true });
  }
}
