import { Body, Controller, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { Business, IdentitySecret, OpeningHours, PublicBusiness } from '../contract/business.js';
import { SlugParam, UpdateBusinessDto } from './business.dto.js';
import { BusinessService } from './business.service.js';

@Controller('api')
export class BusinessController {
  constructor(private readonly businesses: BusinessService) {}

  @Get('businesses/:slug')
  @Access('business.view')
  view(@Param() { slug }: SlugParam): Promise<PublicBusiness> {
    return this.businesses.viewBySlug(slug);
  }

  @Get('businesses/:slug/hours')
  @Access('business.hours')
  hours(@Param() { slug }: SlugParam): Promise<OpeningHours> {
    return this.businesses.hoursBySlug(slug);
  }

  @Get('business')
  @Access('business.get')
  get(@CurrentActor() actor: Actor): Promise<Business> {
    return this.businesses.get(actor);
  }

  @Patch('business')
  @Access('business.update')
  update(@CurrentActor() actor: Actor, @Body() dto: UpdateBusinessDto): Promise<Business> {
    return this.businesses.update(actor, dto);
  }

  @Post('business/identity-secret')
  @HttpCode(200)
  @Access('business.change_identity_secret')
  changeIdentitySecret(@CurrentActor() actor: Actor): Promise<IdentitySecret> {
    return this.businesses.changeIdentitySecret(actor);
  }
}
