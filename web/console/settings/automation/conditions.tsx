import { Button, Fieldset, Group, MultiSelect, Paper, Select, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import {
  MAX_CONDITIONS,
  MAX_VALUE_LENGTH,
  MAX_VALUES,
  type RuleCondition,
  type RuleEvent,
  type RuleOperator,
} from '../../../../src/contract/automation.js';
import type { Faults } from '../../draft.js';
import { RowTools } from './row-tools.js';
import { CONTEXT, fieldsOf, operatorsOf, takesValues } from './vocabulary.js';
import type { RuleWords } from './words.js';

interface RowProps {
  event: RuleEvent;
  condition: RuleCondition;
  /** Where it stands, from 0. */
  at: number;
  words: RuleWords;
  faults: Faults;
  onChange: (condition: RuleCondition) => void;
}

/** What is wrong with a list stands at the list, whichever of its values it is. */
const faultAt = (faults: Faults, path: string): string | undefined =>
  Object.entries(faults).find(([where]) => where === path || where.startsWith(`${path}.`))?.[1];

/** Words and things are chosen, texts are written. */
const Values = ({ condition, at, words, faults, onChange }: Omit<RowProps, 'event'>): ReactNode => {
  const { t } = useTranslation();
  const { field, operator, values } = condition;
  const choices = operator === 'is' || operator === 'is_not' ? words.choicesOf(field) : undefined;
  const shared = {
    label: t('automation.values'),
    value: values,
    error: faultAt(faults, `conditions.${at}.values`),
    onChange: (given: string[]) => onChange({ ...condition, values: given }),
    maxValues: MAX_VALUES,
  };
  if (!choices) {
    return (
      <TagsInput {...shared} description={t('automation.valuesHint')} maxLength={MAX_VALUE_LENGTH} splitChars={[]} acceptValueOnBlur />
    );
  }
  // What is gone meanwhile is shown as it is, so that it can be taken out.
  const gone = values.filter((value) => !choices.some((choice) => choice.value === value)).map((value) => ({ value, label: value }));
  return <MultiSelect {...shared} data={[...choices, ...gone]} searchable nothingFoundMessage={t('listNothingFound')} />;
};

const Row = ({ event, condition, at, words, faults, onChange }: RowProps): ReactNode => {
  const { t } = useTranslation();
  const { field, operator } = condition;
  const isContext = field.startsWith(CONTEXT);
  const fields = [...new Set([...fieldsOf(event), ...(isContext ? [] : [field])])];
  const operators = [...new Set([...operatorsOf(field), operator])];
  const choose = (next: string): void => {
    const [first = 'is'] = operatorsOf(next);
    onChange({ field: next, operator: operatorsOf(next).includes(operator) ? operator : first, values: [] });
  };
  return (
    <Stack gap="xs" flex={1} miw={0}>
      <Group grow align="flex-start">
        <Select
          label={t('automation.field')}
          allowDeselect={false}
          data={[
            ...fields.map((value) => ({ value, label: words.field(value) })),
            { value: CONTEXT, label: t('automation.field.context') },
          ]}
          value={isContext ? CONTEXT : field}
          error={isContext ? undefined : faults[`conditions.${at}.field`]}
          onChange={(value) => choose(value ?? field)}
        />
        <Select
          label={t('automation.operator')}
          allowDeselect={false}
          data={operators.map((value) => ({ value, label: t(`automation.operator.${value}`) }))}
          value={operator}
          onChange={(value) => {
            const next = value as RuleOperator;
            onChange({ ...condition, operator: next, values: takesValues(next) ? condition.values : [] });
          }}
        />
      </Group>
      {isContext && (
        <TextInput
          label={t('automation.key')}
          description={t('automation.keyHint')}
          required
          value={field.slice(CONTEXT.length)}
          error={faults[`conditions.${at}.field`]}
          onChange={({ currentTarget }) => onChange({ ...condition, field: CONTEXT + currentTarget.value })}
        />
      )}
      {takesValues(operator) && <Values {...{ condition, at, words, faults, onChange }} />}
    </Stack>
  );
};

interface ConditionsProps {
  event: RuleEvent;
  conditions: RuleCondition[];
  words: RuleWords;
  faults: Faults;
  onChange: (conditions: RuleCondition[]) => void;
}

/** What must hold for a rule to be followed. */
export const Conditions = ({ event, conditions, words, faults, onChange }: ConditionsProps): ReactNode => {
  const { t } = useTranslation();
  const [first = 'room.status'] = fieldsOf(event);
  const add = (): void => onChange([...conditions, { field: first, operator: operatorsOf(first)[0] ?? 'is', values: [] }]);
  return (
    <Fieldset legend={t('automation.if')}>
      <Stack>
        <Text size="sm" c="dimmed">
          {t(conditions.length === 0 ? 'automation.noConditions' : 'automation.allConditions')}
        </Text>
        {conditions.map((condition, at) => {
          const name = t('automation.conditionNumber', { number: at + 1 });
          return (
            <Paper key={at} withBorder p="sm" role="group" aria-label={name}>
              <Group justify="space-between" wrap="nowrap">
                <Text size="sm" fw={600}>
                  {name}
                </Text>
                <RowTools items={conditions} at={at} name={name} onChange={onChange} />
              </Group>
              <Row
                {...{ event, condition, at, words, faults }}
                onChange={(changed) => onChange(conditions.map((one, other) => (other === at ? changed : one)))}
              />
            </Paper>
          );
        })}
        {faults.conditions !== undefined && (
          <Text size="sm" c="red" role="alert">
            {faults.conditions}
          </Text>
        )}
        <Group>
          <Button variant="light" size="xs" disabled={conditions.length >= MAX_CONDITIONS} onClick={add}>
            {t('automation.addCondition')}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
};
