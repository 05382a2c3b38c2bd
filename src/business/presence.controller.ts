import { Body, Controller, Get, Put, Query } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { Presence } from '../contract/presence.js';
import type { OnlineUsers } from '../contract/user.js';
import { PresenceService } from '../presence/presence.service.js';
import { ListPresenceQuery, SetPresenceDto } from './presence.dto.js';
import { UserService } from './user.service.js';

/** Here and not in `presence`, which knows ids only: the list shows people. */
@Controller('api/presence')
export class PresenceController {
  constructor(
    private readonly presence: PresenceService,
    private readonly users: UserService,
  ) {}

  @Put()
  @Access('presence.set')
  set(@CurrentActor() actor: Actor, @Body() { status }: SetPresenceDto): Promise<Presence> {
    return this.presence.choose(actor, status);
  }

  @Get()
  @Access('presence.list')
  list(@CurrentActor() actor: Actor, @Query() { role }: ListPresenceQuery): Promise<OnlineUsers> {
    return this.users.online(actor, role);
  }
}
