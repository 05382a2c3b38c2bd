import { SegmentedControl } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PRESENCE_STATUSES, type PresenceStatus } from '../../src/contract/presence.js';
import { useDesk } from './desk.js';
import { useSignsOfLife } from './signs-of-life.js';

const COLORS: Record<PresenceStatus, string> = { online: 'green', away: 'yellow', busy: 'red', offline: 'gray' };
/** What a person chooses; `offline` is without a connection. */
export const AVAILABILITIES = PRESENCE_STATUSES.filter((status) => status !== 'offline');

/** Whether one can be given rooms, in one's own words. */
export const Availability = (): ReactNode => {
  const { t } = useTranslation();
  const { parley, me, presence } = useDesk();
  const [status, setStatus] = useState<PresenceStatus>(me.presence === 'offline' ? 'online' : me.presence);
  useEffect(
    () =>
      parley.connection.on('presence.changed', ({ userId, status: now }) => {
        if (userId === me.id && now !== 'offline') setStatus(now);
      }),
    [parley, me],
  );
  useSignsOfLife(parley.connection);
  return (
    <SegmentedControl
      size="xs"
      fullWidth
      aria-label={t('availability')}
      value={status}
      color={COLORS[status]}
      autoContrast
      data={AVAILABILITIES.map((value) => ({ value, label: t(`presence.${value}`) }))}
      onChange={(value) => {
        setStatus(value);
        presence.set(value);
      }}
    />
  );
};
