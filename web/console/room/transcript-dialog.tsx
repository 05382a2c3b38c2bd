import { Button, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { StaffRoom } from '../../../src/contract/room.js';
import { nameOf } from '../desk.js';
import { Dialog } from '../dialog.js';
import { TRANSCRIPTS, type RoomCommands } from './actions.js';

interface TranscriptDialogProps {
  room: StaffRoom;
  commands: RoomCommands;
  onClose: () => void;
}

/** As what kind of file the reader gets what was said. */
const TranscriptDialog = ({ room, commands, onClose }: TranscriptDialogProps): ReactNode => {
  const { t } = useTranslation();
  const name = `${nameOf(room.customer, t('guest'))} ${room.createdAt.slice(0, 10)}`;
  const give = async (format: (typeof TRANSCRIPTS)[number]): Promise<void> => {
    if (await commands.transcript(format, name)) onClose();
  };
  return (
    <Dialog opened onClose={onClose} title={t('action.transcript')}>
      <Stack gap="xs">
        {TRANSCRIPTS.map((format) => (
          <Button key={format} variant="default" onClick={() => void give(format)}>
            {t(`transcript.${format}`)}
          </Button>
        ))}
      </Stack>
    </Dialog>
  );
};

export default TranscriptDialog;
