import type { TFunction } from 'i18next';
import type { Rule } from '../../../../src/contract/automation.js';

/** What is written of a rule. */
export type RuleValue = Pick<Rule, 'name' | 'enabled' | 'event' | 'conditions' | 'actions'>;

export const TEMPLATE_NAMES = ['urgent', 'closed', 'important'] as const;

export const BLANK: RuleValue = {
  ...{ name: '', enabled: true, event: 'message.created' },
  conditions: [],
  actions: [{ type: 'label', value: '' }],
};

/** What the server fills in, in the place of what would be filled in here. */
const VARIABLES = { opening: '{{business.nextOpening}}', business: '{{business.name}}' };

/** A rule to begin with, in the reader's language; what only the business knows is left to be chosen. */
export const templateOf = (name: string | null, t: TFunction): RuleValue => {
  const title = t(`automation.template.${name}.name`);
  const fromCustomer = { field: 'message.sender', operator: 'is' as const, values: ['guest', 'customer'] };
  if (name === 'urgent') {
    const values = t('automation.template.urgent.words')
      .split(',')
      .map((word) => word.trim());
    return {
      ...{ name: title, enabled: true, event: 'message.created' },
      conditions: [fromCustomer, { field: 'message.body', operator: 'contains', values }],
      actions: [{ type: 'priority', value: 'urgent' }],
    };
  }
  if (name === 'closed') {
    return {
      ...{ name: title, enabled: true, event: 'room.created' },
      conditions: [{ field: 'business.hours', operator: 'is', values: ['closed'] }],
      actions: [{ type: 'reply', value: t('automation.template.closed.text', VARIABLES) }],
    };
  }
  if (name === 'important') {
    return {
      ...{ name: title, enabled: true, event: 'room.created' },
      conditions: [{ field: 'customer.label', operator: 'is', values: [] }],
      actions: [
        { type: 'priority', value: 'high' },
        { type: 'team', value: '' },
      ],
    };
  }
  return BLANK;
};
