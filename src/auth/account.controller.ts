import { Body, Controller, Post } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { Founded } from '../contract/session.js';
import type { AgentUser } from '../contract/user.js';
import { CreateAgentDto, CreateBusinessDto } from './auth.dto.js';
import { AuthService } from './auth.service.js';
import { Client, type ClientInfo } from './client-info.decorator.js';

/** Routes of the business module's people that need a password, which only this module knows. */
@Controller('api')
export class AccountController {
  constructor(private readonly auth: AuthService) {}

  @Post('businesses')
  @Access('business.create')
  signUp(@Body() dto: CreateBusinessDto, @Client() client: ClientInfo): Promise<Founded> {
    return this.auth.signUp(dto, client);
  }

  @Post('agents')
  @Access('agent.create')
  createAgent(@CurrentActor() actor: Actor, @Body() dto: CreateAgentDto): Promise<AgentUser> {
    return this.auth.createAgent(actor, dto);
  }
}
