import { Button, Group, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../page.js';
import { RemoveDialog } from '../confirm-dialog.js';
import type { Faults, FieldFaults } from '../draft.js';
import { EditDialog } from './edit-dialog.js';
import { PagedTable, type Column } from './paged-table.js';
import { usePages, type ReadPage } from '../pages.js';

/** The longest text that lists are searched for. */
const MAX_SEARCH = 200;
const SEARCH_AFTER_MS = 250;

/** Things of one kind that an admin makes, changes and removes. */
export interface Collection<Item extends { id: string }, Value extends object> {
  /** Under which it is asked for; everything that begins so is asked for again after a change. */
  key: string;
  /** `q` is asked for where the page can be searched. */
  read: (page: { limit: number; cursor?: string; q?: string }) => ReturnType<ReadPage<Item>>;
  create: (value: Value) => Promise<unknown>;
  change: (id: string, value: Value) => Promise<unknown>;
  /** Undefined where nothing is removed. */
  remove?: (id: string) => Promise<unknown>;
  /** Where refusals stand that name no field. */
  fieldFaults?: FieldFaults;
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
  /** Of the table, below which it scrolls. */
  minWidth?: number;
}

/** A table of things, with dialogs to make, change and remove one. */
export const CollectionPage = <Item extends { id: string }, Value extends object>(props: CollectionPageProps<Item, Value>): ReactNode => {
  const { title, intro, empty, add, collection, columns, nameOf, actions, minWidth, isSearchable = false } = props;
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [edited, setEdited] = useState<Item | 'new' | null>(null);
  const [removed, setRemoved] = useState<Item | null>(null);
  const [search, setSearch] = useState('');
  const [wanted] = useDebouncedValue(search.trim(), SEARCH_AFTER_MS);
  const pages = usePages([collection.key, 'pages', wanted], (page) => collection.read({ ...page, ...(wanted !== '' && { q: wanted }) }), {
    keepsLast: true,
  });
  const again = (): Promise<void> => queries.invalidateQueries({ queryKey: [collection.key] });
  return (
    <Page title={title} intro={intro} actions={<Button onClick={() => setEdited('new')}>{add}</Button>}>
      {isSearchable && (pages.items.length > 0 || wanted !== '') && (
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
      <PagedTable
        label={title}
        pages={pages}
        empty={wanted === '' ? empty : t('listNothingFound')}
        columns={columns}
        minWidth={minWidth}
        actions={(item) => (
          <Group gap={4} justify="flex-end" wrap="nowrap">
            {actions?.(item)}
            <Button size="compact-sm" variant="subtle" aria-label={t('editOne', { name: nameOf(item) })} onClick={() => setEdited(item)}>
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
        )}
      />
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
