import { Controller, Get, Param } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { Viewers } from '../contract/room.js';
import { RoomIdParam } from '../room/room.dto.js';
import { ViewerService } from './viewer.service.js';

/** Here and not in `room`, which knows no sockets. */
@Controller('api/rooms/:roomId/viewers')
export class ViewerController {
  constructor(private readonly viewers: ViewerService) {}

  @Get()
  @Access('room.viewers')
  list(@CurrentActor() actor: Actor, @Param() { roomId }: RoomIdParam): Promise<Viewers> {
    return this.viewers.list(actor, roomId);
  }
}
