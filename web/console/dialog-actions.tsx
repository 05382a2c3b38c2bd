import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface DialogActionsProps {
  onClose: () => void;
  /** Whether the way out has the focus first. */
  isCautious?: boolean;
  /** The button that does it. */
  children: ReactNode;
}

/** The end of a dialog: the way out, and what it is there for. */
export const DialogActions = ({ onClose, isCautious = false, children }: DialogActionsProps): ReactNode => {
  const { t } = useTranslation();
  return (
    <Group justify="flex-end" mt="md">
      <Button variant="default" onClick={onClose} data-autofocus={isCautious || undefined}>
        {t('cancel')}
      </Button>
      {children}
    </Group>
  );
};
