import { Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import { useDesk } from '../desk.js';
import { useDraft } from '../draft.js';
import { PasswordField } from './password-field.js';
import { DraftForm } from './settings-form.js';

const EMPTY = { currentPassword: '', newPassword: '' };

const Form = ({ onDone }: { onDone: () => void }): ReactNode => {
  const { t } = useTranslation();
  const { parley } = useDesk();
  const change = async (body: typeof EMPTY): Promise<void> => {
    // The server ends all sessions, this one's socket included, and answers with a new session.
    parley.connection.close();
    try {
      await parley.enter(bodyOf(parley.rest.POST('/api/auth/password', { body })));
    } finally {
      parley.connect();
    }
  };
  const draft = useDraft(EMPTY, change, {
    'auth.invalid_credentials': ['currentPassword', t('security.wrongPassword')],
    'auth.password_weak': ['newPassword', t('refused.auth.password_weak')],
  });
  const { value, set, faults } = draft;
  return (
    <DraftForm title={t('profile.password')} draft={draft} action={t('profile.changePassword')} onSaved={onDone}>
      <Text size="sm" c="dimmed">
        {t('profile.passwordEnds')}
      </Text>
      <PasswordField
        label={t('profile.currentPassword')}
        value={value.currentPassword}
        error={faults.currentPassword}
        onWrite={(currentPassword) => set({ currentPassword })}
      />
      <PasswordField
        isNew
        label={t('profile.newPassword')}
        value={value.newPassword}
        error={faults.newPassword}
        onWrite={(newPassword) => set({ newPassword })}
      />
    </DraftForm>
  );
};

/** Another password; afterwards the form is empty again. */
export const PasswordForm = (): ReactNode => {
  const [times, setTimes] = useState(0);
  return <Form key={times} onDone={() => setTimes(times + 1)} />;
};
