import { Injectable } from '@nestjs/common';
import { LabelService } from '../business/label.service.js';
import { TeamService } from '../business/team.service.js';
import { UserService } from '../business/user.service.js';
import { AUTO_VARIABLES, type RuleAction, type RuleCondition } from '../contract/automation.js';
import { PRIORITIES, type Priority } from '../contract/room.js';
import { isStaffRole } from '../contract/user.js';
import { AppError, invalid } from '../error/app-error.js';
import { faultOf } from '../validation/template.js';
import { isUuid } from '../validation/rules.js';
import { takesValues } from './judge.js';

/** Says what is wrong with a rule before it is saved or tried. */
@Injectable()
export class RuleCheckService {
  constructor(
    private readonly labels: LabelService,
    private readonly teams: TeamService,
    private readonly users: UserService,
  ) {}

  /** @throws AppError `validation.failed`, `label.not_found`, `user.not_found`, `team.not_found`. */
  async require(businessId: string, conditions: RuleCondition[], actions: RuleAction[]): Promise<void> {
    if (actions.length === 0) throw invalid('actions', 'must be at least one');
    for (const [index, { operator, values }] of conditions.entries()) {
      if (takesValues(operator) !== values.length > 0)
        throw invalid(`conditions.${index}.values`, takesValues(operator) ? 'must be at least one' : `must be none with ${operator}`);
    }
    for (const [index, action] of actions.entries()) await this.requireAction(businessId, `actions.${index}.value`, action);
  }

  private async requireAction(businessId: string, path: string, { type, value }: RuleAction): Promise<void> {
    const isThing = type === 'assign' || type === 'team';
    if (value === null) {
      if (!isThing) throw invalid(path, 'must be given');
      return;
    }
    if (isThing && !isUuid(value)) throw invalid(path, 'must be an id');
    if (type === 'assign') {
      const agent = await this.users.find(businessId, value);
      if (!isStaffRole(agent.role) || agent.disabled) throw new AppError('user.not_found');
    } else if (type === 'team') await this.teams.find(businessId, value);
    else if (type === 'label') {
      if (!(await this.labels.named(businessId, value))) throw new AppError('label.not_found');
    } else if (type === 'priority') {
      if (!PRIORITIES.includes(value as Priority)) throw invalid(path, `must be one of ${PRIORITIES.join(', ')}`);
    } else {
      const fault = faultOf(value, AUTO_VARIABLES);
      if (fault !== undefined) throw invalid(path, fault);
    }
  }
}
