import { MultiSelect, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf, type Parley } from '@parley/client';
import { MAX_LIMIT } from '../../../src/contract/page.js';
import { MAX_TEAM_MEMBERS, MAX_TEAM_NAME, type Team } from '../../../src/contract/team.js';
import type { AgentUser, AgentUserPage } from '../../../src/contract/user.js';
import { nameOf, useDesk } from '../desk.js';
import { CollectionPage, type Collection } from './collection-page.js';

type Value = Pick<Team, 'name' | 'agentIds'>;

/** Everybody who answers, page by page. */
const readStaff = async ({ rest }: Parley): Promise<AgentUser[]> => {
  const all: AgentUser[] = [];
  let cursor: string | null = null;
  do {
    const query = { limit: MAX_LIMIT, ...(cursor !== null && { cursor }) };
    const page: AgentUserPage = await bodyOf(rest.GET('/api/agents', { params: { query } }));
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
};

/** Agents who answer the same conversations. */
export const Teams = (): ReactNode => {
  const { t } = useTranslation();
  const { parley } = useDesk();
  const { rest } = parley;
  const { data: staff = [] } = useQuery({ queryKey: ['agents', 'all'], queryFn: () => readStaff(parley) });
  const labelOf = (agent: AgentUser): string => {
    const name = nameOf(agent, t('somebody'));
    return agent.disabled ? t('teams.disabled', { name }) : name;
  };
  const names = new Map(staff.map((agent) => [agent.id, labelOf(agent)]));
  const collection: Collection<Team, Value> = {
    key: 'teams',
    read: (query) => bodyOf(rest.GET('/api/teams', { params: { query } })),
    create: (body) => bodyOf(rest.POST('/api/teams', { body })),
    change: (id, body) => bodyOf(rest.PATCH('/api/teams/{id}', { params: { path: { id } }, body })),
    remove: (id) => bodyOf(rest.DELETE('/api/teams/{id}', { params: { path: { id } } })),
  };
  return (
    <CollectionPage
      title={t('settings.teams')}
      intro={t('teams.intro')}
      empty={t('teams.empty')}
      add={t('teams.add')}
      collection={collection}
      nameOf={({ name }) => name}
      blank={{ name: '', agentIds: [] }}
      valueOf={({ name, agentIds }) => ({ name, agentIds })}
      columns={[
        { label: t('name'), cell: ({ name }) => <bdi>{name}</bdi> },
        {
          label: t('teams.members'),
          cell: ({ agentIds }) => (
            <Text size="sm" lineClamp={2} dir="auto" c={agentIds.length === 0 ? 'dimmed' : undefined}>
              {agentIds.length === 0 ? t('nobody') : agentIds.map((id) => names.get(id) ?? '…').join(', ')}
            </Text>
          ),
        },
      ]}
      fields={({ value, set, faults }) => (
        <>
          <TextInput
            label={t('name')}
            required
            maxLength={MAX_TEAM_NAME}
            data-autofocus
            dir="auto"
            value={value.name}
            error={faults.name}
            onChange={({ currentTarget }) => set({ name: currentTarget.value })}
          />
          <MultiSelect
            label={t('teams.members')}
            searchable
            className="team-members"
            comboboxProps={{ withinPortal: false }}
            data={staff.map((agent) => ({ value: agent.id, label: labelOf(agent) }))}
            maxValues={MAX_TEAM_MEMBERS}
            value={value.agentIds}
            error={faults.agentIds}
            nothingFoundMessage={t('listNothingFound')}
            onChange={(agentIds) => set({ agentIds })}
          />
        </>
      )}
    />
  );
};
