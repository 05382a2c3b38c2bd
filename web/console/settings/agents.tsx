import { Avatar, Badge, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import type { PresenceStatus } from '../../../src/contract/presence.js';
import type { AgentUser } from '../../../src/contract/user.js';
import { nameOf, useDesk } from '../desk.js';
import { useTeams } from '../directory.js';
import { AgentFields, type AgentValue } from './agent-fields.js';
import { AgentMenu } from './agent-menu.js';
import { CollectionPage, type Collection } from './collection-page.js';

const KEY = 'agents';
const COLORS: Record<PresenceStatus, string> = { online: 'green', away: 'yellow', busy: 'red', offline: 'gray' };
/** Many come and go at the same time, as when a server is replaced. */
const GATHER_MS = 500;

/** A new one is invited by mail, unless a password is given. */
const BLANK: AgentValue = { name: '', email: '', role: 'agent', capacity: null, teamIds: [], password: null };

/** Shows who comes and goes. */
const useComings = (): void => {
  const { connection } = useDesk().parley;
  const queries = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = connection.on('presence.changed', () => {
      clearTimeout(timer);
      timer = setTimeout(() => void queries.invalidateQueries({ queryKey: [KEY] }), GATHER_MS);
    });
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [connection, queries]);
};

const Person = ({ agent }: { agent: AgentUser }): ReactNode => {
  const { t } = useTranslation();
  const { me } = useDesk();
  const name = nameOf(agent, t('somebody'));
  return (
    <Group gap="sm" wrap="nowrap">
      <Avatar size="sm" name={name} src={agent.avatarUrl} />
      <Stack gap={0}>
        <Text size="sm" dir="auto">
          {name} {agent.id === me.id && `(${t('you')})`}
        </Text>
        <Text size="xs" c="dimmed" dir="auto">
          {agent.email}
        </Text>
      </Stack>
    </Group>
  );
};

const State = ({ agent }: { agent: AgentUser }): ReactNode => {
  const { t } = useTranslation();
  if (agent.disabled) return <Badge color="gray">{t('agents.disabled')}</Badge>;
  return (
    <Badge variant="dot" color={COLORS[agent.presence]}>
      {t(`presence.${agent.presence}`)}
    </Badge>
  );
};

/** Those who answer customers. */
export const Agents = (): ReactNode => {
  const { t } = useTranslation();
  const { rest } = useDesk().parley;
  const teams = useTeams(true);
  useComings();
  const collection: Collection<AgentUser, AgentValue> = {
    key: KEY,
    read: (query) => bodyOf(rest.GET('/api/agents', { params: { query } })),
    create: ({ password, ...agent }) => bodyOf(rest.POST('/api/agents', { body: { ...agent, ...(password !== null && { password }) } })),
    change: (id, { password: _, ...body }) => bodyOf(rest.PATCH('/api/agents/{id}', { params: { path: { id } }, body })),
    fieldFaults: {
      'auth.email_taken': ['email', t('refused.auth.email_taken')],
      'auth.password_weak': ['password', t('refused.auth.password_weak')],
    },
  };
  const teamNames = ({ teamIds }: AgentUser): string =>
    teams
      .filter(({ id }) => teamIds.includes(id))
      .map(({ name }) => name)
      .join(', ');
  return (
    <CollectionPage
      title={t('settings.agents')}
      intro={t('agents.intro')}
      empty={t('agents.empty')}
      add={t('agents.add')}
      minWidth={760}
      collection={collection}
      nameOf={(agent) => nameOf(agent, t('somebody'))}
      blank={BLANK}
      valueOf={({ name, email, role, capacity, teamIds }) => ({
        name: name ?? '',
        email: email ?? '',
        role,
        capacity,
        teamIds,
        password: null,
      })}
      columns={[
        { label: t('name'), cell: (agent) => <Person agent={agent} /> },
        { label: t('agents.presence'), cell: (agent) => <State agent={agent} /> },
        { label: t('agents.role'), cell: ({ role }) => t(`agents.role.${role}`) },
        {
          label: t('agents.load'),
          cell: ({ load, capacity }) => (capacity === null ? t('agents.loadFree', { load }) : t('agents.loadOf', { load, capacity })),
        },
        { label: t('teams'), cell: (agent) => <span dir="auto">{teamNames(agent)}</span> },
      ]}
      actions={(agent) => <AgentMenu agent={agent} />}
      fields={({ value, set, faults, item }) => <AgentFields value={value} set={set} faults={faults} isNew={item === null} teams={teams} />}
    />
  );
};
