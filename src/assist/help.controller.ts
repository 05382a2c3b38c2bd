import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { AiText } from '../contract/assist.js';
import { HelpParam, RewriteDto, TranslateDto } from './help.dto.js';
import { HelpService } from './help.service.js';

@Controller('api/rooms/:roomId/ai')
export class HelpController {
  constructor(private readonly help: HelpService) {}

  @Post('suggestion')
  @HttpCode(200)
  @Access('ai.suggest')
  suggest(@CurrentActor() actor: Actor, @Param() { roomId }: HelpParam): Promise<AiText> {
    return this.help.suggest(actor, roomId);
  }

  @Post('summary')
  @HttpCode(200)
  @Access('ai.summarize')
  summarize(@CurrentActor() actor: Actor, @Param() { roomId }: HelpParam): Promise<AiText> {
    return this.help.summarize(actor, roomId);
  }

  @Post('rewriting')
  @HttpCode(200)
  @Access('ai.rewrite')
  rewrite(@CurrentActor() actor: Actor, @Param() { roomId }: HelpParam, @Body() dto: RewriteDto): Promise<AiText> {
    return this.help.rewrite(actor, roomId, dto);
  }

  @Post('translation')
  @HttpCode(200)
  @Access('ai.translate')
  translate(@CurrentActor() actor: Actor, @Param() { roomId }: HelpParam, @Body() dto: TranslateDto): Promise<AiText> {
    return this.help.translate(actor, roomId, dto);
  }
}
