import { ActionIcon, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import type { AgentUser } from '../../../src/contract/user.js';
import { useAsk } from '../ask.js';
import { nameOf, useDesk } from '../desk.js';
import { Icon } from '../icon.js';
import { ConfirmDialog } from '../confirm-dialog.js';

/** Beside the table, which would cut it off, and within what the page is about. */
const PORTAL = { target: '.console-main' };

/** What is asked about before it is done. */
type Question = 'disable' | 'removeFactor';

/** What can be done with somebody beside changing fields. */
export const AgentMenu = ({ agent }: { agent: AgentUser }): ReactNode => {
  const { t } = useTranslation();
  const { parley, me } = useDesk();
  const { rest } = parley;
  const ask = useAsk();
  const queries = useQueryClient();
  const [question, setQuestion] = useState<Question | null>(null);
  const { id, email, disabled, load } = agent;
  const name = nameOf(agent, t('somebody'));
  const params = { path: { id } };
  const again = (): Promise<void> => queries.invalidateQueries({ queryKey: ['agents'] });
  const tell = async (work: () => Promise<unknown>, done: string): Promise<void> => {
    await work();
    notifications.show({ message: done });
    await again();
  };
  const invite = (): Promise<void> => tell(() => bodyOf(rest.POST('/api/agents/{id}/invite', { params })), t('agents.invited', { email }));
  const enable = (): Promise<void> =>
    tell(() => bodyOf(rest.PATCH('/api/agents/{id}', { params, body: { disabled: false } })), t('agents.enabled', { name }));
  const disable = (): Promise<void> => tell(() => bodyOf(rest.DELETE('/api/agents/{id}', { params })), t('agents.isDisabled', { name }));
  const removeFactor = (): Promise<void> =>
    tell(() => bodyOf(rest.DELETE('/api/agents/{id}/second-factor', { params })), t('agents.factorRemoved', { name }));
  // Whoever was here once, or has shown the mailbox, has accepted; of others it is not known, and the server says.
  const mayBeInvited = !disabled && !agent.verified && agent.lastSeenAt === null;
  return (
    <>
      <Menu position="bottom-end" withInitialFocusPlaceholder={false} portalProps={PORTAL}>
        <Menu.Target>
          <ActionIcon variant="subtle" aria-label={t('agents.more', { name })}>
            <Icon name="more" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {mayBeInvited && <Menu.Item onClick={() => void ask(invite)}>{t('agents.invite')}</Menu.Item>}
          {id !== me.id && <Menu.Item onClick={() => setQuestion('removeFactor')}>{t('agents.removeFactor')}</Menu.Item>}
          {disabled ? (
            <Menu.Item onClick={() => void ask(enable)}>{t('agents.enable')}</Menu.Item>
          ) : (
            <Menu.Item c="var(--fault)" onClick={() => setQuestion('disable')}>
              {t('agents.disable')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {question === 'disable' && (
        <ConfirmDialog
          title={t('agents.disableOne', { name })}
          warning={t('agents.disableWarning', { name, count: load })}
          action={t('agents.disable')}
          work={disable}
          onClose={() => setQuestion(null)}
        />
      )}
      {question === 'removeFactor' && (
        <ConfirmDialog
          title={t('agents.removeFactorOf', { name })}
          warning={t('agents.removeFactorWarning', { name })}
          action={t('agents.removeFactor')}
          work={removeFactor}
          onClose={() => setQuestion(null)}
        />
      )}
    </>
  );
};
