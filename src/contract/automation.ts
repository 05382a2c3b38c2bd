import type { Page } from './page.js';
import type { Count, Id, Time } from './scalar.js';

/** What a rule waits for: a new room, a public message of a person or an answer of the AI, or anything that is done to a room. */
export const RULE_EVENTS = ['room.created', 'message.created', 'room.updated'] as const;
export type RuleEvent = (typeof RULE_EVENTS)[number];

/** What a condition may ask of, beside `context.<key>`, which is a field of the room's context. */
export const RULE_FIELDS = [
  ...['message.body', 'message.sender', 'activity.type', 'room.status', 'room.priority', 'room.subject', 'room.label', 'room.team'],
  ...['room.assignee', 'customer.name', 'customer.email', 'customer.label', 'business.hours', 'business.agents'],
] as const;

export const RULE_OPERATORS = ['is', 'is_not', 'contains', 'contains_not', 'begins', 'is_set', 'is_unset'] as const;
export type RuleOperator = (typeof RULE_OPERATORS)[number];

export const RULE_ACTIONS = ['label', 'assign', 'team', 'priority', 'reply', 'note'] as const;
export type RuleActionType = (typeof RULE_ACTIONS)[number];

export const MAX_RULES = 50;
export const MAX_RULE_NAME = 120;
export const MAX_CONDITIONS = 20;
/** Of one condition. */
export const MAX_VALUES = 20;
export const MAX_VALUE_LENGTH = 200;
export const MAX_ACTIONS = 10;

/** What the text of a reply, a note or an automatic message may ask for. */
export const AUTO_VARIABLES = ['customer.name', 'customer.email', 'business.name', 'business.nextOpening', 'room.subject'] as const;
export type AutoVariable = (typeof AUTO_VARIABLES)[number];

/**
 * Holds when one of the values fits, with `is_not` and `contains_not` when none does. Letter case does not count.
 */
export interface RuleCondition {
  /**
   * `message.sender` and `activity.type` are words of the contract, `room.label` and `customer.label` names, `room.team` and
   * `room.assignee` ids, `business.hours` is `open` or `closed`, `business.agents` is `online` or `offline`.
   */
  field: string;
  operator: RuleOperator;
  /** None with `is_set` and `is_unset`, else 1 to 20. */
  values: string[];
}

/** `value` is the name of a label, the id of an agent or a team, a priority, or a text; null takes the agent or the team off. */
export interface RuleAction {
  type: RuleActionType;
  value: string | null;
}

/** What is done when something happens in a room. */
export interface Rule {
  id: Id;
  name: string;
  /** Whether it is followed. What happened before it was switched on is left alone. */
  enabled: boolean;
  event: RuleEvent;
  /** All of them must hold; none: always. */
  conditions: RuleCondition[];
  /** Done in this order. One that fails does not keep the next from being done. */
  actions: RuleAction[];
  createdAt: Time;
  updatedAt: Time;
}

export type RulePage = Page<Rule>;

/** What a rule would do in a room. */
export interface RuleTrial {
  /** The last event of its kind in the room, by which it was judged; null when there is none, or for a new room. */
  entryId: Id | null;
  /** Whether it would be followed. */
  matches: boolean;
  conditions: (RuleCondition & {
    /** What the field says in this room. */
    found: string[];
    holds: boolean;
  })[];
  /** With texts filled in. */
  actions: RuleAction[];
}

/** What became of an action. */
export interface RuleOutcome extends RuleAction {
  /** Why it was not done: the code of an error; null when it was. */
  error: string | null;
}

/** That a rule was followed. */
export interface RuleFiring {
  id: Id;
  at: Time;
  ruleId: Id;
  /** As it was called then. */
  ruleName: string;
  roomId: Id;
  event: RuleEvent;
  /** What it followed; null for a new room. */
  entryId: Id | null;
  /** Nothing was done, since rules did too much in this room within a minute. */
  stopped: boolean;
  /** Empty until all of them were done. */
  actions: RuleOutcome[];
}

export type RuleFiringPage = Page<RuleFiring>;

/** Rules are followed so many times a minute in one room, and no more. */
export const MAX_FIRINGS_PER_MINUTE: Count = 20;
