import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../../../src/contract/session.js';

interface PasswordFieldProps extends Pick<PasswordInputProps, 'label' | 'error'> {
  'data-autofocus'?: boolean;
  /** Whether it is chosen here; else it is the one that is in use. */
  isNew?: boolean;
  value: string;
  onWrite: (password: string) => void;
}

/** A password that one has, or one that is chosen now. */
export const PasswordField = ({ isNew = false, onWrite, ...input }: PasswordFieldProps): ReactNode => {
  const { t } = useTranslation();
  return (
    <PasswordInput
      {...input}
      description={isNew ? t('profile.newPasswordHint', { count: MIN_PASSWORD_LENGTH }) : undefined}
      autoComplete={isNew ? 'new-password' : 'current-password'}
      required
      maxLength={MAX_PASSWORD_LENGTH}
      onChange={({ currentTarget }) => onWrite(currentTarget.value)}
    />
  );
};
