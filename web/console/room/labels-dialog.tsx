import { Button, Group, MultiSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import type { StaffRoom } from '../../../src/contract/room.js';
import { useDesk } from '../desk.js';
import { Dialog } from '../dialog.js';
import type { RoomCommands } from './actions.js';

interface LabelsDialogProps {
  isOpen: boolean;
  onClose: () => void;
  room: StaffRoom;
  commands: RoomCommands;
}

/** Which labels are on a room. */
export const LabelsDialog = ({ isOpen, onClose, room, commands }: LabelsDialogProps): ReactNode => {
  const { t } = useTranslation();
  const { parley } = useDesk();
  const [labels, setLabels] = useState(room.labels);
  const { data } = useQuery({
    queryKey: ['labels'],
    queryFn: () => bodyOf(parley.rest.GET('/api/labels', { params: { query: { limit: 100 } } })),
    enabled: isOpen,
  });
  useEffect(() => {
    if (isOpen) setLabels(room.labels);
  }, [isOpen]);
  const save = async (): Promise<void> => {
    if (await commands.change({ labels })) onClose();
  };
  return (
    <Dialog opened={isOpen} onClose={onClose} title={t('action.labels')}>
      <MultiSelect
        comboboxProps={{ withinPortal: false }}
        aria-label={t('action.labels')}
        data={[...new Set([...(data?.items ?? []).map(({ name }) => name), ...labels])]}
        value={labels}
        onChange={setLabels}
        searchable
        nothingFoundMessage={t('listNothingFound')}
        data-autofocus
      />
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button onClick={() => void save()}>{t('save')}</Button>
      </Group>
    </Dialog>
  );
};
