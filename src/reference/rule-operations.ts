import { AUTO_VARIABLES, MAX_FIRINGS_PER_MINUTE, MAX_RULES } from '../contract/automation.js';
import { CURSOR, ROOM_ID, rule, RULE_ID, ruleFiring, ruleTrial, triedRule } from './examples.js';
import type { OperationsOf } from './operation.js';

const RULE = ['rule.not_found'] as const;
const NAMED = ['label.not_found', 'team.not_found', 'user.not_found'] as const;
const TEXTS = `Texts may name ${AUTO_VARIABLES.map((name) => `\`{{${name}}}\``).join(', ')}, each with something to say when that is not known, such as \`{{customer.name|there}}\`; other names are refused, and nothing in them is ever evaluated.`;

/** What is done by itself. */
export const RULE_OPERATIONS: OperationsOf<'rule'> = {
  'rule.list': {
    summary: 'List rules',
    description: 'In the order in which they are followed, which is that in which they were made.',
    answer: 'RulePage',
    example: { items: [rule], nextCursor: CURSOR },
  },
  'rule.get': {
    summary: 'Show a rule',
    description: 'As it was written.',
    errors: RULE,
    request: { id: RULE_ID },
    answer: 'Rule',
    example: rule,
  },
  'rule.create': {
    summary: 'Make a rule',
    description: `When the event happens in a room and all conditions hold, the actions are done, as the machine of the business, once for each event. What rules do is no event for rules, and ${MAX_FIRINGS_PER_MINUTE} a minute is the most in one room. A reply answers nobody: the customer waits on. ${TEXTS} A business has at most ${MAX_RULES}.`,
    errors: [...NAMED, 'rule.limit_reached'],
    request: { name: rule.name, ...triedRule },
    answer: 'Rule',
    example: rule,
  },
  'rule.update': {
    summary: 'Change a rule',
    description: `Changes what is named and leaves the rest. ${TEXTS}`,
    errors: [...RULE, ...NAMED],
    request: { id: RULE_ID, enabled: false },
    answer: 'Rule',
    example: { ...rule, enabled: false },
  },
  'rule.delete': {
    summary: 'Delete a rule',
    description: 'What it did stays, and stays listed.',
    errors: RULE,
    request: { id: RULE_ID },
    answer: null,
  },
  'rule.try': {
    summary: 'Try a rule out',
    description:
      'Tells what a rule, saved or not, would do in a room now: whether each condition holds, and the actions with their texts filled in. It is judged by the last event of its kind among the last 200 entries of each stream. Nothing is done.',
    errors: ['room.not_found', ...NAMED],
    request: { roomId: ROOM_ID, ...triedRule },
    answer: 'RuleTrial',
    example: ruleTrial,
  },
  'rule.firings': {
    summary: 'List what rules did',
    description: 'The newest first, for 90 days, with what became of each action.',
    request: { ruleId: RULE_ID },
    answer: 'RuleFiringPage',
    example: { items: [ruleFiring], nextCursor: CURSOR },
  },
};
