import { Button, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LoadFault } from '../load-fault.js';
import { Loading } from '../loading.js';
import type { Pages } from '../pages.js';

export interface Column<Item> {
  label: string;
  cell: (item: Item) => ReactNode;
}

interface PagedTableProps<Item> {
  label: string;
  pages: Pages<Item>;
  /** What to say while there is none. */
  empty: ReactNode;
  columns: Column<Item>[];
  /** What can be done with one, at the end of its row. */
  actions?: (item: Item) => ReactNode;
  minWidth?: number;
}

/** A table of things that are read page by page; it scrolls sideways where it is too wide. */
export const PagedTable = <Item extends { id: string }>(props: PagedTableProps<Item>): ReactNode => {
  const { label, pages, empty, columns, actions, minWidth = 480 } = props;
  const { t } = useTranslation();
  const { items, isPending, error } = pages;
  return (
    <>
      {isPending && <Loading />}
      {error && <LoadFault onRetry={pages.again} />}
      {!isPending && !error && items.length === 0 && (typeof empty === 'string' ? <Text c="dimmed">{empty}</Text> : empty)}
      {items.length > 0 && (
        <Table.ScrollContainer minWidth={minWidth} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
          <Table verticalSpacing="xs" aria-label={label}>
            <Table.Thead>
              <Table.Tr>
                {columns.map((column) => (
                  <Table.Th key={column.label}>{column.label}</Table.Th>
                ))}
                {actions && (
                  <Table.Th>
                    <span className="unseen">{t('actions')}</span>
                  </Table.Th>
                )}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((item) => (
                <Table.Tr key={item.id}>
                  {columns.map(({ label: name, cell }) => (
                    <Table.Td key={name}>{cell(item)}</Table.Td>
                  ))}
                  {actions && <Table.Td>{actions(item)}</Table.Td>}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {pages.hasMore && (
        <Button mt="sm" variant="light" loading={pages.isBusy} onClick={pages.more}>
          {t('more')}
        </Button>
      )}
    </>
  );
};
