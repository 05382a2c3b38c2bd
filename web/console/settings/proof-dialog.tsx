import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MAX_CODE_LENGTH } from '../../../src/contract/second-factor.js';
import { MAX_PASSWORD_LENGTH } from '../../../src/contract/session.js';
import { Dialog } from '../dialog.js';
import { useDraft } from './draft.js';

/** That it is really the person: both things that signing in takes. */
export interface Proof {
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
    <Dialog opened onClose={onClose} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack>
          <Text>{warning}</Text>
          <PasswordInput
            label={t('security.password')}
            autoComplete="current-password"
            required
            data-autofocus
            maxLength={MAX_PASSWORD_LENGTH}
            value={value.password}
            error={faults.password}
            onChange={({ currentTarget }) => set({ password: currentTarget.value })}
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
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" color={color} loading={isBusy}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
};
