import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { BusinessService } from '../business/business.service.js';
import { openingAt } from '../business/hours.js';
import { MessageService } from '../message/message.service.js';
import { stableKey } from '../message/stable-key.js';
import { ActionService } from './action.service.js';
import { AutomationLedger, FRESH_MS, type Standing } from './automation.ledger.js';
import type { Policy } from './policy.service.js';

/**
 * Tells a customer who waits for people what to expect: that it is night, that nobody is there, or else, at first, welcome. While
 * the machine has the room it answers itself.
 */
@Injectable()
export class GreeterService {
  constructor(
    private readonly actions: ActionService,
    private readonly messages: MessageService,
    private readonly businesses: BusinessService,
    private readonly ledger: AutomationLedger,
  ) {}

  async greet(bot: Actor, policy: Policy, room: Standing): Promise<void> {
    const { askedAt, status, isMachines } = room;
    if (askedAt === null || status !== 'open' || isMachines || askedAt.getTime() < Date.now() - FRESH_MS) return;
    const kind = await this.kindOf(policy, room);
    if (kind === 'welcome') {
      // Who was answered, or told anything, is welcome already.
      if (room.isWelcomed) return;
      if (room.isAnswered) return this.ledger.noteWelcome(room.id);
    }
    const template = policy.texts[kind];
    if (template === null) return;
    const body = await this.actions.text(bot, room.id, policy, template);
    if (body.trim() === '') return;
    const occasion = kind === 'welcome' ? room.id : `${room.id} ${askedAt.toISOString()}`;
    await this.messages.say(bot, room.id, { clientMessageId: stableKey(kind, occasion), body });
    if (kind === 'welcome') await this.ledger.noteWelcome(room.id);
  }

  private async kindOf({ hours }: Policy, { businessId, assigneeId }: Standing): Promise<'welcome' | 'away' | 'afterHours'> {
    if (!openingAt(hours, Date.now()).open) return 'afterHours';
    const isThere =
      assigneeId === null ? (await this.businesses.agentsOnline(businessId)) > 0 : await this.businesses.isOnline(businessId, assigneeId);
    return isThere ? 'welcome' : 'away';
  }
}
