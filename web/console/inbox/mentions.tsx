import { Box, Button, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import { nameOf, useDesk } from '../desk.js';
import { RoomPane } from '../room/room-pane.js';
import { ListEdge } from './list-edge.js';
import { usePlace } from './place.js';
import { ago, useNow } from './room-row.js';

/** Where colleagues have called one. */
export const Mentions = (): ReactNode => {
  const { t, i18n } = useTranslation();
  const { parley } = useDesk();
  const go = usePlace('/mentions');
  const now = useNow();
  const queries = useQueryClient();
  const { data, hasNextPage, fetchNextPage, isPending, error } = useInfiniteQuery({
    queryKey: ['mentions'],
    queryFn: ({ pageParam }) =>
      bodyOf(parley.rest.GET('/api/mentions', { params: { query: { limit: 50, ...(pageParam !== null && { cursor: pageParam }) } } })),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  useEffect(
    () => parley.connection.on('mention.created', () => void queries.invalidateQueries({ queryKey: ['mentions'] })),
    [parley, queries],
  );
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="console-panes">
      <section className="console-list" aria-label={t('view.mentions')}>
        <Title order={1} size="h5" p="sm">
          {t('view.mentions')}
        </Title>
        <div className="console-rows">
          {items.map(({ message, room }) => (
            <button
              key={message.id}
              type="button"
              className="room-row"
              onClick={() => go(room.id, { at: message.createdAt, messageId: message.id })}
            >
              <span className="room-row-text">
                <span className="room-row-line">
                  <strong dir="auto">{message.sender.name ?? t('somebody')}</strong>
                  <time dateTime={message.createdAt}>{ago(message.createdAt, now, i18n.language)}</time>
                </span>
                <span className="room-row-said" dir="auto">
                  {message.body}
                </span>
                <small>{nameOf(room.customer, t('guest'))}</small>
              </span>
            </button>
          ))}
          {hasNextPage && (
            <Box ta="center" p="sm">
              <Button size="xs" variant="light" onClick={() => void fetchNextPage()}>
                {t('more')}
              </Button>
            </Box>
          )}
          {error && (
            <Text p="md" role="alert">
              {t('listFailed')}
            </Text>
          )}
          {!isPending && !error && items.length === 0 && (
            <Text p="md" c="dimmed">
              {t('noMentions')}
            </Text>
          )}
        </div>
      </section>
      <ListEdge />
      <RoomPane base="/mentions" />
    </div>
  );
};
