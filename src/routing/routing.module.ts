import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BusinessModule } from '../business/business.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { RoomModule } from '../room/room.module.js';
import { AbsenceService } from './absence.service.js';
import { DecisionService } from './decision.service.js';
import { RoutingController } from './routing.controller.js';
import { RoutingDecision } from './routing-decision.entity.js';
import { RoutingService } from './routing.service.js';

/** Reacts to what happens elsewhere; nobody calls it. */
@Module({
  imports: [TypeOrmModule.forFeature([RoutingDecision]), BusinessModule, PresenceModule, RoomModule],
  controllers: [RoutingController],
  providers: [RoutingService, AbsenceService, DecisionService],
})
export class RoutingModule {}
