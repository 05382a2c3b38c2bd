import { Readable } from 'node:stream';
import { Controller, Get, Header, Param, Query, Res, StreamableFile } from '@nestjs/common';
import type { Response } from 'express';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import { RoomIdParam } from '../room/room.dto.js';
import { HTML_POLICY } from './html.format.js';
import { ExportRoomDto } from './transcript.dto.js';
import { TranscriptService } from './transcript.service.js';

/** A reader that takes nothing for so long is cut. */
const STALLED_MS = 60_000;

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
    response.setTimeout(STALLED_MS, () => response.destroy());
    // One piece ahead of the reader, not sixteen.
    return new StreamableFile(Readable.from(pieces, { highWaterMark: 1 }), { type, disposition: `attachment; filename="${name}"` });
  }
}
