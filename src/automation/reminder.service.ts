import { Injectable } from '@nestjs/common';
import { BotService } from '../business/bot.service.js';
import { openingAt } from '../business/hours.js';
import { Sweep } from '../event/sweep.js';
import { MessageService } from '../message/message.service.js';
import { stableKey } from '../message/stable-key.js';
import { AutomationLedger } from './automation.ledger.js';
import { PolicyService } from './policy.service.js';
import { noticesIn } from './notices.js';

const SWEEP_MS = 10_000;
const MINUTE_MS = 60_000;

/** Reminds staff of customers who have waited too long, once for each wait, while the business is open: a note that calls whoever has the room. */
@Injectable()
export class ReminderService extends Sweep {
  constructor(
    private readonly ledger: AutomationLedger,
    private readonly policies: PolicyService,
    private readonly messages: MessageService,
    private readonly bots: BotService,
  ) {
    super(SWEEP_MS);
  }

  async sweep(): Promise<void> {
    const open: string[] = [];
    for (const id of await this.ledger.reminded()) if (openingAt((await this.policies.of(id)).hours, Date.now()).open) open.push(id);
    if (open.length === 0) return;
    await this.each(await this.ledger.unanswered(open), async ({ roomId, businessId, assigneeId, askedAt }) => {
      const [bot, policy] = await Promise.all([this.bots.of(businessId), this.policies.of(businessId)]);
      const minutes = Math.floor((Date.now() - askedAt.getTime()) / MINUTE_MS);
      const body = noticesIn(policy.locale).waiting.replace('{minutes}', String(minutes));
      const clientMessageId = stableKey('reminder', roomId, askedAt.toISOString());
      const mentions = assigneeId === null ? undefined : [assigneeId];
      await this.messages.say(bot, roomId, { clientMessageId, body, stream: 'internal', mentions });
      await this.ledger.noteReminder(roomId, askedAt);
    });
  }
}
