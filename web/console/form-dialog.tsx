import { Button, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from './dialog.js';
import { DialogActions } from './dialog-actions.js';

interface FormDialogProps {
  title: string;
  size?: 'lg';
  /** What its button says; to save. */
  action?: string;
  color?: string;
  isBusy?: boolean;
  /** Whether there is nothing yet that could be sent. */
  isEmpty?: boolean;
  onSubmit: () => Promise<unknown>;
  onClose: () => void;
  /** The fields. */
  children: ReactNode;
}

/** A dialog with a form in it, which Enter sends. */
export const FormDialog = ({ title, size, action, color, isBusy, isEmpty, onSubmit, onClose, children }: FormDialogProps): ReactNode => {
  const { t } = useTranslation();
  return (
    <Dialog opened onClose={onClose} title={title} size={size}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void onSubmit();
        }}
      >
        <Stack gap="sm">{children}</Stack>
        <DialogActions onClose={onClose}>
          <Button type="submit" color={color} loading={isBusy} disabled={isEmpty}>
            {action ?? t('save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
};
