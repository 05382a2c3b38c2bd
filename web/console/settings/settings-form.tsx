import { Button, Group, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLeaveGuard } from '../leaving.js';
import { Page } from '../page.js';
import type { Draft } from '../draft.js';

interface DraftFormProps<Value> {
  title: string;
  draft: Draft<Value>;
  /** What the button says that saves it, where that is not "save". */
  action?: string;
  /** It can be saved as it is: there is nothing yet that it would change. */
  isNew?: boolean;
  /** Once it was saved. */
  onSaved?: () => void;
  children: ReactNode;
}

/** Fields that are saved together. */
export const DraftForm = <Value,>({ title, draft, action, isNew = false, onSaved, children }: DraftFormProps<Value>): ReactNode => {
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  const mayLeave = useLeaveGuard(draft.isChanged);
  const save = async (): Promise<void> => {
    if (await draft.save()) {
      notifications.show({ message: t('saved') });
      mayLeave();
      onSaved?.();
    }
    // Once the faults stand at their fields.
    else requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
  };
  return (
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
        <Button type="submit" loading={draft.isBusy} disabled={!draft.isChanged && !isNew}>
          {action ?? t('save')}
        </Button>
        {draft.isChanged && (
          <Button variant="default" onClick={draft.reset}>
            {t('discardChanges')}
          </Button>
        )}
      </Group>
    </form>
  );
};

interface SettingsFormProps<Value> extends DraftFormProps<Value> {
  intro?: string;
  /** What shows the outcome while it is written. */
  beside?: ReactNode;
  /** What belongs to the page and is not saved with the fields. */
  after?: ReactNode;
}

/** A page of fields that are saved together. */
export const SettingsForm = <Value,>({ intro, beside, after, ...form }: SettingsFormProps<Value>): ReactNode => (
  <Page title={form.title} intro={intro}>
    <div className="settings-columns">
      <DraftForm {...form} />
      {beside}
    </div>
    {after}
  </Page>
);
