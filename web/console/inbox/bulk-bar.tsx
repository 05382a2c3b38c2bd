import { Button, Group, Menu, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import type { BulkAction, BulkItem } from '../../../src/contract/inbox.js';
import type { StaffRoom } from '../../../src/contract/room.js';
import { useAsk } from '../ask.js';
import { nameOf, useDesk } from '../desk.js';
import { useLabels } from '../directory.js';

/** The server takes no more in one request. */
const MOST_AT_ONCE = 100;

type Outcome = Pick<BulkItem, 'roomId' | 'ok' | 'error'>;

interface BulkBarProps {
  rooms: readonly StaffRoom[];
  /** Chooses others; none once all is done, or one thought better of it. */
  onChoose: (ids: readonly string[]) => void;
  onAll: () => void;
}

/** What can be done to many rooms at once; those that were refused are told one by one, and stay chosen. */
export const BulkBar = ({ rooms, onChoose, onAll }: BulkBarProps): ReactNode => {
  const { t } = useTranslation();
  const { parley, me } = useDesk();
  const [isBusy, setBusy] = useState(false);
  const labels = useLabels(true);
  const ask = useAsk();
  const tell = (items: readonly Outcome[]): void => {
    const refused = items.filter(({ ok }) => !ok);
    const done = t('bulk.done', { count: items.length - refused.length });
    if (refused.length === 0) {
      notifications.show({ message: done });
      return;
    }
    const nameIn = (id: string): string => nameOf(rooms.find((room) => room.id === id)?.customer ?? { name: null }, t('guest'));
    notifications.show({
      color: 'orange',
      // There is much to read.
      autoClose: false,
      title: `${done} ${t('bulk.refused', { count: refused.length })}`,
      message: (
        <ul className="bulk-refused">
          {refused.map(({ roomId, error }) => (
            <li key={roomId}>
              <bdi>{nameIn(roomId)}</bdi>: {t(`refused.${error?.code}`, error?.message ?? '')}
            </li>
          ))}
        </ul>
      ),
    });
  };
  const run = async (action: BulkAction, more: { agentId?: string; labels?: string[] } = {}): Promise<void> => {
    setBusy(true);
    const ids = rooms.map(({ id }) => id);
    const items: Outcome[] = [];
    await ask(async () => {
      while (items.length < ids.length) {
        const body = { roomIds: ids.slice(items.length, items.length + MOST_AT_ONCE), action, ...more };
        items.push(...(await bodyOf(parley.rest.POST('/api/rooms/bulk', { body }))).items);
      }
    });
    if (items.length > 0) tell(items);
    // What was not tried stays chosen, too.
    onChoose([...items.filter(({ ok }) => !ok).map(({ roomId }) => roomId), ...ids.slice(items.length)]);
    setBusy(false);
  };
  return (
    <Group className="bulk" gap={6} role="toolbar" aria-label={t('bulk.title')}>
      <Text size="sm" role="status">
        {t('bulk.chosen', { count: rooms.length })}
      </Text>
      <Button size="compact-xs" loading={isBusy} onClick={() => void run('assign', { agentId: me.id })}>
        {t('action.claim')}
      </Button>
      <Menu>
        <Menu.Target>
          <Button size="compact-xs" variant="default" disabled={isBusy}>
            {t('action.labels')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {labels.map(({ id, name }) => (
            <Menu.Item key={id} onClick={() => void run('label', { labels: [name] })}>
              {name}
            </Menu.Item>
          ))}
          {labels.length === 0 && <Menu.Label>{t('listNothingFound')}</Menu.Label>}
        </Menu.Dropdown>
      </Menu>
      <Button size="compact-xs" variant="default" disabled={isBusy} onClick={() => void run('close')}>
        {t('action.close')}
      </Button>
      <Button size="compact-xs" variant="subtle" disabled={isBusy} onClick={onAll}>
        {t('bulk.all')}
      </Button>
      <Button size="compact-xs" variant="subtle" onClick={() => onChoose([])}>
        {t('cancel')}
      </Button>
    </Group>
  );
};
