import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { Page } from '../contract/page.js';
import type { AgentUser } from '../contract/user.js';
import { AgentIdParam, ListAgentsQuery, UpdateAgentDto } from './agent.dto.js';
import { UserService } from './user.service.js';

@Controller('api/agents')
export class AgentController {
  constructor(private readonly users: UserService) {}

  @Get()
  @Access('agent.list')
  list(@CurrentActor() actor: Actor, @Query() query: ListAgentsQuery): Promise<Page<AgentUser>> {
    return this.users.listAgents(actor, query);
  }

  @Patch(':id')
  @Access('agent.update')
  update(@CurrentActor() actor: Actor, @Param() { id }: AgentIdParam, @Body() dto: UpdateAgentDto): Promise<AgentUser> {
    return this.users.updateAgent(actor, id, dto);
  }

  @Delete(':id')
  @HttpCode(204)
  @Access('agent.disable')
  async disable(@CurrentActor() actor: Actor, @Param() { id }: AgentIdParam): Promise<void> {
    await this.users.updateAgent(actor, id, { disabled: true });
  }
}
