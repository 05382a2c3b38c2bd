import { Alert, Box, Button, Select, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ParleyError } from '@parley/client';
import type { StaffRoom } from '../../../src/contract/room.js';
import { useAsk } from '../ask.js';
import { nameOf, useDesk } from '../desk.js';
import { Dialog } from '../dialog.js';
import { DialogActions } from '../dialog-actions.js';
import { RoomCommands } from '../room/actions.js';
import { useStaff } from './staff.js';

const LIST_HEIGHT = 300;

interface GiveDialogProps {
  room: StaffRoom;
  /** Who is chosen when it opens. */
  first?: string;
  onClose: () => void;
}

/** Gives a room to somebody. Whoever holds all that it may is given more only by an admin who was asked. */
export const GiveDialog = ({ room, first, onClose }: GiveDialogProps): ReactNode => {
  const { t } = useTranslation();
  const { parley, me } = useDesk();
  const { data: staff = [] } = useStaff();
  const [agentId, setAgentId] = useState<string | null>(first ?? null);
  const [isFull, setFull] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const ask = useAsk((error) => {
    const isFullNow = error instanceof ParleyError && error.code === 'agent.at_capacity' && me.role === 'admin';
    if (isFullNow) setFull(true);
    return isFullNow;
  });
  const commands = new RoomCommands(parley, room.id, ask);
  const give = async (isForced: boolean): Promise<void> => {
    setBusy(true);
    const isDone = await commands.assign(agentId, isForced);
    setBusy(false);
    if (isDone) onClose();
  };
  const agent = staff.find(({ id }) => id === agentId);
  const name = agent ? nameOf(agent, t('somebody')) : t('somebody');
  return (
    <Dialog opened onClose={onClose} title={t('supervise.giveTitle', { name: nameOf(room.customer, t('guest')) })}>
      {/* The list of names stands inside. */}
      <Box mih={LIST_HEIGHT}>
        <Select
          comboboxProps={{ withinPortal: false }}
          label={t('transferTo')}
          data={staff
            .filter(({ id, disabled }) => !disabled && id !== room.assignee?.id)
            .map((one) => ({
              value: one.id,
              label: `${nameOf(one, t('somebody'))} · ${t(`presence.${one.presence}`)} · ${one.load}/${one.capacity ?? '∞'}`,
            }))}
          value={agentId}
          onChange={(id) => {
            setAgentId(id);
            setFull(false);
          }}
          searchable
          maxDropdownHeight={220}
          nothingFoundMessage={t('listNothingFound')}
          data-autofocus
        />
        {room.assignee && (
          <Text size="sm" mt="sm" c="dimmed">
            {t('supervise.takenFrom', { name: nameOf(room.assignee, t('somebody')) })}
          </Text>
        )}
        {isFull && (
          <Alert role="alert" color="orange" mt="sm">
            {t('supervise.full', { name, load: agent?.load, capacity: agent?.capacity })}
          </Alert>
        )}
      </Box>
      <DialogActions onClose={onClose}>
        <Button disabled={agentId === null} loading={isBusy} color={isFull ? 'orange' : undefined} onClick={() => void give(isFull)}>
          {t(isFull ? 'supervise.giveAnyway' : 'supervise.giveIt')}
        </Button>
      </DialogActions>
    </Dialog>
  );
};
