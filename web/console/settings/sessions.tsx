import { Badge, Button, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf, ParleyError, type Session } from '@parley/client';
import { useAsk } from '../ask.js';
import { useDesk } from '../desk.js';
import { Page } from '../page.js';
import { ConfirmDialog } from '../confirm-dialog.js';
import { PagedTable } from './paged-table.js';
import { usePages } from '../pages.js';
import { useMoment } from '../moment.js';
import { browserOf } from './user-agent.js';

const KEY = ['sessions'];

/** A browser in words, and, where it is none that is known, as it calls itself. */
const useBrowserName = (): ((userAgent: string | null) => string) => {
  const { t } = useTranslation();
  return (userAgent) => {
    if (userAgent === null) return t('sessions.unknown');
    const { browser, system } = browserOf(userAgent);
    if (browser !== undefined && system !== undefined) return t('sessions.browserOn', { browser, system });
    return browser ?? userAgent;
  };
};

/** Where one is signed in. */
export const Sessions = (): ReactNode => {
  const { t } = useTranslation();
  const { rest } = useDesk().parley;
  const ask = useAsk();
  const queries = useQueryClient();
  const moment = useMoment();
  const nameOf = useBrowserName();
  const [isEndingAll, setEndingAll] = useState(false);
  const pages = usePages<Session>(KEY, (query) => bodyOf(rest.GET('/api/auth/sessions', { params: { query } })));
  const others = pages.items.filter(({ current }) => !current);
  const end = async (id: string): Promise<void> => {
    try {
      await bodyOf(rest.DELETE('/api/auth/sessions/{id}', { params: { path: { id } } }));
    } catch (error) {
      // One that has ended meanwhile is what was wanted.
      if (!(error instanceof ParleyError && error.code === 'session.not_found')) throw error;
    }
  };
  const again = (): Promise<void> => queries.invalidateQueries({ queryKey: KEY });
  const endAll = async (): Promise<void> => {
    // Also those that no page has shown yet.
    for (let isMore = true; isMore;) {
      const { items } = await bodyOf(rest.GET('/api/auth/sessions', { params: { query: { limit: 100 } } }));
      const found = items.filter(({ current }) => !current);
      for (const { id } of found) await end(id);
      isMore = found.length > 0;
    }
    await again();
  };
  return (
    <Page
      title={t('settings.sessions')}
      intro={t('sessions.intro')}
      actions={
        others.length > 0 && (
          <Button variant="light" color="red" onClick={() => setEndingAll(true)}>
            {t('sessions.endOthers')}
          </Button>
        )
      }
    >
      <PagedTable
        label={t('settings.sessions')}
        pages={pages}
        empty=""
        minWidth={620}
        columns={[
          {
            label: t('sessions.browser'),
            cell: ({ userAgent, current }) => (
              <Group gap="xs">
                <Text component="span" size="sm" dir="auto" title={userAgent ?? undefined} maw={320} truncate>
                  {nameOf(userAgent)}
                </Text>
                {current && <Badge variant="light">{t('sessions.current')}</Badge>}
              </Group>
            ),
          },
          { label: t('sessions.lastUsed'), cell: ({ lastUsedAt }) => moment(lastUsedAt) },
          { label: t('sessions.begun'), cell: ({ createdAt }) => moment(createdAt) },
          { label: t('sessions.ip'), cell: ({ ip }) => <span dir="ltr">{ip ?? '–'}</span> },
        ]}
        actions={({ id, userAgent, current }) =>
          !current && (
            <Button
              size="compact-sm"
              variant="subtle"
              color="red"
              aria-label={t('sessions.endOne', { name: nameOf(userAgent) })}
              onClick={() => void ask(() => end(id)).then(again)}
            >
              {t('sessions.end')}
            </Button>
          )
        }
      />
      {isEndingAll && (
        <ConfirmDialog
          title={t('sessions.endOthers')}
          warning={t('sessions.endWarning')}
          action={t('sessions.endOthers')}
          work={endAll}
          onClose={() => setEndingAll(false)}
        />
      )}
    </Page>
  );
};
