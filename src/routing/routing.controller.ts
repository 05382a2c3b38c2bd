import { Controller, Get, Param, Query } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { Page } from '../contract/page.js';
import type { RoutingDecision } from '../contract/routing.js';
import { RoomIdParam } from '../room/room.dto.js';
import { PageQuery } from '../validation/page-query.js';
import { DecisionService } from './decision.service.js';

@Controller('api/rooms/:roomId/routing')
export class RoutingController {
  constructor(private readonly decisions: DecisionService) {}

  @Get()
  @Access('room.routing')
  list(@CurrentActor() actor: Actor, @Param() { roomId }: RoomIdParam, @Query() query: PageQuery): Promise<Page<RoutingDecision>> {
    return this.decisions.list(actor, roomId, query);
  }
}
