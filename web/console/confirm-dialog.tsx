import { Button, Group, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAsk } from './ask.js';
import { Dialog } from './dialog.js';

interface ConfirmDialogProps {
  title: string;
  /** What will be gone. */
  text: string;
  /** What the button says. */
  action: string;
  run: () => Promise<unknown>;
  onDone?: () => void;
  onClose: () => void;
}

/** Asks before something is done that cannot be undone; stays open where it was refused. */
export const ConfirmDialog = ({ title, text, action, run, onDone, onClose }: ConfirmDialogProps): ReactNode => {
  const { t } = useTranslation();
  const ask = useAsk();
  const [isBusy, setBusy] = useState(false);
  const confirm = async (): Promise<void> => {
    setBusy(true);
    const isDone = await ask(run);
    setBusy(false);
    if (!isDone) return;
    onClose();
    onDone?.();
  };
  return (
    <Dialog opened onClose={onClose} title={title}>
      <Text>{text}</Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('cancel')}
        </Button>
        <Button color="red" loading={isBusy} onClick={() => void confirm()}>
          {action}
        </Button>
      </Group>
    </Dialog>
  );
};
