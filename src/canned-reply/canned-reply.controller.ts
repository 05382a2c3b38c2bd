import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { CannedReply, RenderedReply } from '../contract/canned-reply.js';
import type { Page } from '../contract/page.js';
import {
  CannedReplyIdParam,
  CreateCannedReplyDto,
  ListCannedRepliesQuery,
  RenderCannedReplyDto,
  UpdateCannedReplyDto,
} from './canned-reply.dto.js';
import { CannedReplyService } from './canned-reply.service.js';

@Controller('api/canned-replies')
export class CannedReplyController {
  constructor(private readonly replies: CannedReplyService) {}

  @Get()
  @Access('canned_reply.list')
  list(@CurrentActor() actor: Actor, @Query() query: ListCannedRepliesQuery): Promise<Page<CannedReply>> {
    return this.replies.list(actor, query);
  }

  @Post()
  @Access('canned_reply.create')
  create(@CurrentActor() actor: Actor, @Body() dto: CreateCannedReplyDto): Promise<CannedReply> {
    return this.replies.create(actor, dto);
  }

  @Get(':id')
  @Access('canned_reply.get')
  get(@CurrentActor() actor: Actor, @Param() { id }: CannedReplyIdParam): Promise<CannedReply> {
    return this.replies.get(actor, id);
  }

  @Patch(':id')
  @Access('canned_reply.update')
  update(@CurrentActor() actor: Actor, @Param() { id }: CannedReplyIdParam, @Body() dto: UpdateCannedReplyDto): Promise<CannedReply> {
    return this.replies.update(actor, id, dto);
  }

  @Delete(':id')
  @HttpCode(204)
  @Access('canned_reply.delete')
  delete(@CurrentActor() actor: Actor, @Param() { id }: CannedReplyIdParam): Promise<void> {
    return this.replies.delete(actor, id);
  }

  @Post(':id/render')
  @HttpCode(200)
  @Access('canned_reply.render')
  render(
    @CurrentActor() actor: Actor,
    @Param() { id }: CannedReplyIdParam,
    @Body() { roomId }: RenderCannedReplyDto,
  ): Promise<RenderedReply> {
    return this.replies.render(actor, id, roomId);
  }
}
