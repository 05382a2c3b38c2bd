import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { BotService } from '../business/bot.service.js';
import type { RuleEvent, RuleTrial } from '../contract/automation.js';
import type { Message } from '../contract/message.js';
import { MessageService } from '../message/message.service.js';
import { RoomService } from '../room/room.service.js';
import { ActionService } from './action.service.js';
import { FactService } from './fact.service.js';
import { holds } from './judge.js';
import { PolicyService } from './policy.service.js';
import { RuleCheckService } from './rule-check.service.js';
import type { TryRuleDto } from './rule.dto.js';
import { eventOf } from './rule-runner.js';

/** How far back the last event of a kind is looked for. */
const ENTRIES = 200;

/** Tells what a rule would do in a room, and does nothing. */
@Injectable()
export class RuleTrialService {
  constructor(
    private readonly check: RuleCheckService,
    private readonly policies: PolicyService,
    private readonly facts: FactService,
    private readonly actions: ActionService,
    private readonly rooms: RoomService,
    private readonly messages: MessageService,
    private readonly bots: BotService,
  ) {}

  /** @throws AppError `room.not_found`, and what is wrong with the rule, see `RuleCheckService`. */
  async run(actor: Actor, { roomId, event, conditions, actions }: TryRuleDto): Promise<RuleTrial> {
    await this.rooms.require(actor, roomId);
    await this.check.require(actor.businessId, conditions, actions);
    const [bot, policy] = await Promise.all([this.bots.of(actor.businessId), this.policies.of(actor.businessId)]);
    const entry = await this.lastOf(bot, roomId, event);
    const facts = await this.facts.of(bot, roomId, policy, entry);
    const judged = conditions.map(({ field, operator, values }) => {
      const condition = { field, operator, values };
      return { ...condition, found: facts.get(field) ?? [], holds: holds(condition, facts) };
    });
    const isThere = event === 'room.created' || entry !== null;
    return {
      entryId: entry?.id ?? null,
      matches: isThere && judged.every((condition) => condition.holds),
      conditions: judged,
      actions: await Promise.all(actions.map((action) => this.actions.filledIn(bot, roomId, policy, action))),
    };
  }

  private async lastOf(bot: Actor, roomId: string, event: RuleEvent): Promise<Message | null> {
    if (event === 'room.created') return null;
    const pages = await Promise.all(
      (['public', 'internal'] as const).map((stream) => this.messages.list(bot, roomId, { stream, limit: ENTRIES })),
    );
    const entries = pages.flatMap(({ items }) => items).filter((entry) => eventOf(entry) === event && entry.deletedAt === null);
    return entries.reduce<Message | null>((last, entry) => (last && last.createdAt > entry.createdAt ? last : entry), null);
  }
}
