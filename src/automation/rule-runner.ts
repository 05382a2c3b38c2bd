import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import type { RuleEvent } from '../contract/automation.js';
import type { Message } from '../contract/message.js';
import { isWritten } from '../message/message.policy.js';
import { ActionService } from './action.service.js';
import { FactService } from './fact.service.js';
import { FiringService } from './firing.service.js';
import { holds, type Facts } from './judge.js';
import type { Policy } from './policy.service.js';

/** Which event an entry is; undefined for one that no rule follows: what rules do themselves, and what is private. */
export const eventOf = ({ kind, stream, sender, activity, ai }: Message): RuleEvent | undefined => {
  if (activity) return activity.actor?.role === 'bot' && activity.type !== 'handed_over' ? undefined : 'room.updated';
  return isWritten(kind) && stream === 'public' && (sender.role !== 'bot' || ai) ? 'message.created' : undefined;
};

/** What happened: an entry, or, without one, that there is a new room. */
interface Occasion {
  roomId: string;
  at: Date;
  entry: Message | null;
}

/** Follows the rules of a business at what happened in a room. */
@Injectable()
export class RuleRunner {
  constructor(
    private readonly facts: FactService,
    private readonly actions: ActionService,
    private readonly firings: FiringService,
  ) {}

  /** Each rule once, however often this is called; the next one sees what the one before has done. */
  async follow(bot: Actor, policy: Policy, { roomId, at, entry }: Occasion): Promise<void> {
    const event = entry ? eventOf(entry) : 'room.created';
    const occasionId = entry?.id ?? roomId;
    // Read once, until a rule has changed something.
    let seen: Facts | undefined;
    for (const rule of policy.rules) {
      if (rule.event !== event || at < rule.since) continue;
      const progress = await this.firings.progress(rule, roomId, occasionId);
      if (progress === 'done') continue;
      if (progress === undefined) {
        const facts = (seen ??= await this.facts.of(bot, roomId, policy, entry));
        if (!rule.conditions.every((condition) => holds(condition, facts))) continue;
        const isStopped = await this.firings.isTooMuch(roomId);
        await this.firings.begin(rule, roomId, occasionId, isStopped);
        if (isStopped) continue;
      }
      const outcomes = [];
      for (const [index, action] of rule.actions.entries())
        outcomes.push(await this.actions.run(bot, roomId, policy, action, `rule ${rule.id} ${occasionId} ${index}`));
      await this.firings.finish(rule, roomId, occasionId, outcomes);
      seen = undefined;
    }
  }
}
