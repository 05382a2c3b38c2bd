import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import type { RuleAction, RuleOutcome } from '../contract/automation.js';
import { MAX_BODY_LENGTH } from '../contract/message.js';
import { ERRORS } from '../contract/error-code.js';
import type { Priority } from '../contract/room.js';
import { AppError } from '../error/app-error.js';
import { MessageService } from '../message/message.service.js';
import { stableKey } from '../message/stable-key.js';
import { AssignmentService } from '../room/assignment.service.js';
import { RoomService } from '../room/room.service.js';
import { RoomUpdateService } from '../room/room-update.service.js';
import { render } from '../contract/template.js';
import { firstCodePoints } from '../validation/rules.js';
import { FactService } from './fact.service.js';
import type { Policy } from './policy.service.js';

/** Does what rules say, by the services that people use, as the machine of the business. Done twice, it is done once. */
@Injectable()
export class ActionService {
  constructor(
    private readonly facts: FactService,
    private readonly rooms: RoomService,
    private readonly updates: RoomUpdateService,
    private readonly assignments: AssignmentService,
    private readonly messages: MessageService,
  ) {}

  /** The action with its text filled in. */
  async filledIn(bot: Actor, roomId: string, policy: Policy, { type, value }: RuleAction): Promise<RuleAction> {
    if (value === null || (type !== 'reply' && type !== 'note')) return { type, value };
    return { type, value: await this.text(bot, roomId, policy, value) };
  }

  /** A text of the business, filled in for a room. */
  async text(bot: Actor, roomId: string, policy: Policy, template: string): Promise<string> {
    const values = await this.facts.values(await this.rooms.require(bot, roomId), policy);
    return firstCodePoints(render(template, values), MAX_BODY_LENGTH);
  }

  /** `occasion` tells this action from all others. @throws Error for what may come right by itself. */
  async run(bot: Actor, roomId: string, policy: Policy, action: RuleAction, occasion: string): Promise<RuleOutcome> {
    try {
      await this.act(bot, roomId, await this.filledIn(bot, roomId, policy, action), occasion);
      return { ...action, error: null };
    } catch (error) {
      if (!(error instanceof AppError) || ERRORS[error.code].retryable) throw error;
      return { ...action, error: error.code };
    }
  }

  private async act(bot: Actor, roomId: string, { type, value }: RuleAction, occasion: string): Promise<void> {
    if (type === 'label') await this.updates.label(bot, roomId, [value as string], true);
    else if (type === 'priority') await this.updates.update(bot, roomId, { priority: value as Priority });
    else if (type === 'assign') await this.assignments.assign(bot, roomId, { agentId: value });
    else if (type === 'team') await this.assignments.assign(bot, roomId, { teamId: value });
    else {
      const body = value ?? '';
      // Variables of which nothing is known may leave nothing to say.
      if (body.trim() === '') return;
      await this.messages.say(bot, roomId, { clientMessageId: stableKey(occasion), body, stream: type === 'note' ? 'internal' : 'public' });
    }
  }
}
