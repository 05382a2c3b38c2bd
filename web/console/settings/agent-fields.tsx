import { MultiSelect, NumberInput, Radio, Select, Stack, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MAX_CAPACITY, MAX_NAME_LENGTH, STAFF_ROLES, type StaffRole } from '../../../src/contract/user.js';
import type { Faults } from '../draft.js';
import { PasswordField } from './password-field.js';

export interface AgentValue {
  name: string;
  email: string;
  role: StaffRole;
  capacity: number | null;
  teamIds: string[];
  /** Of a new one: null invites by mail to choose one. */
  password: string | null;
}

interface AgentFieldsProps {
  value: AgentValue;
  set: (change: Partial<AgentValue>) => void;
  faults: Faults;
  isNew: boolean;
  teams: readonly { id: string; name: string }[];
}

/** How somebody new gets in. */
const WayIn = ({ value, set, faults }: Pick<AgentFieldsProps, 'value' | 'set' | 'faults'>): ReactNode => {
  const { t } = useTranslation();
  return (
    <>
      <Radio.Group
        label={t('agents.wayIn')}
        value={value.password === null ? 'invite' : 'password'}
        onChange={(way) => set({ password: way === 'invite' ? null : '' })}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="invite" label={t('agents.byMail')} />
          <Radio value="password" label={t('agents.byPassword')} />
        </Stack>
      </Radio.Group>
      {value.password !== null && (
        <PasswordField
          isNew
          label={t('signIn.password')}
          value={value.password}
          error={faults.password}
          onWrite={(password) => set({ password })}
        />
      )}
    </>
  );
};

/** What there is to say of somebody who answers customers. */
export const AgentFields = ({ value, set, faults, isNew, teams }: AgentFieldsProps): ReactNode => {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        label={t('name')}
        required
        data-autofocus
        maxLength={MAX_NAME_LENGTH}
        value={value.name}
        error={faults.name}
        onChange={({ currentTarget }) => set({ name: currentTarget.value })}
      />
      <TextInput
        label={t('signIn.email')}
        type="email"
        required
        value={value.email}
        error={faults.email}
        onChange={({ currentTarget }) => set({ email: currentTarget.value })}
      />
      {isNew && <WayIn value={value} set={set} faults={faults} />}
      <Select
        label={t('agents.role')}
        description={t('agents.roleHint')}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        data={STAFF_ROLES.map((role) => ({ value: role, label: t(`agents.role.${role}`) }))}
        value={value.role}
        error={faults.role}
        onChange={(role) => set({ role: role as StaffRole })}
      />
      <NumberInput
        label={t('agents.capacity')}
        description={t('agents.capacityHint')}
        min={0}
        max={MAX_CAPACITY}
        allowDecimal={false}
        value={value.capacity ?? ''}
        error={faults.capacity}
        onChange={(capacity) => set({ capacity: capacity === '' ? null : Number(capacity) })}
      />
      <MultiSelect
        label={t('teams')}
        comboboxProps={{ withinPortal: false }}
        data={teams.map(({ id, name }) => ({ value: id, label: name }))}
        value={value.teamIds}
        error={faults.teamIds}
        onChange={(teamIds) => set({ teamIds })}
        searchable
        nothingFoundMessage={t('listNothingFound')}
      />
    </>
  );
};
