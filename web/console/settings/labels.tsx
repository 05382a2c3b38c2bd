import { ColorInput, ColorSwatch, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import { MAX_LABEL_NAME, type Label } from '../../../src/contract/label.js';
import { useDesk } from '../desk.js';
import { CollectionPage, type Collection } from './collection-page.js';

type Value = Pick<Label, 'name' | 'color'>;

/** The labels of the business. */
export const Labels = (): ReactNode => {
  const { t } = useTranslation();
  const { rest } = useDesk().parley;
  const collection: Collection<Label, Value> = {
    key: 'labels',
    read: (query) => bodyOf(rest.GET('/api/labels', { params: { query } })),
    create: (body) => bodyOf(rest.POST('/api/labels', { body })),
    change: (id, body) => bodyOf(rest.PATCH('/api/labels/{id}', { params: { path: { id } }, body })),
    remove: (id) => bodyOf(rest.DELETE('/api/labels/{id}', { params: { path: { id } } })),
  };
  return (
    <CollectionPage
      title={t('settings.labels')}
      intro={t('labels.intro')}
      empty={t('labels.empty')}
      add={t('labels.add')}
      collection={collection}
      nameOf={({ name }) => name}
      blank={{ name: '', color: null }}
      valueOf={({ name, color }) => ({ name, color })}
      columns={[
        { label: t('name'), cell: ({ name }) => <span dir="auto">{name}</span> },
        { label: t('color'), cell: ({ color }) => color !== null && <ColorSwatch color={color} size={18} /> },
      ]}
      fields={({ value, set, faults }) => (
        <>
          <TextInput
            label={t('name')}
            required
            maxLength={MAX_LABEL_NAME}
            data-autofocus
            value={value.name}
            error={faults.name}
            onChange={({ currentTarget }) => set({ name: currentTarget.value })}
          />
          <ColorInput
            label={t('color')}
            eyeDropperButtonProps={{ 'aria-label': t('pickColor') }}
            popoverProps={{ withinPortal: false }}
            value={value.color ?? ''}
            error={faults.color}
            onChange={(color) => set({ color: color === '' ? null : color })}
          />
        </>
      )}
    />
  );
};
