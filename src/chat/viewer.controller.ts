import { Controller, Get, Param, Query } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { Attendances, Viewers } from '../contract/room.js';
import { RoomIdParam } from '../room/room.dto.js';
import { AttendanceDto } from './viewer.dto.js';
import { ViewerService } from './viewer.service.js';

/** Here and not in `room`, which knows no sockets. */
@Controller('api')
export class ViewerController {
  constructor(private readonly viewers: ViewerService) {}

  @Get('rooms/:roomId/viewers')
  @Access('room.viewers')
  list(@CurrentActor() actor: Actor, @Param() { roomId }: RoomIdParam): Promise<Viewers> {
    return this.viewers.list(actor, roomId);
  }

  @Get('attendance')
  @Access('room.attendance')
  attendance(@CurrentActor() actor: Actor, @Query() { roomIds }: AttendanceDto): Promise<Attendances> {
    return this.viewers.attendance(actor, roomIds.toLowerCase().split(','));
  }
}
