import { Alert, Button, Group, Stack, Table, Text } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../confirm-dialog.js';
import { Dialog } from '../dialog.js';
import { Page } from '../page.js';
import { useDraft, type Faults } from './draft.js';
import { Loading } from '../loading.js';

const LIMIT = 100;

/** Things of one kind that an admin makes, changes and removes. */
export interface Collection<Item extends { id: string }, Value extends object> {
  /** Under which it is asked for; everything that begins so is asked for again after a change. */
  key: string;
  read: (page: { limit: number; cursor?: string }) => Promise<{ items: Item[]; nextCursor: string | null }>;
  create: (value: Value) => Promise<unknown>;
  change: (id: string, value: Value) => Promise<unknown>;
  /** Undefined where nothing is removed. */
  remove?: (id: string) => Promise<unknown>;
}

interface Column<Item> {
  label: string;
  cell: (item: Item) => ReactNode;
}

interface CollectionPageProps<Item extends { id: string }, Value extends object> {
  title: string;
  intro: string;
  /** What to say while there is none. */
  empty: string;
  /** What the button says that makes one. */
  add: string;
  collection: Collection<Item, Value>;
  columns: Column<Item>[];
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
  const { title, intro, empty, add, collection, columns, nameOf, actions } = props;
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [edited, setEdited] = useState<Item | 'new' | null>(null);
  const [removed, setRemoved] = useState<Item | null>(null);
  const { data, isPending, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: [collection.key, 'pages'],
    queryFn: ({ pageParam }) => collection.read({ limit: LIMIT, ...(pageParam !== null && { cursor: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const again = (): Promise<void> => queries.invalidateQueries({ queryKey: [collection.key] });
  return (
    <Page title={title} intro={intro} actions={<Button onClick={() => setEdited('new')}>{add}</Button>}>
      {isPending && <Loading />}
      {error && (
        <Alert role="alert" color="red">
          <Text size="sm">{t('listFailed')}</Text>
          <Button size="xs" mt="xs" variant="light" onClick={() => void refetch()}>
            {t('tryAgain')}
          </Button>
        </Alert>
      )}
      {!isPending && !error && items.length === 0 && <Text c="dimmed">{empty}</Text>}
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
        <ConfirmDialog
          title={t('deleteOne', { name: nameOf(removed) })}
          text={t('deleteWarning')}
          action={t('delete')}
          run={async () => {
            await collection.remove?.(removed.id);
            await again();
          }}
          onClose={() => setRemoved(null)}
        />
      )}
    </Page>
  );
};

interface EditDialogProps<Item extends { id: string }, Value extends object> extends CollectionPageProps<Item, Value> {
  item: Item | null;
  onSaved: () => void;
  onClose: () => void;
}

const EditDialog = <Item extends { id: string }, Value extends object>(props: EditDialogProps<Item, Value>): ReactNode => {
  const { add, collection, nameOf, blank, valueOf, fields, item, onSaved, onClose } = props;
  const { t } = useTranslation();
  const { value, set, faults, isBusy, save } = useDraft(item ? valueOf(item) : blank, (written) =>
    item ? collection.change(item.id, written) : collection.create(written),
  );
  const submit = async (): Promise<void> => {
    if (!(await save())) return;
    onSaved();
    onClose();
  };
  return (
    <Dialog opened onClose={onClose} size="lg" title={item ? t('editOne', { name: nameOf(item) }) : add}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack>{fields({ value, set, faults, item })}</Stack>
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={isBusy}>
            {t('save')}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
};
