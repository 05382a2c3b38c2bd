import { Button, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAsk } from './ask.js';
import { Dialog } from './dialog.js';
import { DialogActions } from './dialog-actions.js';

interface ConfirmDialogProps {
  title: string;
  /** What will come of it. */
  warning: ReactNode;
  /** What the button says that does it. */
  action: string;
  work: () => Promise<unknown>;
  onDone?: () => void;
  onClose: () => void;
}

/** Asks before something is done that others feel or that cannot be undone. It stays open when it is refused. */
export const ConfirmDialog = ({ title, warning, action, work, onDone, onClose }: ConfirmDialogProps): ReactNode => {
  const ask = useAsk();
  const [isBusy, setBusy] = useState(false);
  const confirm = async (): Promise<void> => {
    setBusy(true);
    const isDone = await ask(work);
    setBusy(false);
    if (!isDone) return;
    onClose();
    onDone?.();
  };
  return (
    <Dialog opened onClose={onClose} title={title}>
      <Text>{warning}</Text>
      <DialogActions onClose={onClose} isCautious>
        <Button color="red" loading={isBusy} onClick={() => void confirm()}>
          {action}
        </Button>
      </DialogActions>
    </Dialog>
  );
};

interface RemoveDialogProps {
  name: string;
  remove: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks before something is gone. */
export const RemoveDialog = ({ name, remove, onClose }: RemoveDialogProps): ReactNode => {
  const { t } = useTranslation();
  return (
    <ConfirmDialog title={t('deleteOne', { name })} warning={t('deleteWarning')} action={t('delete')} work={remove} onClose={onClose} />
  );
};
