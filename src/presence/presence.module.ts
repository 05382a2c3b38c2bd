import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PresenceChoice } from './presence.entity.js';
import { PresenceLease } from './presence-lease.entity.js';
import { PresenceReader } from './presence.reader.js';
import { PresenceService } from './presence.service.js';
import { TypingService } from './typing.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([PresenceChoice, PresenceLease])],
  providers: [PresenceService, PresenceReader, TypingService],
  exports: [PresenceService, PresenceReader, TypingService],
})
export class PresenceModule {}
