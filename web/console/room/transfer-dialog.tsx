import { Button, Select, Textarea } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { nameOf } from '../desk.js';
import { useAgents, useTeams } from '../directory.js';
import { Dialog } from '../dialog.js';
import { DialogActions } from '../dialog-actions.js';
import type { RoomCommands } from './actions.js';

/** Gives a room to a colleague or a team, with a word about it. */
const TransferDialog = ({ onClose, commands }: { onClose: () => void; commands: RoomCommands }): ReactNode => {
  const { t } = useTranslation();
  const [to, setTo] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const agents = useAgents(true);
  const teams = useTeams(true);
  const data = [
    {
      group: t('colleagues'),
      items: agents
        .filter(({ disabled }) => !disabled)
        .map((agent) => ({
          value: `agent ${agent.id}`,
          label: `${nameOf(agent, t('somebody'))} · ${t(`presence.${agent.presence}`)} · ${agent.load}/${agent.capacity ?? '∞'}`,
        })),
    },
    { group: t('teams'), items: teams.map(({ id, name }) => ({ value: `team ${id}`, label: name })) },
  ];
  const send = async (): Promise<void> => {
    const [kind, id = ''] = (to ?? '').split(' ');
    if (await commands.transfer(kind === 'team' ? { teamId: id } : { agentId: id }, note)) onClose();
  };
  return (
    <Dialog opened onClose={onClose} title={t('action.transfer')}>
      <Select
        comboboxProps={{ withinPortal: false }}
        label={t('transferTo')}
        data={data}
        value={to}
        onChange={setTo}
        searchable
        data-autofocus
      />
      <Textarea
        label={t('transferNote')}
        description={t('noteHint')}
        autosize
        minRows={2}
        mt="sm"
        value={note}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
      />
      <DialogActions onClose={onClose}>
        <Button disabled={to === null} onClick={() => void send()}>
          {t('action.transfer')}
        </Button>
      </DialogActions>
    </Dialog>
  );
};

export default TransferDialog;
