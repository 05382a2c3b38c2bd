import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { Draft } from '../contract/draft.js';
import { RoomIdParam } from '../room/room.dto.js';
import { DraftQuery, SaveDraftDto } from './draft.dto.js';
import { DraftService } from './draft.service.js';

@Controller('api/rooms/:roomId/draft')
export class DraftController {
  constructor(private readonly drafts: DraftService) {}

  @Get()
  @Access('draft.get')
  get(@CurrentActor() actor: Actor, @Param() { roomId }: RoomIdParam, @Query() query: DraftQuery): Promise<Draft> {
    return this.drafts.get(actor, roomId, query);
  }

  @Put()
  @Access('draft.save')
  save(@CurrentActor() actor: Actor, @Param() { roomId }: RoomIdParam, @Body() dto: SaveDraftDto): Promise<Draft> {
    return this.drafts.save(actor, roomId, dto);
  }

  @Delete()
  @HttpCode(204)
  @Access('draft.delete')
  delete(@CurrentActor() actor: Actor, @Param() { roomId }: RoomIdParam, @Query() query: DraftQuery): Promise<void> {
    return this.drafts.delete(actor, roomId, query);
  }
}
