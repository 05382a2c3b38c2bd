import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useEffect } from 'react';
import { bodyOf } from '@parley/client';
import { PRESENCE_STATUSES } from '../../../src/contract/presence.js';
import type { AgentUser } from '../../../src/contract/user.js';
import { nameOf, useDesk } from '../desk.js';
import { readAll } from '../read-all.js';
import { followRooms } from '../room-news.js';

const KEY = ['agents', 'watched'];
/** Many things that happen at once are one change. */
const SETTLE_MS = 1_000;

/** Who has most comes first, of those who are there. */
const byLoad = (one: AgentUser, other: AgentUser): number =>
  other.load - one.load ||
  PRESENCE_STATUSES.indexOf(one.presence) - PRESENCE_STATUSES.indexOf(other.presence) ||
  nameOf(one, '').localeCompare(nameOf(other, ''));

/** Everybody who answers, with presence and load as they are now. */
export const useStaff = (): UseQueryResult<AgentUser[]> => {
  const { parley } = useDesk();
  const queries = useQueryClient();
  useEffect(() => {
    const { end } = followRooms(parley, SETTLE_MS, () => void queries.invalidateQueries({ queryKey: KEY }));
    const endPresence = parley.connection.on('presence.changed', ({ userId, status, lastSeenAt }) =>
      queries.setQueryData<AgentUser[]>(KEY, (all) =>
        all?.map((agent) => (agent.id === userId ? { ...agent, presence: status, lastSeenAt } : agent)),
      ),
    );
    return () => {
      endPresence();
      end();
    };
  }, [parley, queries]);
  return useQuery({
    queryKey: KEY,
    queryFn: () => readAll((query) => bodyOf(parley.rest.GET('/api/agents', { params: { query } }))),
    select: (all) => all.filter(({ disabled, load }) => !disabled || load > 0).sort(byLoad),
    refetchOnMount: 'always',
  });
};
