import { Button, Group, Select, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ROOM_SORTS } from '../../../src/contract/inbox.js';
import { PRIORITIES } from '../../../src/contract/room.js';
import { nameOf } from '../desk.js';
import { useAgents, useLabels, useTeams } from '../directory.js';
import type { Filter } from './filter.js';
import type { Wanted } from './room-lists.js';

interface FilterFormProps {
  filter: Filter;
  wanted: Wanted;
  /** Undefined where the list cannot be kept. */
  onSave?: () => void;
}

/** By what a list is narrowed down and ordered. */
const FilterForm = ({ filter: { filter: chosen, sort, set, clear }, wanted, onSave }: FilterFormProps): ReactNode => {
  const { t } = useTranslation();
  const agents = useAgents(true);
  const teams = useTeams(true);
  const labels = useLabels(true);
  const isUsed = sort !== undefined || Object.keys(chosen).length > 0;
  const choices = [
    { key: 'label', label: t('action.labels'), data: labels.map(({ name }) => name) },
    { key: 'teamId', label: t('team'), data: teams.map(({ id, name }) => ({ value: id, label: name })) },
    { key: 'priority', label: t('priority'), data: PRIORITIES.map((value) => ({ value, label: t(`priority.${value}`) })) },
    {
      key: 'assignee',
      label: t('assignee'),
      data: [{ value: 'none', label: t('nobody') }, ...agents.map((agent) => ({ value: agent.id, label: nameOf(agent, t('somebody')) }))],
    },
  ] as const;
  return (
    <Stack gap="xs">
      {choices.map(({ key, label, data }) => (
        <Select
          key={key}
          comboboxProps={{ withinPortal: false }}
          label={label}
          placeholder={t('any')}
          data={data}
          value={chosen[key] ?? null}
          onChange={(value) => set({ [key]: value })}
          clearable
          searchable={key !== 'priority'}
        />
      ))}
      <Select
        comboboxProps={{ withinPortal: false }}
        label={t('sort')}
        data={ROOM_SORTS.map((value) => ({ value, label: t(`sort.${value}`) }))}
        value={wanted.sort}
        allowDeselect={false}
        onChange={(value) => set({ sort: value })}
      />
      <Group justify="space-between">
        <Button size="compact-sm" variant="subtle" disabled={!isUsed} onClick={clear}>
          {t('filterNone')}
        </Button>
        {onSave && (
          <Button size="compact-sm" variant="light" onClick={onSave}>
            {t('saveView')}
          </Button>
        )}
      </Group>
    </Stack>
  );
};

export default FilterForm;
