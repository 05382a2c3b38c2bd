import { Injectable } from '@nestjs/common';
import { BotService } from '../business/bot.service.js';
import { Sweep } from '../event/sweep.js';
import { MessageService } from '../message/message.service.js';
import { stableKey } from '../message/stable-key.js';
import { LateAnswer } from '../stream/late-answer.js';
import { ActionService } from './action.service.js';
import { AutomationLedger } from './automation.ledger.js';
import { PolicyService } from './policy.service.js';
import { noticesIn } from './notices.js';

const SWEEP_MS = 10_000;

/** Asks customers who have fallen silent whether they are still there, once, and not if anybody speaks at that moment. */
@Injectable()
export class IdleQuestionService extends Sweep {
  constructor(
    private readonly ledger: AutomationLedger,
    private readonly policies: PolicyService,
    private readonly actions: ActionService,
    private readonly messages: MessageService,
    private readonly bots: BotService,
  ) {
    super(SWEEP_MS);
  }

  async sweep(): Promise<void> {
    await this.each(await this.ledger.silent(), async ({ roomId, businessId, turn }) => {
      const [bot, policy] = await Promise.all([this.bots.of(businessId), this.policies.of(businessId)]);
      const text = policy.texts.idle === null ? '' : await this.actions.text(bot, roomId, policy, policy.texts.idle);
      const body = text.trim() === '' ? noticesIn(policy.locale).stillThere : text;
      await this.messages.say(bot, roomId, { clientMessageId: stableKey('idle', roomId, turn), body, turn }).catch((error: unknown) => {
        if (!(error instanceof LateAnswer)) throw error;
      });
    });
  }
}
