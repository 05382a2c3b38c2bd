import { ActionIcon, Button, Group, MultiSelect, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import type { CustomerUser } from '../../../src/contract/user.js';
import { useDesk } from '../desk.js';
import { useLabels } from '../directory.js';
import { FormDialog } from '../form-dialog.js';
import { Icon } from '../icon.js';
import { useDraft } from '../draft.js';

interface Fact {
  key: number;
  name: string;
  text: string;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What was no text before is read as what it was, where it still can be. */
const valueOf = (text: string, before: unknown): unknown => {
  if (before === undefined || typeof before === 'string') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

/** Changes what is known of a customer. */
const CustomerDialog = ({ customer, onClose }: { customer: CustomerUser; onClose: () => void }): ReactNode => {
  const { t } = useTranslation();
  const { parley } = useDesk();
  const queries = useQueryClient();
  const known = useLabels(true);
  const { id, attributes } = customer;
  const next = useRef(0);
  const fact = (name: string, text: string): Fact => ({ key: next.current++, name, text });
  const first = useRef({
    name: customer.name ?? '',
    email: customer.email ?? '',
    labels: customer.labels,
    facts: Object.entries(attributes).map(([name, value]) => fact(name, textOf(value))),
  });
  const { value, set, faults, isBusy, save } = useDraft(first.current, ({ name, email, labels, facts }) => {
    const named = facts.filter((one) => one.name.trim() !== '');
    const body = {
      name: name.trim() === '' ? null : name.trim(),
      email: email.trim() === '' ? null : email.trim(),
      labels,
      attributes: Object.fromEntries(named.map((one) => [one.name.trim(), valueOf(one.text, attributes[one.name.trim()])])),
    };
    return bodyOf(parley.rest.PATCH('/api/customers/{id}', { params: { path: { id } }, body }));
  });
  const submit = async (): Promise<void> => {
    if (!(await save())) return;
    await queries.invalidateQueries({ queryKey: ['customer', id] });
    onClose();
  };
  const change = (key: number, part: Partial<Fact>): void =>
    set({ facts: value.facts.map((one) => (one.key === key ? { ...one, ...part } : one)) });
  return (
    <FormDialog title={t('customer.edit')} size="lg" isBusy={isBusy} onSubmit={submit} onClose={onClose}>
      <TextInput
        label={t('name')}
        maxLength={120}
        data-autofocus
        value={value.name}
        error={faults.name}
        onChange={({ currentTarget }) => set({ name: currentTarget.value })}
      />
      <TextInput
        label={t('signIn.email')}
        type="email"
        value={value.email}
        error={faults.email}
        onChange={({ currentTarget }) => set({ email: currentTarget.value })}
      />
      <MultiSelect
        comboboxProps={{ withinPortal: false }}
        label={t('action.labels')}
        data={[...new Set([...known.map(({ name }) => name), ...value.labels])]}
        value={value.labels}
        error={faults.labels}
        onChange={(labels) => set({ labels })}
        searchable
        nothingFoundMessage={t('listNothingFound')}
      />
      <Text size="sm" fw={500}>
        {t('customer.facts')}
      </Text>
      {value.facts.map(({ key, name, text }, at) => (
        <Group key={key} gap="xs" wrap="nowrap">
          <TextInput
            aria-label={t('customer.factName', { number: at + 1 })}
            placeholder={t('name')}
            value={name}
            onChange={({ currentTarget }) => change(key, { name: currentTarget.value })}
          />
          <TextInput
            flex={1}
            aria-label={t('customer.factValue', { number: at + 1 })}
            value={text}
            onChange={({ currentTarget }) => change(key, { text: currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={t('customer.factRemove', { number: at + 1 })}
            onClick={() => set({ facts: value.facts.filter((one) => one.key !== key) })}
          >
            <Icon name="close" />
          </ActionIcon>
        </Group>
      ))}
      {faults.attributes !== undefined && (
        <Text size="sm" c="red" role="alert">
          {faults.attributes}
        </Text>
      )}
      <Button variant="subtle" size="xs" onClick={() => set({ facts: [...value.facts, fact('', '')] })}>
        {t('customer.factAdd')}
      </Button>
    </FormDialog>
  );
};

export default CustomerDialog;
