import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/auth.module.js';
import { BusinessModule } from '../business/business.module.js';
import { MailModule } from '../mail/mail.module.js';
import { MessageModule } from '../message/message.module.js';
import { RoomModule } from '../room/room.module.js';
import { ActionService } from './action.service.js';
import { AutomationLedger } from './automation.ledger.js';
import { AutomationRoom } from './automation-room.entity.js';
import { AutomationService } from './automation.service.js';
import { FactService } from './fact.service.js';
import { FiringService } from './firing.service.js';
import { GreeterService } from './greeter.service.js';
import { IdleQuestionService } from './idle-question.service.js';
import { PolicyService } from './policy.service.js';
import { ReminderService } from './reminder.service.js';
import { Rule } from './rule.entity.js';
import { RuleCheckService } from './rule-check.service.js';
import { RuleController } from './rule.controller.js';
import { RuleFiring } from './rule-firing.entity.js';
import { RuleRunner } from './rule-runner.js';
import { RuleService } from './rule.service.js';
import { RuleTrialService } from './rule-trial.service.js';
import { UnreadMailService } from './unread-mail.service.js';

/** Does what a business wants done by itself: rules, greetings, questions to the silent, reminders, and mails to those who have gone. */
@Module({
  imports: [
    TypeOrmModule.forFeature([Rule, RuleFiring, AutomationRoom]),
    AuthModule,
    BusinessModule,
    MailModule,
    MessageModule,
    RoomModule,
  ],
  controllers: [RuleController],
  providers: [
    ...[AutomationService, AutomationLedger, PolicyService, FactService, ActionService],
    ...[RuleService, RuleCheckService, RuleTrialService, RuleRunner, FiringService],
    ...[GreeterService, IdleQuestionService, ReminderService, UnreadMailService],
  ],
})
export class AutomationModule {}
