import { Text, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import { MAX_SHORTCUT, REPLY_VARIABLES, type CannedReply } from '../../../src/contract/canned-reply.js';
import { MAX_BODY_LENGTH } from '../../../src/contract/message.js';
import { useDesk } from '../desk.js';
import { useBusiness } from '../business.js';
import { CollectionPage, type Collection } from './collection-page.js';
import { useSamples } from './samples.js';
import { TemplateField } from './template-field.js';

type Value = Pick<CannedReply, 'shortcut' | 'body'>;

/** What staff write again and again. */
export const CannedReplies = (): ReactNode => {
  const { t } = useTranslation();
  const { rest } = useDesk().parley;
  const { business } = useBusiness();
  const samples = useSamples(REPLY_VARIABLES, business?.name ?? '');
  const collection: Collection<CannedReply, Value> = {
    key: 'canned-replies',
    read: (query) => bodyOf(rest.GET('/api/canned-replies', { params: { query } })),
    create: (body) => bodyOf(rest.POST('/api/canned-replies', { body })),
    change: (id, body) => bodyOf(rest.PATCH('/api/canned-replies/{id}', { params: { path: { id } }, body })),
    remove: (id) => bodyOf(rest.DELETE('/api/canned-replies/{id}', { params: { path: { id } } })),
  };
  return (
    <CollectionPage
      title={t('settings.canned-replies')}
      intro={t('cannedReplies.intro')}
      empty={t('cannedReplies.empty')}
      add={t('cannedReplies.add')}
      collection={collection}
      isSearchable
      nameOf={({ shortcut }) => `/${shortcut}`}
      blank={{ shortcut: '', body: '' }}
      valueOf={({ shortcut, body }) => ({ shortcut, body })}
      columns={[
        { label: t('cannedReplies.shortcut'), cell: ({ shortcut }) => <code>/{shortcut}</code> },
        {
          label: t('cannedReplies.body'),
          cell: ({ body }) => (
            <Text size="sm" lineClamp={2} dir="auto">
              {body}
            </Text>
          ),
        },
      ]}
      fields={({ value, set, faults }) => (
        <>
          <TextInput
            label={t('cannedReplies.shortcut')}
            description={t('cannedReplies.shortcutHint')}
            leftSection="/"
            required
            maxLength={MAX_SHORTCUT}
            data-autofocus
            value={value.shortcut}
            error={faults.shortcut}
            onChange={({ currentTarget }) => set({ shortcut: currentTarget.value })}
          />
          <TemplateField
            label={t('cannedReplies.body')}
            description={t('cannedReplies.bodyHint', { example: '{{customer.name|there}}' })}
            required
            maxLength={MAX_BODY_LENGTH}
            samples={samples}
            value={value.body}
            error={faults.body}
            onChange={(body) => set({ body })}
          />
        </>
      )}
    />
  );
};
