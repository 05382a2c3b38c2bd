import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { BulkResult } from '../contract/inbox.js';
import type { Page } from '../contract/page.js';
import type { Room } from '../contract/room.js';
import { BulkService } from './bulk.service.js';
import { BulkDto, ListRoomsDto } from './inbox.dto.js';
import { RoomListService } from './room-list.service.js';

@Controller('api/rooms')
export class InboxController {
  constructor(
    private readonly rooms: RoomListService,
    private readonly bulks: BulkService,
  ) {}

  @Get()
  @Access('room.list')
  list(@CurrentActor() actor: Actor, @Query() query: ListRoomsDto): Promise<Page<Room>> {
    return this.rooms.list(actor, query);
  }

  @Post('bulk')
  @HttpCode(200)
  @Access('room.bulk')
  bulk(@CurrentActor() actor: Actor, @Body() dto: BulkDto): Promise<BulkResult> {
    return this.bulks.run(actor, dto);
  }
}
