import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '../form-dialog.js';
import type { CollectionPageProps } from './collection-page.js';
import { useDraft } from '../draft.js';

interface EditDialogProps<Item extends { id: string }, Value extends object> extends CollectionPageProps<Item, Value> {
  item: Item | null;
  onSaved: () => void;
  onClose: () => void;
}

/** Makes one, or changes one. */
export const EditDialog = <Item extends { id: string }, Value extends object>(props: EditDialogProps<Item, Value>): ReactNode => {
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
    <FormDialog title={item ? t('editOne', { name: nameOf(item) }) : add} size="lg" isBusy={isBusy} onSubmit={submit} onClose={onClose}>
      {fields({ value, set, faults, item })}
    </FormDialog>
  );
};
