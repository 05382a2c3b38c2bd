import { Switch, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { bodyOf } from '@parley/client';
import type { SavedView } from '../../../src/contract/inbox.js';
import { useAsk } from '../ask.js';
import { useDesk } from '../desk.js';
import { FormDialog } from '../form-dialog.js';
import type { Wanted } from './room-lists.js';

interface SaveViewDialogProps {
  /** What is kept. */
  wanted: Wanted;
  /** The one whose name is changed. */
  view?: SavedView;
  onClose: () => void;
}

/** Keeps a list under a name, for oneself or, by an admin, for all staff. */
export const SaveViewDialog = ({ wanted: { filter, sort }, view, onClose }: SaveViewDialogProps): ReactNode => {
  const { t } = useTranslation();
  const { parley, me } = useDesk();
  const ask = useAsk();
  const go = useNavigate();
  const queries = useQueryClient();
  const [name, setName] = useState(view?.name ?? '');
  const [shared, setShared] = useState(view?.shared ?? false);
  const isAdmin = me.role === 'admin';
  const save = async (): Promise<void> => {
    const body = { name: name.trim(), ...(isAdmin && { shared }) };
    const isDone = await ask(async () => {
      const saved = view
        ? await bodyOf(parley.rest.PATCH('/api/views/{id}', { params: { path: { id: view.id } }, body }))
        : await bodyOf(parley.rest.POST('/api/views', { body: { ...body, filter, sort } }));
      await queries.invalidateQueries({ predicate: ({ queryKey: [first] }) => first === 'views' || first === 'view' });
      void go(`/saved/${saved.id}`);
    });
    if (isDone) onClose();
  };
  return (
    <FormDialog title={t(view ? 'renameView' : 'saveView')} isEmpty={name.trim() === ''} onSubmit={save} onClose={onClose}>
      <TextInput
        label={t('name')}
        required
        maxLength={60}
        data-autofocus
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      {isAdmin && <Switch label={t('viewForAll')} checked={shared} onChange={({ currentTarget }) => setShared(currentTarget.checked)} />}
    </FormDialog>
  );
};
