import { Text, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MAX_CODE_LENGTH } from '../../../src/contract/second-factor.js';
import { FormDialog } from '../form-dialog.js';
import { useDraft } from '../draft.js';
import { PasswordField } from './password-field.js';

/** That it is really the person: both things that signing in takes. */
interface Proof {
  password: string;
  code: string;
}

interface ProofDialogProps {
  title: string;
  warning: string;
  action: string;
  color?: string;
  work: (proof: Proof) => Promise<unknown>;
  onClose: () => void;
}

/** Asks for password and code before the second factor is changed. */
export const ProofDialog = ({ title, warning, action, color, work, onClose }: ProofDialogProps): ReactNode => {
  const { t } = useTranslation();
  const { value, set, faults, isBusy, save } = useDraft<Proof>({ password: '', code: '' }, work, {
    // The server does not say which of the two it was.
    'auth.invalid_credentials': ['code', t('security.wrongProof')],
  });
  return (
    <FormDialog title={title} action={action} color={color} isBusy={isBusy} onSubmit={save} onClose={onClose}>
      <Text>{warning}</Text>
      <PasswordField
        label={t('security.password')}
        data-autofocus
        value={value.password}
        error={faults.password}
        onWrite={(password) => set({ password })}
      />
      <TextInput
        label={t('signIn.code')}
        description={t('signIn.codeHint')}
        autoComplete="one-time-code"
        required
        maxLength={MAX_CODE_LENGTH}
        value={value.code}
        error={faults.code}
        onChange={({ currentTarget }) => set({ code: currentTarget.value })}
      />
    </FormDialog>
  );
};
