import { Button, Group, Select, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { AUDIT_ACTIONS, type AuditAction } from '../../../../src/contract/audit.js';
import { nameOf } from '../../desk.js';
import { useAgents } from '../../directory.js';

/** What the API filters by. */
interface Filter {
  action?: AuditAction;
  actorId?: string;
  targetId?: string;
  from?: string;
  to?: string;
}

const NAMES = ['action', 'actorId', 'targetId', 'from', 'to'] as const;
type Name = (typeof NAMES)[number];

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The beginning of a day by the reader's clock, or of one some days later. */
const startOf = (date: string, days = 0): string | undefined => {
  const start = new Date(`${date}T00:00`);
  if (Number.isNaN(start.getTime()) || !/^[12]\d{3}-/.test(date)) return undefined;
  start.setDate(start.getDate() + days);
  return start.toISOString();
};

/** The filter in the address, of which what makes no sense is left out; the last day is included. */
export const useFilter = (): { filter: Filter; set: (name: Name, value: string | null) => void } => {
  const [address, setAddress] = useSearchParams();
  const get = (name: Name): string => address.get(name) ?? '';
  const id = (name: Name): string | undefined => (UUID.test(get(name)) ? get(name) : undefined);
  const all = {
    action: AUDIT_ACTIONS.find((one) => one === get('action')),
    actorId: id('actorId'),
    targetId: id('targetId'),
    from: startOf(get('from')),
    to: startOf(get('to'), 1),
  };
  const filter: Filter = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  const set = (name: Name, value: string | null): void => {
    const next = new URLSearchParams(address);
    if (value === null || value === '') next.delete(name);
    else next.set(name, value);
    setAddress(next, { replace: true });
  };
  return { filter, set };
};

const areaOf = (action: AuditAction): string => action.split('.')[0] as string;

/** What to look for: who did what, to what, and when. */
export const Filters = (): ReactNode => {
  const { t } = useTranslation();
  const [address, setAddress] = useSearchParams();
  const { filter, set } = useFilter();
  const agents = useAgents(true);
  const actions = [...new Set(AUDIT_ACTIONS.map(areaOf))].map((area) => ({
    group: t(`audit.area.${area}`),
    items: AUDIT_ACTIONS.filter((one) => areaOf(one) === area).map((one) => ({ value: one, label: t(`audit.action.${one}`) })),
  }));
  return (
    <Group mb="md" align="flex-end">
      <Select
        label={t('audit.what')}
        data={actions}
        value={filter.action ?? null}
        onChange={(value) => set('action', value)}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': t('audit.anything') }}
        placeholder={t('audit.anything')}
        nothingFoundMessage={t('listNothingFound')}
      />
      <Select
        label={t('audit.who')}
        data={agents.map((agent) => ({ value: agent.id, label: nameOf(agent, t('somebody')) }))}
        value={filter.actorId ?? null}
        onChange={(value) => set('actorId', value)}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': t('audit.anybody') }}
        placeholder={t('audit.anybody')}
        nothingFoundMessage={t('listNothingFound')}
      />
      {(['from', 'to'] as const).map((name) => (
        <TextInput
          key={name}
          type="date"
          label={t(`audit.${name}`)}
          value={address.get(name) ?? ''}
          onChange={({ currentTarget }) => set(name, currentTarget.value)}
        />
      ))}
      {NAMES.some((name) => address.has(name)) && (
        <Button variant="subtle" onClick={() => setAddress({}, { replace: true })}>
          {t('audit.all')}
        </Button>
      )}
    </Group>
  );
};
