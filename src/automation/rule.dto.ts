import { IsIn, Matches } from 'class-validator';
import {
  MAX_ACTIONS,
  MAX_CONDITIONS,
  MAX_RULE_NAME,
  MAX_VALUE_LENGTH,
  MAX_VALUES,
  RULE_ACTIONS,
  RULE_EVENTS,
  RULE_FIELDS,
  RULE_OPERATORS,
  type RuleActionType,
  type RuleEvent,
  type RuleOperator,
} from '../contract/automation.js';
import { MAX_BODY_LENGTH } from '../contract/message.js';
import { PageQuery } from '../validation/page-query.js';
import { IsId, IsList, IsListOf, IsText, Optional, OrNull } from '../validation/rules.js';
import { IsTrueOrFalse } from '../validation/true-or-false.js';

const FIELD = new RegExp(`^(${RULE_FIELDS.map((name) => name.replace('.', '\\.')).join('|')}|context\\.[A-Za-z0-9_-]{1,50})$`);
const IsOneOf = (words: readonly string[]): PropertyDecorator => IsIn(words, { message: `must be one of ${words.join(', ')}` });

class ConditionDto {
  @Matches(FIELD, { message: `must be one of ${RULE_FIELDS.join(', ')}, or context.<key>` })
  field: string;

  @IsOneOf(RULE_OPERATORS)
  operator: RuleOperator;

  @IsList(MAX_VALUES)
  @IsText(MAX_VALUE_LENGTH, { each: true })
  values: string[];
}

class ActionDto {
  @IsOneOf(RULE_ACTIONS)
  type: RuleActionType;

  @OrNull()
  @IsText(MAX_BODY_LENGTH)
  value: string | null;
}

export class RuleIdParam {
  @IsId()
  id: string;
}

export class ListFiringsQuery extends PageQuery {
  @Optional()
  @IsId()
  ruleId?: string;

  @Optional()
  @IsId()
  roomId?: string;
}

export class CreateRuleDto {
  @IsText(MAX_RULE_NAME)
  name: string;

  /** True when it is not given. */
  @Optional()
  @IsTrueOrFalse()
  enabled?: boolean;

  @IsOneOf(RULE_EVENTS)
  event: RuleEvent;

  @IsListOf(() => ConditionDto, MAX_CONDITIONS)
  conditions: ConditionDto[];

  @IsListOf(() => ActionDto, MAX_ACTIONS)
  actions: ActionDto[];
}

export class UpdateRuleDto {
  @Optional()
  @IsText(MAX_RULE_NAME)
  name?: string;

  @Optional()
  @IsTrueOrFalse()
  enabled?: boolean;

  @Optional()
  @IsOneOf(RULE_EVENTS)
  event?: RuleEvent;

  @Optional()
  @IsListOf(() => ConditionDto, MAX_CONDITIONS)
  conditions?: ConditionDto[];

  @Optional()
  @IsListOf(() => ActionDto, MAX_ACTIONS)
  actions?: ActionDto[];
}

export class TryRuleDto {
  @IsId()
  roomId: string;

  @IsOneOf(RULE_EVENTS)
  event: RuleEvent;

  @IsListOf(() => ConditionDto, MAX_CONDITIONS)
  conditions: ConditionDto[];

  @IsListOf(() => ActionDto, MAX_ACTIONS)
  actions: ActionDto[];
}
