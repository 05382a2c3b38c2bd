import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { Page } from '../contract/page.js';
import type { MarkPosition, Room, UnreadTotals } from '../contract/room.js';
import { AssignmentService } from './assignment.service.js';
import { MarkService } from './mark.service.js';
import { RoomChangeService } from './room-change.service.js';
import {
  AssignRoomDto,
  ListRoomsDto,
  MarkDto,
  MarkUnreadDto,
  OpenRoomDto,
  RateRoomDto,
  RoomIdParam,
  TransferRoomDto,
  UpdateRoomDto,
} from './room.dto.js';
import { RatingService } from './rating.service.js';
import { RoomService } from './room.service.js';
import { RoomUpdateService } from './room-update.service.js';

@Controller('api/rooms')
export class RoomController {
  constructor(
    private readonly rooms: RoomService,
    private readonly changes: RoomChangeService,
    private readonly assignments: AssignmentService,
    private readonly marks: MarkService,
    private readonly updates: RoomUpdateService,
    private readonly ratings: RatingService,
  ) {}

  @Post()
  @Access('room.open')
  async open(@CurrentActor() actor: Actor, @Body() dto: OpenRoomDto, @Res({ passthrough: true }) response: Response): Promise<Room> {
    const { room, isNew } = await this.rooms.open(actor, dto);
    response.status(isNew ? 201 : 200);
    return room;
  }

  @Get()
  @Access('room.list')
  list(@CurrentActor() actor: Actor, @Query() query: ListRoomsDto): Promise<Page<Room>> {
    return this.rooms.list(actor, query);
  }

  @Get('unread')
  @Access('room.unread')
  unread(@CurrentActor() actor: Actor): Promise<UnreadTotals> {
    return this.rooms.unreadTotals(actor);
  }

  @Get(':roomId')
  @Access('room.get')
  get(@CurrentActor() actor: Actor, @Param() { roomId }: RoomIdParam): Promise<Room> {
    return this.rooms.get(actor, roomId);
  }

  @Patch(':roomId')
  @Access('room.update')
  update(@CurrentActor() actor: Actor, @Param() { roomId }: RoomIdParam, @Body() dto: UpdateRoomDto): Promise<Room> {
    return this.updates.update(actor, roomId, dto);
  }

  @Delete(':roomId')
  @Access('room.close')
  close(@CurrentActor() actor: Actor, @Param() { roomId }: RoomIdParam): Promise<Room> {
    return this.changes.close(actor, roomId);
  }

  @Post(':roomId/claim')
  @HttpCode(200)
  @Access('room.claim')
  claim(@CurrentActor() actor: Actor, @Param() { roomId }: RoomIdParam): Promise<Room> {
    return this.assignments.claim(actor, roomId);
  }

  @Post(':roomId/assign')
  @HttpCode(200)
  @Access('room.assign')
  assign(@CurrentActor() actor: Actor, @Param() { roomId }: RoomIdParam, @Body() dto: AssignRoomDto): Promise<Room> {
    return this.assignments.assign(actor, roomId, dto);
  }

  @Post(':roomId/transfer')
  @HttpCode(200)
  @Access('room.transfer')
  transfer(@CurrentActor() actor: Actor, @Param() { roomId }: RoomIdParam, @Body() dto: TransferRoomDto): Promise<Room> {
    return this.assignments.transfer(actor, roomId, dto);
  }

  @Post(':roomId/end')
  @HttpCode(200)
  @Access('room.end')
  end(@CurrentActor() actor: Actor, @Param() { roomId }: RoomIdParam): Promise<Room> {
    return this.changes.end(actor, roomId);
  }

  @Post(':roomId/reopen')
  @HttpCode(200)
  @Access('room.reopen')
  reopen(@CurrentActor() actor: Actor, @Param() { roomId }: RoomIdParam): Promise<Room> {
    return this.changes.reopen(actor, roomId);
  }

  @Post(':roomId/marks')
  @HttpCode(200)
  @Access('message.mark')
  mark(@CurrentActor() actor: Actor, @Param() { roomId }: RoomIdParam, @Body() dto: MarkDto): Promise<MarkPosition> {
    return this.marks.mark(actor, roomId, dto);
  }

  @Post(':roomId/unread')
  @HttpCode(200)
  @Access('message.mark_unread')
  markUnread(@CurrentActor() actor: Actor, @Param() { roomId }: RoomIdParam, @Body() dto: MarkUnreadDto): Promise<Room> {
    return this.marks.markUnread(actor, roomId, dto);
  }

  @Post(':roomId/rating')
  @HttpCode(200)
  @Access('room.rate')
  rate(@CurrentActor() actor: Actor, @Param() { roomId }: RoomIdParam, @Body() dto: RateRoomDto): Promise<Room> {
    return this.ratings.rate(actor, roomId, dto);
  }
}
