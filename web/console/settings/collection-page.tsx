import { Button, Group, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../dialog.js';
import { Page } from '../page.js';
import { RemoveDialog } from '../confirm-dialog.js';
import { useDraft, type Faults, type FieldFaults } from './draft.js';
import { PagedTable, usePages, type Column, type ReadPage } from './paged-table.js';

/** Things of one kind that an admin makes, changes and removes. */
export interface Collection<Item extends { id: string }, Value extends object> {
  /** Under which it is asked for; everything that begins so is asked for again after a change. */
  key: string;
  read: ReadPage<Item>;
  create: (value: Value) => Promise<unknown>;
  change: (id: string, value: Value) => Promise<unknown>;
  /** Undefined where nothing is removed. */
  remove?: (id: string) => Promise<unknown>;
  /** Where refusals stand that name no field. */
  fieldFaults?: FieldFaults;
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
  /** Of the table, below which it scrolls. */
  minWidth?: number;
}

/** A table of things, with dialogs to make, change and remove one. */
export const CollectionPage = <Item extends { id: string }, Value extends object>(props: CollectionPageProps<Item, Value>): ReactNode => {
  const { title, intro, empty, add, collection, columns, nameOf, actions, minWidth } = props;
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [edited, setEdited] = useState<Item | 'new' | null>(null);
  const [removed, setRemoved] = useState<Item | null>(null);
  const pages = usePages([collection.key, 'pages'], collection.read);
  const again = (): Promise<void> => queries.invalidateQueries({ queryKey: [collection.key] });
  return (
    <Page title={title} intro={intro} actions={<Button onClick={() => setEdited('new')}>{add}</Button>}>
      <PagedTable
        label={title}
        pages={pages}
        empty={empty}
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

interface EditDialogProps<Item extends { id: string }, Value extends object> extends CollectionPageProps<Item, Value> {
  item: Item | null;
  onSaved: () => void;
  onClose: () => void;
}

const EditDialog = <Item extends { id: string }, Value extends object>(props: EditDialogProps<Item, Value>): ReactNode => {
  const { add, collection, nameOf, blank, valueOf, fields, item, onSaved, onClose } = props;
  const { t } = useTranslation();
  const { value, set, faults, isBusy, save } = useDraft(
    item ? valueOf(item) : blank,
    (written) => (item ? collection.change(item.id, written) : collection.create(written)),
    collection.fieldFaults,
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
