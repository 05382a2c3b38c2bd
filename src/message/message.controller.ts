import { Body, Controller, Delete, Get, Param, Patch, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { History, Message, MessageVersion } from '../contract/message.js';
import type { Page } from '../contract/page.js';
import { RoomIdParam } from '../room/room.dto.js';
import { PageQuery } from '../validation/page-query.js';
import { MessageChangeService } from './message-change.service.js';
import { EditMessageDto, ListMessagesDto, MessageIdParam, SendMessageDto } from './message.dto.js';
import { MessageService } from './message.service.js';
import { VersionService } from './version.service.js';

@Controller('api/rooms/:roomId/messages')
export class MessageController {
  constructor(
    private readonly messages: MessageService,
    private readonly changes: MessageChangeService,
    private readonly versions: VersionService,
  ) {}

  @Post()
  @Access('message.send')
  async send(
    @CurrentActor() actor: Actor,
    @Param() { roomId }: RoomIdParam,
    @Body() dto: SendMessageDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Message> {
    const { message, isNew } = await this.messages.send(actor, roomId, dto);
    response.status(isNew ? 201 : 200);
    return message;
  }

  @Get()
  @Access('message.list')
  list(@CurrentActor() actor: Actor, @Param() { roomId }: RoomIdParam, @Query() query: ListMessagesDto): Promise<History> {
    return this.messages.list(actor, roomId, query);
  }

  @Patch(':messageId')
  @Access('message.edit')
  edit(@CurrentActor() actor: Actor, @Param() { roomId, messageId }: MessageIdParam, @Body() { body }: EditMessageDto): Promise<Message> {
    return this.changes.edit(actor, roomId, messageId, body);
  }

  @Delete(':messageId')
  @Access('message.delete')
  delete(@CurrentActor() actor: Actor, @Param() { roomId, messageId }: MessageIdParam): Promise<Message> {
    return this.changes.delete(actor, roomId, messageId);
  }

  @Get(':messageId/edits')
  @Access('message.edits')
  edits(
    @CurrentActor() actor: Actor,
    @Param() { roomId, messageId }: MessageIdParam,
    @Query() query: PageQuery,
  ): Promise<Page<MessageVersion>> {
    return this.versions.list(actor, roomId, messageId, query);
  }
}
