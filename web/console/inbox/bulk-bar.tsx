import { Button, Group, Menu, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import type { BulkAction } from '../../../src/contract/inbox.js';
import { useDesk } from '../desk.js';
import { useLabels } from '../directory.js';

/** The server takes no more in one request. */
const MOST_AT_ONCE = 100;

interface BulkBarProps {
  roomIds: readonly string[];
  /** They are done with, or one thought better of it. */
  onClear: () => void;
}

/** What can be done to many rooms at once; of each is told when it was refused. */
export const BulkBar = ({ roomIds, onClear }: BulkBarProps): ReactNode => {
  const { t } = useTranslation();
  const { parley, me } = useDesk();
  const [isBusy, setBusy] = useState(false);
  const labels = useLabels(true);
  const run = async (action: BulkAction, more: { agentId?: string; labels?: string[] } = {}): Promise<void> => {
    setBusy(true);
    try {
      const items = [];
      for (let from = 0; from < roomIds.length; from += MOST_AT_ONCE) {
        const body = { roomIds: roomIds.slice(from, from + MOST_AT_ONCE), action, ...more };
        items.push(...(await bodyOf(parley.rest.POST('/api/rooms/bulk', { body }))).items);
      }
      const refused = items.filter(({ ok }) => !ok);
      const done = t('bulk.done', { count: items.length - refused.length });
      const reasons = [...new Set(refused.map(({ error }) => t(`refused.${error?.code}`, error?.message ?? '')))].join(' ');
      notifications.show({
        message: refused.length === 0 ? done : `${done} ${t('bulk.refused', { count: refused.length })} ${reasons}`,
        ...(refused.length > 0 && { color: 'orange' }),
      });
      onClear();
    } catch (error) {
      notifications.show({ color: 'red', message: (error as Error).message });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Group className="bulk" gap={6} role="toolbar" aria-label={t('bulk.title')}>
      <Text size="sm" role="status">
        {t('bulk.chosen', { count: roomIds.length })}
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
      <Button size="compact-xs" variant="subtle" onClick={onClear}>
        {t('cancel')}
      </Button>
    </Group>
  );
};
