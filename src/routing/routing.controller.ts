import { Controller, Get, Param, Query } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { Page } from '../contract/page.js';
import type { RoutingDecision } from '../contract/routing.js';
import { RoomIdParam } from '../room/room.dto.js';
import { DecisionService } from './decision.service.js';
import { ListDecisionsQuery } from './routing.dto.js';

@Controller('api/rooms/:roomId/routing')
export class RoutingController {
  constructor(private readonly decisions: DecisionService) {}

  @Get()
  @Access('room.routing')
  list(@CurrentActor() actor: Actor, @Param() { roomId }: RoomIdParam, @Query() query: ListDecisionsQuery): Promise<Page<RoutingDecision>> {
    return this.decisions.list(actor, roomId, query);
  }
}
