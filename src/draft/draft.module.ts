import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RoomModule } from '../room/room.module.js';
import { DraftController } from './draft.controller.js';
import { Draft } from './draft.entity.js';
import { DraftService } from './draft.service.js';

@Module({ imports: [TypeOrmModule.forFeature([Draft]), RoomModule], controllers: [DraftController], providers: [DraftService] })
export class DraftModule {}
