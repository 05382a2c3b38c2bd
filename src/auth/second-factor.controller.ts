import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { RecoveryCodes, SecondFactorDraft } from '../contract/second-factor.js';
import type { Empty } from '../contract/socket-events.js';
import { BeginSecondFactorDto, ConfirmSecondFactorDto, ProveSecondFactorDto } from './auth.dto.js';
import { Client, type ClientInfo } from './client-info.decorator.js';
import { SecondFactorService } from './second-factor.service.js';

@Controller('api/auth/second-factor')
export class SecondFactorController {
  constructor(private readonly secondFactors: SecondFactorService) {}

  @Post()
  @HttpCode(200)
  @Access('auth.begin_second_factor')
  begin(@CurrentActor() actor: Actor, @Body() dto: BeginSecondFactorDto): Promise<SecondFactorDraft> {
    return this.secondFactors.begin(actor, dto);
  }

  @Post('confirm')
  @HttpCode(200)
  @Access('auth.confirm_second_factor')
  confirm(@CurrentActor() actor: Actor, @Body() dto: ConfirmSecondFactorDto, @Client() client: ClientInfo): Promise<RecoveryCodes> {
    return this.secondFactors.confirm(actor, dto, client);
  }

  @Post('recovery-codes')
  @HttpCode(200)
  @Access('auth.renew_recovery_codes')
  renewCodes(@CurrentActor() actor: Actor, @Body() dto: ProveSecondFactorDto, @Client() client: ClientInfo): Promise<RecoveryCodes> {
    return this.secondFactors.renewCodes(actor, dto, client);
  }

  /** Not a DELETE: it needs a body, which some proxies and clients cut from one. */
  @Post('disable')
  @HttpCode(200)
  @Access('auth.disable_second_factor')
  disable(@CurrentActor() actor: Actor, @Body() dto: ProveSecondFactorDto, @Client() client: ClientInfo): Promise<Empty> {
    return this.secondFactors.disable(actor, dto, client);
  }
}
