import { Box } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { bodyOf } from '@parley/client';
import type { CustomerHit, RoomMessageHit } from '../../../src/contract/search.js';
import type { Page } from '../../../src/contract/page.js';
import { nameOf, useDesk } from '../desk.js';
import { ListEnd } from '../list-end.js';
import { Marked } from '../marked.js';
import { usePages } from '../pages.js';
import type { Go } from './place.js';

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
  const pages = usePages(
    ['hits', kind, q],
    async (page) => (await bodyOf(parley.rest.GET('/api/search', { params: { query: { in: kind, q, ...page } } }))) as Page<Hit>,
    { limit: 30 },
  );
  const date = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium' });
  return (
    <div className="console-rows" aria-busy={pages.isFetching}>
      <Box className="hits" px="sm" pb="sm">
        {pages.items.map((hit) =>
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
      <ListEnd pages={pages} empty={t('listNothingFound')} />
    </div>
  );
};
