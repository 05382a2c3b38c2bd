import { useQuery } from '@tanstack/react-query';
import { bodyOf } from '@parley/client';
import type { AgentUser } from '../../src/contract/user.js';
import { useDesk } from './desk.js';

/** As many as one request gives. */
const query = { limit: 100 };

interface Named {
  id: string;
  name: string;
}

/** The staff of the business; asked for once something is `wanted` of them. */
export const useAgents = (wanted: boolean): readonly AgentUser[] => {
  const { parley } = useDesk();
  const ask = (): Promise<{ items: AgentUser[] }> => bodyOf(parley.rest.GET('/api/agents', { params: { query } }));
  return useQuery({ queryKey: ['agents'], queryFn: ask, enabled: wanted }).data?.items ?? [];
};

export const useTeams = (wanted: boolean): readonly Named[] => {
  const { parley } = useDesk();
  const ask = (): Promise<{ items: Named[] }> => bodyOf(parley.rest.GET('/api/teams', { params: { query } }));
  return useQuery({ queryKey: ['teams'], queryFn: ask, enabled: wanted }).data?.items ?? [];
};

export const useLabels = (wanted: boolean): readonly Named[] => {
  const { parley } = useDesk();
  const ask = (): Promise<{ items: Named[] }> => bodyOf(parley.rest.GET('/api/labels', { params: { query } }));
  return useQuery({ queryKey: ['labels'], queryFn: ask, enabled: wanted }).data?.items ?? [];
};
