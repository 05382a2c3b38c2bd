import { Button, Group, Loader, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAsk } from '../ask.js';
import { Dialog } from '../dialog.js';
import { LoadFault } from '../load-fault.js';
import { Page } from '../page.js';
import type { Faults } from './draft.js';
import { EditDialog } from './edit-dialog.js';

const LIMIT = 100;
/** The longest text that lists are searched for. */
const MAX_SEARCH = 200;
const SEARCH_AFTER_MS = 250;

/** Things of one kind that an admin makes, changes and removes. */
export interface Collection<Item extends { id: string }, Value extends object> {
  /** Under which it is asked for; everything that begins so is asked for again after a change. */
  key: string;
  /** `q` is asked for where the page can be searched. */
  read: (page: { limit: number; cursor?: string; q?: string }) => Promise<{ items: Item[]; nextCursor: string | null }>;
  create: (value: Value) => Promise<unknown>;
  change: (id: string, value: Value) => Promise<unknown>;
  /** Undefined where nothing is removed. */
  remove?: (id: string) => Promise<unknown>;
}

interface Column<Item> {
  label: string;
  cell: (item: Item) => ReactNode;
}

export interface CollectionPageProps<Item extends { id: string }, Value extends object> {
  title: string;
  intro: string;
  /** What to say while there is none. */
  empty: string;
  /** What the button says that makes one. */
  add: string;
  collection: Collection<Item, Value>;
  columns: Column<Item>[];
  /** Whether the API looks for `q` in them. */
  isSearchable?: boolean;
  nameOf: (item: Item) => string;
  /** What a new one begins with. */
  blank: Value;
  /** What an existing one begins with. */
  valueOf: (item: Item) => Value;
  /** Its fields; `item` is null for a new one. */
  fields: (form: { value: Value; set: (change: Partial<Value>) => void; faults: Faults; item: Item | null }) => ReactNode;
  /** What else can be done with one. */
  actions?: (item: Item) => ReactNode;
}

/** A table of things, with dialogs to make, change and remove one. */
export const CollectionPage = <Item extends { id: string }, Value extends object>(props: CollectionPageProps<Item, Value>): ReactNode => {
  const { title, intro, empty, add, collection, columns, isSearchable = false, nameOf, actions } = props;
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [edited, setEdited] = useState<Item | 'new' | null>(null);
  const [removed, setRemoved] = useState<Item | null>(null);
  const [search, setSearch] = useState('');
  const [wanted] = useDebouncedValue(search.trim(), SEARCH_AFTER_MS);
  const { data, isPending, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: [collection.key, 'pages', wanted],
    queryFn: ({ pageParam }) =>
      collection.read({ limit: LIMIT, ...(pageParam !== null && { cursor: pageParam }), ...(wanted !== '' && { q: wanted }) }),
    placeholderData: keepPreviousData,
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const again = (): Promise<void> => queries.invalidateQueries({ queryKey: [collection.key] });
  return (
    <Page title={title} intro={intro} actions={<Button onClick={() => setEdited('new')}>{add}</Button>}>
      {isSearchable && (items.length > 0 || wanted !== '') && (
        <TextInput
          type="search"
          aria-label={t('search')}
          placeholder={t('search')}
          maw={320}
          mb="sm"
          maxLength={MAX_SEARCH}
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
        />
      )}
      {isPending && <Loader aria-label={t('loading')} />}
      {error && <LoadFault onRetry={() => void refetch()} />}
      {!isPending && !error && items.length === 0 && <Text c="dimmed">{wanted === '' ? empty : t('listNothingFound')}</Text>}
      {items.length > 0 && (
        <Table.ScrollContainer minWidth={480} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
          <Table verticalSpacing="xs" aria-label={title}>
            <Table.Thead>
              <Table.Tr>
                {columns.map(({ label }) => (
                  <Table.Th key={label}>{label}</Table.Th>
                ))}
                <Table.Th>
                  <span className="unseen">{t('actions')}</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((item) => (
                <Table.Tr key={item.id}>
                  {columns.map(({ label, cell }) => (
                    <Table.Td key={label}>{cell(item)}</Table.Td>
                  ))}
                  <Table.Td>
                    <Group gap={4} justify="flex-end" wrap="nowrap">
                      {actions?.(item)}
                      <Button
                        size="compact-sm"
                        variant="subtle"
                        aria-label={t('editOne', { name: nameOf(item) })}
                        onClick={() => setEdited(item)}
                      >
                        {t('edit')}
                      </Button>
                      {collection.remove && (
                        <Button
                          size="compact-sm"
                          variant="subtle"
                          color="red"
                          aria-label={t('deleteOne', { name: nameOf(item) })}
                          onClick={() => setRemoved(item)}
                        >
                          {t('delete')}
                        </Button>
                      )}
                    </Group>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {hasNextPage && (
        <Button mt="sm" variant="light" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('more')}
        </Button>
      )}
      {edited !== null && (
        <EditDialog {...props} item={edited === 'new' ? null : edited} onSaved={() => void again()} onClose={() => setEdited(null)} />
      )}
      {removed && (
        <RemoveDialog
          name={nameOf(removed)}
          remove={async () => {
            await collection.remove?.(removed.id);
            await again();
          }}
          onClose={() => setRemoved(null)}
        />
      )}
    </Page>
  );
};

/** Asks before something is gone. */
export const RemoveDialog = ({
  name,
  remove,
  onClose,
}: {
  name: string;
  remove: () => Promise<unknown>;
  onClose: () => void;
}): ReactNode => {
  const { t } = useTranslation();
  const ask = useAsk();
  const [isBusy, setBusy] = useState(false);
  const confirm = async (): Promise<void> => {
    setBusy(true);
    const isDone = await ask(remove);
    setBusy(false);
    if (isDone) onClose();
  };
  return (
    <Dialog opened onClose={onClose} title={t('deleteOne', { name })}>
      <Text>{t('deleteWarning')}</Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('cancel')}
        </Button>
        <Button color="red" loading={isBusy} onClick={() => void confirm()}>
          {t('delete')}
        </Button>
      </Group>
    </Dialog>
  );
};
