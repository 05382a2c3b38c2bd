import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PresenceModule } from '../presence/presence.module.js';
import { AgentController } from './agent.controller.js';
import { BusinessController } from './business.controller.js';
import { Business } from './business.entity.js';
import { BusinessService } from './business.service.js';
import { PresenceController } from './presence.controller.js';
import { User } from './user.entity.js';
import { UserService } from './user.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Business, User]), PresenceModule],
  controllers: [BusinessController, AgentController, PresenceController],
  providers: [BusinessService, UserService],
  exports: [BusinessService, UserService],
})
export class BusinessModule {}
