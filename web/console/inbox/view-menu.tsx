import { ActionIcon, Menu } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { bodyOf } from '@parley/client';
import type { SavedView } from '../../../src/contract/inbox.js';
import { useAsk } from '../ask.js';
import { useDesk } from '../desk.js';
import { Icon } from '../icon.js';
import { SaveViewDialog } from './save-view-dialog.js';

/** What can be done with a saved list; those of all staff are changed by admins. */
export const ViewMenu = ({ view }: { view: SavedView }): ReactNode => {
  const { t } = useTranslation();
  const { parley, me } = useDesk();
  const ask = useAsk();
  const go = useNavigate();
  const queries = useQueryClient();
  const [isNaming, setNaming] = useState(false);
  if (view.shared && me.role !== 'admin') return null;
  const remove = async (): Promise<void> => {
    const isDone = await ask(() => bodyOf(parley.rest.DELETE('/api/views/{id}', { params: { path: { id: view.id } } })));
    if (!isDone) return;
    void go('/mine');
    await queries.invalidateQueries({ queryKey: ['views'] });
  };
  return (
    <Menu position="bottom-end" withArrow>
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label={t('ofView', { name: view.name })}>
          <Icon name="more" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => setNaming(true)}>{t('renameView')}</Menu.Item>
        <Menu.Item color="red" onClick={() => void remove()}>
          {t('deleteView')}
        </Menu.Item>
      </Menu.Dropdown>
      {isNaming && <SaveViewDialog wanted={view} view={view} onClose={() => setNaming(false)} />}
    </Menu>
  );
};
