import { SegmentedControl } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Parley } from '@parley/client';
import { PRESENCE_STATUSES, type PresenceStatus } from '../../src/contract/presence.js';
import { forgetAutoAway, useAutoAway } from './auto-away.js';
import { useDesk } from './desk.js';

const COLORS: Record<PresenceStatus, string> = { online: 'green', away: 'yellow', busy: 'red', offline: 'gray' };
/** What a person chooses; `offline` is without a connection. */
export const AVAILABILITIES = PRESENCE_STATUSES.filter((status) => status !== 'offline');

/** Says it to the server, which tells it to all pages of this person. */
export const chooseAvailability = (parley: Parley, status: PresenceStatus): void => {
  forgetAutoAway();
  parley.connection.try('presence.set', { status });
};

/** Whether one can be given rooms, in one's own words. */
export const Availability = (): ReactNode => {
  const { t } = useTranslation();
  const { parley, me } = useDesk();
  const [status, setStatus] = useState<PresenceStatus>(me.presence === 'offline' ? 'online' : me.presence);
  useEffect(
    () =>
      parley.connection.on('presence.changed', ({ userId, status: now }) => {
        if (userId === me.id && now !== 'offline') setStatus(now);
      }),
    [parley, me],
  );
  const set = (value: PresenceStatus): void => {
    setStatus(value);
    parley.connection.try('presence.set', { status: value });
  };
  useAutoAway(status, set);
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
        chooseAvailability(parley, value);
      }}
    />
  );
};
