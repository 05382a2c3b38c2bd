import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { BusinessModule } from '../business/business.module.js';
import { InboxModule } from '../inbox/inbox.module.js';
import { RoomModule } from '../room/room.module.js';
import { StreamModule } from '../stream/stream.module.js';
import { CustomerController } from './customer.controller.js';
import { CustomerService } from './customer.service.js';
import { GuestCleaner } from './guest-cleaner.js';

@Module({
  imports: [AuditModule, BusinessModule, RoomModule, InboxModule, StreamModule],
  controllers: [CustomerController],
  providers: [GuestCleaner, CustomerService],
})
export class CustomerModule {}
