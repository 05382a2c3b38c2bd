import { Controller, Get, Param, Query } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { Page } from '../contract/page.js';
import type { MessageHit, SearchPage } from '../contract/search.js';
import { RoomIdParam } from '../room/room.dto.js';
import { MessageSearchService } from './message-search.service.js';
import { SearchDto, SearchMessagesDto } from './search.dto.js';
import { SearchService } from './search.service.js';

@Controller('api')
export class SearchController {
  constructor(
    private readonly messages: MessageSearchService,
    private readonly everything: SearchService,
  ) {}

  @Get('search')
  @Access('search.find')
  find(@CurrentActor() actor: Actor, @Query() query: SearchDto): Promise<SearchPage> {
    return this.everything.find(actor, query);
  }

  @Get('rooms/:roomId/messages/search')
  @Access('message.search')
  inRoom(@CurrentActor() actor: Actor, @Param() { roomId }: RoomIdParam, @Query() query: SearchMessagesDto): Promise<Page<MessageHit>> {
    return this.messages.inRoom(actor, roomId, query);
  }
}
