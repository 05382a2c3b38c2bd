import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { AiEndpoints } from './ai-endpoints.js';
import { BotService } from './bot.service.js';
import { AgentService } from './agent.service.js';
import { AgentController } from './agent.controller.js';
import { AuditController } from './audit.controller.js';
import { AuditLogService } from './audit-log.service.js';
import { BusinessController } from './business.controller.js';
import { Business } from './business.entity.js';
import { BusinessService } from './business.service.js';
import { ContactService } from './contact.service.js';
import { LabelController } from './label.controller.js';
import { Label } from './label.entity.js';
import { LabelService } from './label.service.js';
import { LabelSweep } from './label-sweep.js';
import { PresenceController } from './presence.controller.js';
import { TeamController } from './team.controller.js';
import { Team } from './team.entity.js';
import { TeamService } from './team.service.js';
import { User } from './user.entity.js';
import { UserService } from './user.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Business, User, Team, Label]), PresenceModule, AuditModule],
  controllers: [BusinessController, AgentController, TeamController, LabelController, PresenceController, AuditController],
  providers: [
    AiEndpoints,
    BotService,
    BusinessService,
    UserService,
    AgentService,
    TeamService,
    LabelService,
    LabelSweep,
    ContactService,
    AuditLogService,
  ],
  exports: [AiEndpoints, BotService, BusinessService, UserService, AgentService, TeamService, LabelService, ContactService],
})
export class BusinessModule {}
