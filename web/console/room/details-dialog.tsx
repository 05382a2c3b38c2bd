import { Select, TextInput } from '@mantine/core';
import { useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import { ROUTING_MODES, type RoutingMode } from '../../../src/contract/business.js';
import type { StaffRoom } from '../../../src/contract/room.js';
import { nameOf, useDesk } from '../desk.js';
import { FormDialog } from '../form-dialog.js';
import { useAgents } from '../directory.js';
import { useDraft } from '../draft.js';

interface Details {
  subject: string;
  language: string | null;
  pinnedAgentId: string | null;
  routingMode: RoutingMode | null;
}

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** What a conversation is about, and what it does otherwise than its business. */
const DetailsDialog = ({ room, onClose }: { room: StaffRoom; onClose: () => void }): ReactNode => {
  const { t } = useTranslation();
  const { parley } = useDesk();
  const agents = useAgents(true);
  const first = useRef<Details>({
    subject: room.subject ?? '',
    language: room.overrides.language?.value ?? null,
    pinnedAgentId: room.overrides.pinnedAgentId?.value ?? null,
    routingMode: room.overrides.routingMode?.value ?? null,
  });
  const { value, set, faults, isBusy, save } = useDraft(first.current, ({ subject, ...overrides }) => {
    const before = first.current;
    // Only what was changed here: colleagues may change the rest meanwhile.
    const changed = Object.fromEntries(Object.entries(overrides).filter(([name, next]) => next !== before[name as keyof Details]));
    const body = { ...(subject !== before.subject && { subject: orNull(subject) }), overrides: changed };
    return bodyOf(parley.rest.PATCH('/api/rooms/{roomId}', { params: { path: { roomId: room.id } }, body }));
  });
  const submit = async (): Promise<void> => {
    if (await save()) onClose();
  };
  const isThere = agents.filter(({ id, disabled }) => !disabled || id === value.pinnedAgentId);
  return (
    <FormDialog title={t('action.details')} isBusy={isBusy} onSubmit={submit} onClose={onClose}>
      <TextInput
        label={t('subject')}
        maxLength={200}
        data-autofocus
        value={value.subject}
        error={faults.subject}
        onChange={({ currentTarget }) => set({ subject: currentTarget.value })}
      />
      <TextInput
        label={t('override.language')}
        description={t('override.languageHint')}
        value={value.language ?? ''}
        error={faults['overrides.language']}
        onChange={({ currentTarget }) => set({ language: orNull(currentTarget.value) })}
      />
      <Select
        comboboxProps={{ withinPortal: false }}
        label={t('override.pinnedAgentId')}
        description={t('override.pinnedAgentIdHint')}
        placeholder={t('nobody')}
        data={isThere.map((agent) => ({ value: agent.id, label: nameOf(agent, t('somebody')) }))}
        value={value.pinnedAgentId}
        error={faults['overrides.pinnedAgentId']}
        onChange={(pinnedAgentId) => set({ pinnedAgentId })}
        clearable
        searchable
        nothingFoundMessage={t('listNothingFound')}
      />
      <Select
        comboboxProps={{ withinPortal: false }}
        label={t('override.routingMode')}
        placeholder={t('override.asBusiness')}
        data={ROUTING_MODES.map((mode) => ({ value: mode, label: t(`routing.mode.${mode}`) }))}
        value={value.routingMode}
        error={faults['overrides.routingMode']}
        onChange={(routingMode) => set({ routingMode })}
        clearable
      />
    </FormDialog>
  );
};

export default DetailsDialog;
