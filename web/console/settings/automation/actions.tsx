import { Button, Fieldset, Group, Paper, Select, Stack, Text, Textarea } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { AUTO_VARIABLES, MAX_ACTIONS, RULE_ACTIONS, type RuleAction, type RuleActionType } from '../../../../src/contract/automation.js';
import { MAX_BODY_LENGTH } from '../../../../src/contract/message.js';
import { PRIORITIES } from '../../../../src/contract/room.js';
import type { Faults } from '../../draft.js';
import { RowTools } from './row-tools.js';
import type { Choice, RuleWords } from './words.js';

/** What takes an agent or a team off, as a value of a select. */
const NONE = 'none';

interface RowProps {
  action: RuleAction;
  words: RuleWords;
  fault: string | undefined;
  onChange: (action: RuleAction) => void;
}

/** What the server fills in stands between braces; pressing a name adds it. */
const Writing = ({ action, fault, onChange }: Omit<RowProps, 'words'>): ReactNode => {
  const { t } = useTranslation();
  const value = action.value ?? '';
  return (
    <Stack gap={6}>
      <Textarea
        label={t(`automation.what.${action.type}`)}
        autosize
        minRows={3}
        maxRows={12}
        required
        maxLength={MAX_BODY_LENGTH}
        value={value}
        error={fault}
        onChange={({ currentTarget }) => onChange({ ...action, value: currentTarget.value })}
      />
      <Group gap={4} role="group" aria-label={t('automation.variables')}>
        {AUTO_VARIABLES.map((name) => (
          <Button key={name} size="compact-xs" variant="default" onClick={() => onChange({ ...action, value: `${value}{{${name}}}` })}>
            {t(`automation.variable.${name}`)}
          </Button>
        ))}
      </Group>
    </Stack>
  );
};

const Row = ({ action, words, fault, onChange }: RowProps): ReactNode => {
  const { t } = useTranslation();
  const { type, value } = action;
  if (type === 'reply' || type === 'note') return <Writing action={action} fault={fault} onChange={onChange} />;
  const choices: Record<typeof type, () => Choice[]> = {
    label: () => words.things('labels'),
    priority: () => PRIORITIES.map((one) => ({ value: one, label: t(`automation.value.${one}`) })),
    assign: () => [{ value: NONE, label: t('automation.do.assign.none') }, ...words.things('agents')],
    team: () => [{ value: NONE, label: t('automation.do.team.none') }, ...words.things('teams')],
  };
  const known = choices[type]();
  const chosen = value ?? NONE;
  // What is gone meanwhile is shown as it is, so that it is not lost unseen.
  const gone = chosen === '' || known.some((choice) => choice.value === chosen) ? [] : [{ value: chosen, label: chosen }];
  return (
    <Select
      label={t(`automation.what.${type}`)}
      placeholder={t('automation.choose')}
      required
      allowDeselect={false}
      searchable
      nothingFoundMessage={t('listNothingFound')}
      data={[...known, ...gone]}
      value={chosen === '' ? null : chosen}
      error={fault}
      onChange={(next) => onChange({ type, value: next === NONE ? null : next })}
    />
  );
};

interface ActionsProps {
  actions: RuleAction[];
  words: RuleWords;
  faults: Faults;
  onChange: (actions: RuleAction[]) => void;
}

/** What is done, in this order. */
export const Actions = ({ actions, words, faults, onChange }: ActionsProps): ReactNode => {
  const { t } = useTranslation();
  const set = (at: number, changed: RuleAction): void => onChange(actions.map((one, other) => (other === at ? changed : one)));
  return (
    <Fieldset legend={t('automation.then')}>
      <Stack>
        {actions.map((action, at) => {
          const name = t('automation.actionNumber', { number: at + 1 });
          return (
            <Paper key={at} withBorder p="sm" role="group" aria-label={name}>
              <Stack gap="xs">
                <Group justify="space-between" wrap="nowrap">
                  <Select
                    aria-label={name}
                    allowDeselect={false}
                    data={RULE_ACTIONS.map((type) => ({ value: type, label: t(`automation.action.${type}`) }))}
                    value={action.type}
                    error={faults[`actions.${at}.type`]}
                    onChange={(type) => set(at, { type: type as RuleActionType, value: '' })}
                  />
                  <RowTools items={actions} at={at} name={name} onChange={onChange} />
                </Group>
                <Row action={action} words={words} fault={faults[`actions.${at}.value`]} onChange={(changed) => set(at, changed)} />
              </Stack>
            </Paper>
          );
        })}
        {faults.actions !== undefined && (
          <Text size="sm" c="red" role="alert">
            {faults.actions}
          </Text>
        )}
        <Group>
          <Button
            variant="light"
            size="xs"
            disabled={actions.length >= MAX_ACTIONS}
            onClick={() => onChange([...actions, { type: 'label', value: '' }])}
          >
            {t('automation.addAction')}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
};
