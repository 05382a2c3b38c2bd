import { Button, Group, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../page.js';
import type { Draft } from './draft.js';

interface SettingsFormProps<Value> {
  title: string;
  intro?: string;
  draft: Draft<Value>;
  children: ReactNode;
}

/** A page of fields that are saved together. */
export const SettingsForm = <Value,>({ title, intro, draft, children }: SettingsFormProps<Value>): ReactNode => {
  const { t } = useTranslation();
  const save = async (): Promise<void> => {
    if (await draft.save()) notifications.show({ message: t('saved') });
  };
  return (
    <Page title={title} intro={intro}>
      <form
        aria-label={title}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack maw={640}>{children}</Stack>
        <Group className="console-save" mt="lg">
          <Button type="submit" loading={draft.isBusy} disabled={!draft.isChanged}>
            {t('save')}
          </Button>
          {draft.isChanged && (
            <Button variant="default" onClick={draft.reset}>
              {t('discardChanges')}
            </Button>
          )}
        </Group>
      </form>
    </Page>
  );
};
