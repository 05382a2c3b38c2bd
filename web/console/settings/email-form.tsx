import { Badge, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import type { AgentMe } from '../../../src/contract/user.js';
import { useDesk } from '../desk.js';
import { useDraft } from '../draft.js';
import { PasswordField } from './password-field.js';
import { DraftForm } from './settings-form.js';

/** The address to sign in with: where a forgotten password goes, so that another one takes the present password. */
export const EmailForm = (): ReactNode => {
  const { t } = useTranslation();
  const { parley, me, setMe } = useDesk();
  const draft = useDraft(
    { email: me.email ?? '', currentPassword: '' },
    async (body) => setMe((await bodyOf(parley.rest.PATCH('/api/auth/me', { body }))) as AgentMe),
    {
      'auth.email_taken': ['email', t('refused.auth.email_taken')],
      'auth.invalid_credentials': ['currentPassword', t('security.wrongPassword')],
    },
  );
  const { value, set, faults } = draft;
  return (
    <DraftForm title={t('profile.email')} draft={draft}>
      <TextInput
        label={t('signIn.email')}
        description={t('profile.emailHint')}
        type="email"
        autoComplete="email"
        required
        value={value.email}
        error={faults.email}
        rightSection={me.verified && !draft.isChanged ? <Badge color="green">{t('verified')}</Badge> : undefined}
        rightSectionWidth={100}
        onChange={({ currentTarget }) => set({ email: currentTarget.value })}
      />
      {draft.isChanged && (
        <PasswordField
          label={t('profile.currentPassword')}
          value={value.currentPassword}
          error={faults.currentPassword}
          onWrite={(currentPassword) => set({ currentPassword })}
        />
      )}
    </DraftForm>
  );
};
