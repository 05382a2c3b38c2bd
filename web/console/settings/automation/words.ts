import { useTranslation } from 'react-i18next';
import type { RuleAction } from '../../../../src/contract/automation.js';
import { nameOf } from '../../desk.js';
import { useAgents, useLabels, useTeams } from '../../directory.js';
import { CONTEXT, kindOf, type Source } from './vocabulary.js';

export interface Choice {
  value: string;
  label: string;
}

export interface RuleWords {
  /** What a condition asks of, in words. */
  field: (field: string) => string;
  /** What a field may be; undefined for a text. */
  choicesOf: (field: string) => Choice[] | undefined;
  /** What there is of the business to choose from. */
  things: (source: Source) => Choice[];
  /** A value of a field in words: of a team or an agent its name. */
  value: (field: string, value: string) => string;
  action: (action: RuleAction) => string;
}

/** Rules in the reader's words, with what the business has. */
export const useRuleWords = (): RuleWords => {
  const { t } = useTranslation();
  const labels = useLabels(true);
  const teams = useTeams(true);
  const agents = useAgents(true);
  const things = (source: Source): Choice[] => {
    if (source === 'labels') return labels.map(({ name }) => ({ value: name, label: name }));
    if (source === 'teams') return teams.map(({ id, name }) => ({ value: id, label: name }));
    return agents.filter(({ disabled }) => !disabled).map((agent) => ({ value: agent.id, label: nameOf(agent, t('somebody')) }));
  };
  const choicesOf = (field: string): Choice[] | undefined => {
    const { words, source } = kindOf(field);
    if (source) return things(source);
    return words?.map((value) => ({ value, label: t(`automation.value.${value}`) }));
  };
  const labelIn = (choices: Choice[] | undefined, value: string): string =>
    choices?.find((choice) => choice.value === value)?.label ?? value;
  const action = ({ type, value }: RuleAction): string => {
    if (value === null) return t(`automation.do.${type}.none`);
    const source = ({ assign: 'agents', team: 'teams' } as const)[type as 'assign' | 'team'] as Source | undefined;
    const said = type === 'priority' ? t(`automation.value.${value}`) : source ? labelIn(things(source), value) : value;
    return t(`automation.do.${type}`, { value: said });
  };
  return {
    field: (field) =>
      field.startsWith(CONTEXT) ? t('automation.contextOf', { key: field.slice(CONTEXT.length) }) : t(`automation.field.${field}`),
    ...{ choicesOf, things, action },
    value: (field, value) => labelIn(choicesOf(field), value),
  };
};
