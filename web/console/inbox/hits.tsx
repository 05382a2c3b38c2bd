import { Box, Button, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { bodyOf } from '@parley/client';
import type { CustomerHit, RoomMessageHit } from '../../../src/contract/search.js';
import type { Page } from '../../../src/contract/page.js';
import { nameOf, useDesk } from '../desk.js';
import { Marked } from '../marked.js';
import type { Go } from './place.js';
import { Loading } from '../loading.js';

export type HitKind = 'messages' | 'customers';
type Hit = RoomMessageHit | CustomerHit;

interface HitsProps {
  kind: HitKind;
  q: string;
  go: Go;
}

/** Messages or customers that were found, wherever they are within reach. */
export const Hits = ({ kind, q, go }: HitsProps): ReactNode => {
  const { t, i18n } = useTranslation();
  const { parley } = useDesk();
  const leave = useNavigate();
  const { data, error, isFetching, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['hits', kind, q],
    queryFn: async ({ pageParam: cursor }) =>
      (await bodyOf(
        parley.rest.GET('/api/search', { params: { query: { in: kind, q, limit: 30, ...(cursor !== null && { cursor }) } } }),
      )) as Page<Hit>,
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const hits = data?.pages.flatMap(({ items }) => items) ?? [];
  const date = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium' });
  return (
    <div className="console-rows" aria-busy={isFetching}>
      <Box className="hits" px="sm" pb="sm">
        {hits.map((hit) =>
          'message' in hit ? (
            <button
              key={hit.message.id}
              type="button"
              data-stream={hit.message.stream}
              onClick={() => go(hit.room.id, { at: hit.message.createdAt, messageId: hit.message.id })}
            >
              <small>
                {nameOf(hit.room.customer, t('guest'))} · {date.format(new Date(hit.message.createdAt))}
                {hit.message.stream === 'internal' && ` · ${t('note')}`}
              </small>
              <span dir="auto">
                <Marked html={hit.highlight} />
              </span>
            </button>
          ) : (
            <button
              key={hit.customer.id}
              type="button"
              onClick={() => void leave(`/all?status=open,pending,snoozed,closed&customerId=${hit.customer.id}`)}
            >
              <strong dir="auto">{nameOf(hit.customer, t('guest'))}</strong>
              <span dir="auto">
                <Marked html={hit.highlight} />
              </span>
            </button>
          ),
        )}
      </Box>
      {isFetching && (
        <Box ta="center" p="md">
          <Loading size="sm" />
        </Box>
      )}
      {error && (
        <Text p="md" role="alert">
          {t('listFailed')}
        </Text>
      )}
      {data && hits.length === 0 && (
        <Text p="md" c="dimmed" role="status">
          {t('listNothingFound')}
        </Text>
      )}
      {hasNextPage && (
        <Box ta="center" p="sm">
          <Button size="xs" variant="light" onClick={() => void fetchNextPage()}>
            {t('more')}
          </Button>
        </Box>
      )}
    </div>
  );
};
