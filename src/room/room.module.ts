import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { BusinessModule } from '../business/business.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { StreamModule } from '../stream/stream.module.js';
import { AssignmentService } from './assignment.service.js';
import { EntryPresenter } from './entry.presenter.js';
import { Mark } from './mark.entity.js';
import { MarkService } from './mark.service.js';
import { QueueDeparture } from './queue-departure.entity.js';
import { QueueService } from './queue.service.js';
import { RoomActivity } from './room-activity.service.js';
import { RecentRooms } from './recent-rooms.js';
import { RoomChanges } from './room-changes.js';
import { RoomChangeService } from './room-change.service.js';
import { RoomController } from './room.controller.js';
import { Room } from './room.entity.js';
import { RoomPresenter } from './room.presenter.js';
import { RoomService } from './room.service.js';
import { MachineRoomService } from './machine-room.service.js';
import { IdleCloseService } from './idle-close.service.js';
import { RatingService } from './rating.service.js';
import { RoomUpdateService } from './room-update.service.js';
import { SnoozeService } from './snooze.service.js';
import { RoomTypingService } from './room-typing.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Room, Mark, QueueDeparture]), AuditModule, BusinessModule, StreamModule, PresenceModule],
  controllers: [RoomController],
  providers: [
    QueueService,
    RecentRooms,
    RoomService,
    RoomChanges,
    RoomActivity,
    RoomChangeService,
    RoomUpdateService,
    RatingService,
    SnoozeService,
    IdleCloseService,
    MachineRoomService,
    AssignmentService,
    MarkService,
    RoomTypingService,
    RoomPresenter,
    EntryPresenter,
  ],
  exports: [
    RoomActivity,
    RoomService,
    RecentRooms,
    QueueService,
    RoomChangeService,
    RoomUpdateService,
    AssignmentService,
    MarkService,
    RoomTypingService,
    RoomPresenter,
    EntryPresenter,
    RatingService,
    MachineRoomService,
  ],
})
export class RoomModule {}
