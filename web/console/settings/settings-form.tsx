import { Button, Group, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../page.js';
import type { Draft } from './draft.js';

interface SettingsFormProps<Value> {
  title: string;
  intro?: string;
  draft: Draft<Value>;
  /** What shows the outcome while it is written. */
  beside?: ReactNode;
  /** What belongs to the page and is not saved with the fields. */
  after?: ReactNode;
  children: ReactNode;
}

/** A page of fields that are saved together. */
export const SettingsForm = <Value,>({ title, intro, draft, beside, after, children }: SettingsFormProps<Value>): ReactNode => {
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  const save = async (): Promise<void> => {
    if (await draft.save()) notifications.show({ message: t('saved') });
    // Once the faults stand at their fields.
    else requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
  };
  return (
    <Page title={title} intro={intro}>
      <div className="settings-columns">
        <form
          ref={form}
          aria-label={title}
          noValidate
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
        {beside}
      </div>
      {after}
    </Page>
  );
};
