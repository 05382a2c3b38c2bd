import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Mail } from './mail.entity.js';
import { MailService } from './mail.service.js';
import { MailTransport } from './mail.transport.js';
import { MailWorker } from './mail.worker.js';

@Module({
  imports: [TypeOrmModule.forFeature([Mail])],
  providers: [MailService, MailTransport, MailWorker],
  exports: [MailService],
})
export class MailModule {}
