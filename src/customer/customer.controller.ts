import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res, type StreamableFile } from '@nestjs/common';
import type { Response } from 'express';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import { streamed } from '../access/streamed.js';
import { ContactService } from '../business/contact.service.js';
import type { Page } from '../contract/page.js';
import type { Room } from '../contract/room.js';
import type { CustomerUser } from '../contract/user.js';
import { PageQuery } from '../validation/page-query.js';
import { BlockCustomerDto, CustomerIdParam, ListCustomersQuery, UpdateCustomerDto } from './customer.dto.js';
import { CustomerService } from './customer.service.js';

@Controller('api/customers')
export class CustomerController {
  constructor(
    private readonly contacts: ContactService,
    private readonly customers: CustomerService,
  ) {}

  @Get()
  @Access('customer.list')
  list(@CurrentActor() actor: Actor, @Query() query: ListCustomersQuery): Promise<Page<CustomerUser>> {
    return this.contacts.list(actor, query);
  }

  @Get(':id')
  @Access('customer.get')
  get(@CurrentActor() actor: Actor, @Param() { id }: CustomerIdParam): Promise<CustomerUser> {
    return this.contacts.get(actor, id);
  }

  @Get(':id/rooms')
  @Access('customer.rooms')
  rooms(@CurrentActor() actor: Actor, @Param() { id }: CustomerIdParam, @Query() query: PageQuery): Promise<Page<Room>> {
    return this.customers.rooms(actor, id, query);
  }

  @Patch(':id')
  @Access('customer.update')
  update(@CurrentActor() actor: Actor, @Param() { id }: CustomerIdParam, @Body() dto: UpdateCustomerDto): Promise<CustomerUser> {
    return this.contacts.update(actor, id, dto);
  }

  @Delete(':id')
  @HttpCode(204)
  @Access('customer.erase')
  erase(@CurrentActor() actor: Actor, @Param() { id }: CustomerIdParam): Promise<void> {
    return this.customers.erase(actor, id);
  }

  @Get(':id/export')
  @Access('customer.export')
  async export(
    @CurrentActor() actor: Actor,
    @Param() { id }: CustomerIdParam,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    return streamed(response, await this.customers.export(actor, id), 'application/json; charset=utf-8', `customer-${id}.json`);
  }

  @Post(':id/block')
  @HttpCode(200)
  @Access('customer.block')
  block(
    @CurrentActor() actor: Actor,
    @Param() { id }: CustomerIdParam,
    @Body() { blocked = true }: BlockCustomerDto,
  ): Promise<CustomerUser> {
    return this.contacts.block(actor, id, blocked);
  }
}
