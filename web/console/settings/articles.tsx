import { Badge, Switch, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import { MAX_ARTICLE_LENGTH, MAX_TITLE_LENGTH, type Article } from '../../../src/contract/article.js';
import { useDesk } from '../desk.js';
import { CollectionPage, type Collection } from './collection-page.js';

type Value = Pick<Article, 'title' | 'body' | 'public'>;

/** What the business knows, written down once. */
export const Articles = (): ReactNode => {
  const { t, i18n } = useTranslation();
  const { rest } = useDesk().parley;
  const date = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium' });
  const collection: Collection<Article, Value> = {
    key: 'articles',
    read: (query) => bodyOf(rest.GET('/api/articles', { params: { query } })),
    create: (body) => bodyOf(rest.POST('/api/articles', { body })),
    change: (id, body) => bodyOf(rest.PATCH('/api/articles/{id}', { params: { path: { id } }, body })),
    remove: (id) => bodyOf(rest.DELETE('/api/articles/{id}', { params: { path: { id } } })),
  };
  return (
    <CollectionPage
      title={t('settings.articles')}
      intro={t('articles.intro')}
      empty={t('articles.empty')}
      add={t('articles.add')}
      collection={collection}
      isSearchable
      nameOf={({ title }) => title}
      blank={{ title: '', body: '', public: true }}
      valueOf={({ title, body, public: isPublic }) => ({ title, body, public: isPublic })}
      columns={[
        { label: t('articles.title'), cell: ({ title }) => <bdi>{title}</bdi> },
        {
          label: t('articles.for'),
          cell: ({ public: isPublic }) => (
            <Badge variant={isPublic ? 'light' : 'default'}>{t(isPublic ? 'articles.public' : 'articles.internal')}</Badge>
          ),
        },
        { label: t('articles.changed'), cell: ({ updatedAt }) => date.format(new Date(updatedAt)) },
      ]}
      fields={({ value, set, faults }) => (
        <>
          <TextInput
            label={t('articles.title')}
            description={t('articles.titleHint')}
            required
            maxLength={MAX_TITLE_LENGTH}
            data-autofocus
            dir="auto"
            value={value.title}
            error={faults.title}
            onChange={({ currentTarget }) => set({ title: currentTarget.value })}
          />
          <Textarea
            label={t('articles.body')}
            description={t('articles.bodyHint')}
            required
            autosize
            minRows={6}
            maxRows={16}
            maxLength={MAX_ARTICLE_LENGTH}
            dir="auto"
            value={value.body}
            error={faults.body}
            onChange={({ currentTarget }) => set({ body: currentTarget.value })}
          />
          <Switch
            label={t('articles.isPublic')}
            description={t('articles.isPublicHint')}
            checked={value.public}
            onChange={({ currentTarget }) => set({ public: currentTarget.checked })}
          />
        </>
      )}
    />
  );
};
