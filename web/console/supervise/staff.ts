import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useEffect } from 'react';
import { bodyOf, type Parley } from '@parley/client';
import { PRESENCE_STATUSES } from '../../../src/contract/presence.js';
import type { AgentUser } from '../../../src/contract/user.js';
import { nameOf, useDesk } from '../desk.js';

const KEY = ['agents', 'watched'];
const LIMIT = 100;
/** Many things that happen at once are one change. */
const SETTLE_MS = 1_000;

const readAll = async ({ rest }: Parley): Promise<AgentUser[]> => {
  const all: AgentUser[] = [];
  let cursor: string | null = null;
  do {
    const query: { limit: number; cursor?: string } = { limit: LIMIT, ...(cursor !== null && { cursor }) };
    const page: { items: AgentUser[]; nextCursor: string | null } = await bodyOf(rest.GET('/api/agents', { params: { query } }));
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
};

/** Who has most comes first, of those who are there. */
export const byLoad = (one: AgentUser, other: AgentUser): number =>
  other.load - one.load ||
  PRESENCE_STATUSES.indexOf(one.presence) - PRESENCE_STATUSES.indexOf(other.presence) ||
  nameOf(one, '').localeCompare(nameOf(other, ''));

/** Everybody who answers, with presence and load as they are now. */
export const useStaff = (): UseQueryResult<AgentUser[]> => {
  const { parley } = useDesk();
  const queries = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void queries.invalidateQueries({ queryKey: KEY });
      }, SETTLE_MS);
    };
    const { connection } = parley;
    const ends = [
      connection.on('presence.changed', ({ userId, status, lastSeenAt }) =>
        queries.setQueryData<AgentUser[]>(KEY, (all) =>
          all?.map((agent) => (agent.id === userId ? { ...agent, presence: status, lastSeenAt } : agent)),
        ),
      ),
      connection.on('room.created', later),
      connection.on('room.updated', later),
      connection.on('room.removed', later),
      connection.on('state', ({ status }) => {
        // What happened meanwhile was told to nobody here.
        if (status === 'online') later();
      }),
    ];
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [parley, queries]);
  return useQuery({
    queryKey: KEY,
    queryFn: () => readAll(parley),
    select: (all) => all.filter(({ disabled, load }) => !disabled || load > 0).sort(byLoad),
    refetchOnMount: 'always',
  });
};
