import { TextInput } from '@mantine/core';
import { useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import type { StaffRoom } from '../../../src/contract/room.js';
import { useDesk } from '../desk.js';
import { useDraft } from '../draft.js';
import { FormDialog } from '../form-dialog.js';
import { morning } from './actions.js';

const MINUTE_MS = 60_000;

/** As the field for date and time takes it: `2026-12-24T09:00`, by the clock of whoever looks at it. */
const localOf = (date: Date): string => new Date(date.getTime() - date.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16);

/** Until when a room sleeps that nobody needs to answer before. */
const SnoozeDialog = ({ room, onClose }: { room: StaffRoom; onClose: () => void }): ReactNode => {
  const { t } = useTranslation();
  const { parley } = useDesk();
  const first = useRef({ until: localOf(room.snoozedUntil === null ? morning(1) : new Date(room.snoozedUntil)) });
  const { value, set, faults, isBusy, save } = useDraft(first.current, ({ until }) => {
    const body = { status: 'snoozed' as const, snoozedUntil: new Date(until).toISOString() };
    return bodyOf(parley.rest.PATCH('/api/rooms/{roomId}', { params: { path: { roomId: room.id } }, body }));
  });
  const submit = async (): Promise<void> => {
    if (await save()) onClose();
  };
  return (
    <FormDialog title={t('snooze')} action={t('snooze')} isBusy={isBusy} isEmpty={value.until === ''} onSubmit={submit} onClose={onClose}>
      <TextInput
        type="datetime-local"
        label={t('snooze.until')}
        description={t('snooze.hint')}
        required
        data-autofocus
        min={localOf(new Date())}
        value={value.until}
        error={faults.snoozedUntil}
        onChange={({ currentTarget }) => set({ until: currentTarget.value })}
      />
    </FormDialog>
  );
};

export default SnoozeDialog;
