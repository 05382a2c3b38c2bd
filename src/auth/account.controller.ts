import { Body, Controller, Delete, HttpCode, Param, Post } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import { AgentIdParam } from '../business/agent.dto.js';
import type { Founded } from '../contract/session.js';
import type { Empty } from '../contract/socket-events.js';
import type { AgentUser } from '../contract/user.js';
import { CreateAgentDto, CreateBusinessDto } from './auth.dto.js';
import { AuthService } from './auth.service.js';
import { Client, type ClientInfo } from './client-info.decorator.js';
import { PasswordLinkService } from './password-link.service.js';
import { SecondFactorService } from './second-factor.service.js';

/** Routes of the business module's people that are about how they sign in, which only this module knows. */
@Controller('api')
export class AccountController {
  constructor(
    private readonly auth: AuthService,
    private readonly links: PasswordLinkService,
    private readonly secondFactors: SecondFactorService,
  ) {}

  @Post('businesses')
  @Access('business.create')
  signUp(@Body() dto: CreateBusinessDto, @Client() client: ClientInfo): Promise<Founded> {
    return this.auth.signUp(dto, client);
  }

  @Post('agents')
  @Access('agent.create')
  createAgent(@CurrentActor() actor: Actor, @Body() dto: CreateAgentDto, @Client() client: ClientInfo): Promise<AgentUser> {
    return this.auth.createAgent(actor, dto, client);
  }

  @Post('agents/:id/invite')
  @HttpCode(202)
  @Access('agent.invite')
  invite(@CurrentActor() actor: Actor, @Param() { id }: AgentIdParam, @Client() client: ClientInfo): Promise<Empty> {
    return this.links.invite(actor, id, client);
  }

  @Delete('agents/:id/second-factor')
  @HttpCode(204)
  @Access('agent.remove_second_factor')
  removeSecondFactor(@CurrentActor() actor: Actor, @Param() { id }: AgentIdParam): Promise<void> {
    return this.secondFactors.remove(actor, id);
  }
}
