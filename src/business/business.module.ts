import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PresenceModule } from '../presence/presence.module.js';
import { AgentController } from './agent.controller.js';
import { BusinessController } from './business.controller.js';
import { Business } from './business.entity.js';
import { BusinessService } from './business.service.js';
import { PresenceController } from './presence.controller.js';
import { TeamController } from './team.controller.js';
import { Team } from './team.entity.js';
import { TeamService } from './team.service.js';
import { User } from './user.entity.js';
import { UserService } from './user.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Business, User, Team]), PresenceModule],
  controllers: [BusinessController, AgentController, TeamController, PresenceController],
  providers: [BusinessService, UserService, TeamService],
  exports: [BusinessService, UserService, TeamService],
})
export class BusinessModule {}
