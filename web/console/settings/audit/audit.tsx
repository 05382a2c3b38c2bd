import { Anchor, Button, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { bodyOf } from '@parley/client';
import type { AuditEntry } from '../../../../src/contract/audit.js';
import { nameOf, useDesk } from '../../desk.js';
import { LoadFault } from '../../load-fault.js';
import { Page } from '../../page.js';
import { usePages } from '../../pages.js';
import { useDetails, useNames } from './details.js';
import { Filters, useFilter } from './filters.js';
import { Loading } from '../../loading.js';

const LIMIT = 50;

/** What it was done to: a conversation to be opened, or by which name it goes. */
const Target = ({ entry, names, onOnly }: { entry: AuditEntry; names: ReadonlyMap<string, string>; onOnly?: () => void }): ReactNode => {
  const { t } = useTranslation();
  const { actor, targetType, targetId } = entry;
  if (targetId === null) return t('audit.unknown');
  const name = targetId === actor?.id ? t('audit.itself') : names.get(targetId);
  return (
    <>
      {targetType === 'room' ? (
        <Anchor component={Link} size="sm" to={`/all/rooms/${targetId}`}>
          {t('audit.target.room')}
        </Anchor>
      ) : (
        <span dir="auto">{name ?? t(`audit.target.${targetType}`)}</span>
      )}
      {onOnly && (
        <Button display="block" size="compact-xs" variant="subtle" px={0} onClick={onOnly}>
          {t('audit.only')}
        </Button>
      )}
    </>
  );
};

/** Who did what: people, settings, teams, who had which conversation, and what was done to customers. */
export const Audit = (): ReactNode => {
  const { t, i18n } = useTranslation();
  const { filter, set } = useFilter();
  const names = useNames();
  const detailsOf = useDetails(names);
  const { rest } = useDesk().parley;
  // Whoever looks here wants to see what was just done.
  const pages = usePages(['audit', filter], (page) => bodyOf(rest.GET('/api/audit', { params: { query: { ...filter, ...page } } })), {
    ...{ limit: LIMIT, isFresh: true },
  });
  const { items: entries, error, isPending } = pages;
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'medium' });
  const columns = ['when', 'who', 'what', 'target', 'details', 'address'] as const;
  return (
    <Page title={t('settings.audit')} intro={t('audit.intro')}>
      <Filters />
      {isPending && <Loading />}
      {error && <LoadFault onRetry={pages.again} />}
      {!isPending && !error && entries.length === 0 && (
        <Text c="dimmed" role="status">
          {t('audit.empty')}
        </Text>
      )}
      {entries.length > 0 && (
        <Table.ScrollContainer minWidth={820} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
          <Table verticalSpacing="xs" aria-label={t('settings.audit')}>
            <Table.Thead>
              <Table.Tr>
                {columns.map((column) => (
                  <Table.Th key={column}>{t(`audit.${column}`)}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {entries.map((entry) => {
                const { id, at, actor, action, targetId, ip } = entry;
                const only = targetId !== null && filter.targetId === undefined ? () => set('targetId', targetId) : undefined;
                return (
                  <Table.Tr key={id}>
                    <Table.Td>
                      <time dateTime={at}>{time.format(new Date(at))}</time>
                    </Table.Td>
                    <Table.Td>
                      <span dir="auto">{actor ? nameOf(actor, t('somebody')) : t('audit.server')}</span>
                      {actor && (
                        <Text size="xs" c="dimmed">
                          {t(`audit.role.${actor.role}`)}
                        </Text>
                      )}
                    </Table.Td>
                    <Table.Td>{t(`audit.action.${action}`)}</Table.Td>
                    <Table.Td>
                      <Target entry={entry} names={names} onOnly={only} />
                    </Table.Td>
                    <Table.Td className="audit-details">
                      {detailsOf(entry).map((line) => (
                        <div key={line} dir="auto">
                          {line}
                        </div>
                      ))}
                    </Table.Td>
                    <Table.Td>{ip ?? '–'}</Table.Td>
                  </Table.Tr>
                );
              })}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {pages.hasMore && (
        <Button mt="sm" variant="light" loading={pages.isBusy} onClick={pages.more}>
          {t('more')}
        </Button>
      )}
    </Page>
  );
};
