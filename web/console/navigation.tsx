import { Badge, Box, NavLink, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { bodyOf } from '@parley/client';
import type { UnreadTotals } from '../../src/contract/room.js';
import { useDesk } from './desk.js';
import { VIEWS, type ViewName } from './inbox/room-lists.js';
import { followRooms } from './room-news.js';
import { useStart } from './start/progress.js';

/** What waits to be read in one's own rooms. */
export const useUnread = (): { data: UnreadTotals | undefined } => {
  const { parley } = useDesk();
  return useQuery({ queryKey: ['unread'], queryFn: () => bodyOf(parley.rest.GET('/api/rooms/unread')) });
};

const MOST_SHOWN = 99;
/** So long after a change it is counted anew. */
const SETTLE_MS = 1_500;

const Count = ({ title, count, isUnread = false }: { title: string; count: number; isUnread?: boolean }): ReactNode => (
  <Badge variant={isUnread ? 'filled' : 'light'} color={isUnread ? undefined : 'gray'} ml={4} role="img" aria-label={title}>
    {count > MOST_SHOWN ? `${MOST_SHOWN}+` : count}
  </Badge>
);

/** The lists and the other places, with how much is in each. */
export const Navigation = ({ onGo }: { onGo: () => void }): ReactNode => {
  const { t } = useTranslation();
  const { parley, me } = useDesk();
  const { pathname } = useLocation();
  const go = useNavigate();
  const queries = useQueryClient();
  const { data: unread } = useUnread();
  const { data: counts } = useQuery({ queryKey: ['views', 'counts'], queryFn: () => bodyOf(parley.rest.GET('/api/views/counts')) });
  const { isOffered } = useStart();
  const { data: saved } = useQuery({
    queryKey: ['views'],
    queryFn: () => bodyOf(parley.rest.GET('/api/views', { params: { query: { limit: 100 } } })),
  });
  useEffect(() => {
    const counted = ({ queryKey: [first] }: { queryKey: readonly unknown[] }): boolean => first === 'unread' || first === 'views';
    const { note, end } = followRooms(parley, SETTLE_MS, () => void queries.invalidateQueries({ predicate: counted }));
    const endMarks = parley.connection.on('room.marked', ({ userId }) => {
      if (userId === me.id) note();
    });
    return () => {
      endMarks();
      end();
    };
  }, [parley, me, queries]);
  const link = (path: string, label: string, count = 0, unreadRooms = 0): ReactNode => (
    <NavLink
      key={path}
      component="button"
      label={label}
      active={pathname.startsWith(`/${path}`)}
      rightSection={
        <>
          {unreadRooms > 0 && <Count title={t('unread', { count: unreadRooms })} count={unreadRooms} isUnread />}
          {count > 0 && <Count title={count > MOST_SHOWN ? t('inListMany') : t('inList', { count })} count={count} />}
        </>
      }
      onClick={() => {
        void go(`/${path}`);
        onGo();
      }}
    />
  );
  return (
    <>
      {isOffered && link('start', t('start'))}
      {(Object.keys(VIEWS) as ViewName[]).map((name) =>
        link(name, t(`view.${name}`), name === 'closed' ? undefined : counts?.[name], name === 'mine' ? unread?.rooms : undefined),
      )}
      {link('mentions', t('view.mentions'))}
      {saved && saved.items.length > 0 && (
        <Text size="xs" c="dimmed" px="sm" pt="md">
          {t('savedViews')}
        </Text>
      )}
      {saved?.items.map(({ id, name, count }) => link(`saved/${id}`, name, count))}
      <Box mt="md">
        {link('supervise', t('supervise'))}
        {me.role === 'admin' && link('reports', t('reports'))}
        {link('settings', t('settings'))}
      </Box>
    </>
  );
};
