import { Controller, Get, Header, Param, Query, Res, type StreamableFile } from '@nestjs/common';
import type { Response } from 'express';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import { streamed } from '../access/streamed.js';
import { RoomIdParam } from '../room/room.dto.js';
import { HTML_POLICY } from './html.format.js';
import { ExportRoomDto } from './transcript.dto.js';
import { TranscriptService } from './transcript.service.js';

@Controller('api/rooms/:roomId/export')
export class TranscriptController {
  constructor(private readonly transcripts: TranscriptService) {}

  @Get()
  @Access('room.export')
  @Header('Content-Security-Policy', `${HTML_POLICY}; sandbox; frame-ancestors 'none'`)
  async export(
    @CurrentActor() actor: Actor,
    @Param() { roomId }: RoomIdParam,
    @Query() { format = 'json' }: ExportRoomDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    const { name, type, pieces } = await this.transcripts.export(actor, roomId, format);
    return streamed(response, pieces, type, name);
  }
}
