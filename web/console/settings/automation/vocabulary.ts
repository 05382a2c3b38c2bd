import { RULE_OPERATORS, RULE_FIELDS, type RuleEvent, type RuleOperator } from '../../../../src/contract/automation.js';
import { INTERNAL_ACTIVITIES, PUBLIC_ACTIVITIES } from '../../../../src/contract/message.js';
import { PRIORITIES, ROOM_STATUSES } from '../../../../src/contract/room.js';
import { ROLES } from '../../../../src/contract/user.js';

type RuleField = (typeof RULE_FIELDS)[number];

/** Things of the business that a condition or an action names. */
export type Source = 'labels' | 'teams' | 'agents';

interface FieldKind {
  /** The words of the contract that it may be; a text where there are none. */
  words?: readonly string[];
  /** What it names. */
  source?: Source;
  /** Rooms without it are asked for by `is_unset`. */
  mayLack?: boolean;
  /** Only what happens at these events has it; all have it where none is named. */
  events?: readonly RuleEvent[];
}

const SENDERS = [...ROLES, 'bot', 'integration'] as const;

const KINDS: Record<RuleField, FieldKind> = {
  'message.body': { mayLack: true, events: ['message.created'] },
  'message.sender': { words: SENDERS, mayLack: true, events: ['message.created', 'room.updated'] },
  'activity.type': { words: [...PUBLIC_ACTIVITIES, ...INTERNAL_ACTIVITIES], events: ['room.updated'] },
  'room.status': { words: ROOM_STATUSES },
  'room.priority': { words: PRIORITIES },
  'room.subject': { mayLack: true },
  'room.label': { source: 'labels', mayLack: true },
  'room.team': { source: 'teams', mayLack: true },
  'room.assignee': { source: 'agents', mayLack: true },
  'customer.name': { mayLack: true },
  'customer.email': { mayLack: true },
  'customer.label': { source: 'labels', mayLack: true },
  'business.hours': { words: ['open', 'closed'] },
  'business.agents': { words: ['online', 'offline'] },
};

/** How fields of the context of a room begin. */
export const CONTEXT = 'context.';

const isField = (field: string): field is RuleField => field in KINDS;

/** A field of the context is a text. */
export const kindOf = (field: string): FieldKind => (isField(field) ? KINDS[field] : { mayLack: true });

/** What can be asked of at an event. */
export const fieldsOf = (event: RuleEvent): RuleField[] => RULE_FIELDS.filter((field) => KINDS[field].events?.includes(event) ?? true);

/** Of a text everything can be asked; of what is one of a few words, whether it is. */
export const operatorsOf = (field: string): RuleOperator[] => {
  const { words, source, mayLack = false } = kindOf(field);
  const isText = !words && !source;
  return RULE_OPERATORS.filter((operator) => {
    if (operator === 'is_set' || operator === 'is_unset') return mayLack;
    return isText || operator === 'is' || operator === 'is_not';
  });
};

export const takesValues = (operator: RuleOperator): boolean => operator !== 'is_set' && operator !== 'is_unset';
