import { Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import { nameOf, useDesk } from '../desk.js';
import { ListEnd } from '../list-end.js';
import { usePages } from '../pages.js';
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
  const pages = usePages(['mentions'], (query) => bodyOf(parley.rest.GET('/api/mentions', { params: { query } })), { limit: 50 });
  useEffect(
    () => parley.connection.on('mention.created', () => void queries.invalidateQueries({ queryKey: ['mentions'] })),
    [parley, queries],
  );
  return (
    <div className="console-panes">
      <section className="console-list" aria-label={t('view.mentions')}>
        <Title order={1} size="h5" p="sm">
          {t('view.mentions')}
        </Title>
        <div className="console-rows">
          {pages.items.map(({ message, room }) => (
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
          <ListEnd pages={pages} empty={t('noMentions')} />
        </div>
      </section>
      <ListEdge />
      <RoomPane base="/mentions" />
    </div>
  );
};
