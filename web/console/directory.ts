import { useQuery } from '@tanstack/react-query';
import { bodyOf } from '@parley/client';
import type { AgentUser } from '../../src/contract/user.js';
import { useDesk } from './desk.js';
import { readAll } from './read-all.js';

interface Named {
  id: string;
  name: string;
}

/** The staff of the business; asked for once something is `wanted` of them. */
export const useAgents = (wanted: boolean): readonly AgentUser[] => {
  const { rest } = useDesk().parley;
  const ask = (): Promise<AgentUser[]> => readAll((query) => bodyOf(rest.GET('/api/agents', { params: { query } })));
  return useQuery({ queryKey: ['agents', 'all'], queryFn: ask, enabled: wanted }).data ?? [];
};

export const useTeams = (wanted: boolean): readonly Named[] => {
  const { rest } = useDesk().parley;
  const ask = (): Promise<Named[]> => readAll((query) => bodyOf(rest.GET('/api/teams', { params: { query } })));
  return useQuery({ queryKey: ['teams', 'all'], queryFn: ask, enabled: wanted }).data ?? [];
};

export const useLabels = (wanted: boolean): readonly Named[] => {
  const { rest } = useDesk().parley;
  const ask = (): Promise<Named[]> => readAll((query) => bodyOf(rest.GET('/api/labels', { params: { query } })));
  return useQuery({ queryKey: ['labels', 'all'], queryFn: ask, enabled: wanted }).data ?? [];
};
