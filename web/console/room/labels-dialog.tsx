import { Button, MultiSelect } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { StaffRoom } from '../../../src/contract/room.js';
import { useLabels } from '../directory.js';
import { Dialog } from '../dialog.js';
import { DialogActions } from '../dialog-actions.js';
import type { RoomCommands } from './actions.js';

interface LabelsDialogProps {
  onClose: () => void;
  room: StaffRoom;
  commands: RoomCommands;
}

/** Which labels are on a room. */
const LabelsDialog = ({ onClose, room, commands }: LabelsDialogProps): ReactNode => {
  const { t } = useTranslation();
  const [labels, setLabels] = useState(room.labels);
  const known = useLabels(true);
  const save = async (): Promise<void> => {
    if (await commands.change({ labels })) onClose();
  };
  return (
    <Dialog opened onClose={onClose} title={t('action.labels')}>
      <MultiSelect
        comboboxProps={{ withinPortal: false }}
        aria-label={t('action.labels')}
        data={[...new Set([...known.map(({ name }) => name), ...labels])]}
        value={labels}
        onChange={setLabels}
        searchable
        nothingFoundMessage={t('listNothingFound')}
        data-autofocus
      />
      <DialogActions onClose={onClose}>
        <Button onClick={() => void save()}>{t('save')}</Button>
      </DialogActions>
    </Dialog>
  );
};

export default LabelsDialog;
