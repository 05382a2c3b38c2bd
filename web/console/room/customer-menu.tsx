import { ActionIcon, Menu } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import { download } from '../../download.js';
import type { CustomerUser } from '../../../src/contract/user.js';
import { useAsk } from '../ask.js';
import { ConfirmDialog } from '../confirm-dialog.js';
import { useDesk } from '../desk.js';

import { Icon } from '../icon.js';

const CustomerDialog = lazy(() => import('./customer-dialog.js'));

/** What can be done about a customer; admins give out and erase what is kept of one. */
export const CustomerMenu = ({ customer, name, onErased }: { customer: CustomerUser; name: string; onErased: () => void }): ReactNode => {
  const { t } = useTranslation();
  const { parley, me } = useDesk();
  const ask = useAsk();
  const queries = useQueryClient();
  const [dialog, setDialog] = useState<'edit' | 'erase' | null>(null);
  const params = { path: { id: customer.id } };
  const block = (): Promise<boolean> =>
    ask(async () => {
      await bodyOf(parley.rest.POST('/api/customers/{id}/block', { params, body: { blocked: !customer.blocked } }));
      await queries.invalidateQueries({ queryKey: ['customer', customer.id] });
    });
  const giveOut = (): Promise<boolean> =>
    ask(async () => {
      const all = await bodyOf(parley.rest.GET('/api/customers/{id}/export', { params }));
      download(`${customer.id}.json`, new Blob([JSON.stringify(all, null, 2)], { type: 'application/json' }));
    });
  const close = (): void => setDialog(null);
  return (
    <>
      <Menu position="bottom-end" withArrow>
        <Menu.Target>
          <ActionIcon variant="subtle" aria-label={t('customer.more', { name })}>
            <Icon name="more" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setDialog('edit')}>{t('customer.edit')}</Menu.Item>
          <Menu.Item onClick={() => void block()}>{t(customer.blocked ? 'action.unblock' : 'action.block')}</Menu.Item>
          <Menu.Item onClick={() => void giveOut()}>{t('customer.export')}</Menu.Item>
          {me.role === 'admin' && (
            <Menu.Item color="red" onClick={() => setDialog('erase')}>
              {t('customer.erase')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Suspense>{dialog === 'edit' && <CustomerDialog customer={customer} onClose={close} />}</Suspense>
      {dialog === 'erase' && (
        <ConfirmDialog
          title={t('customer.erase')}
          warning={t('customer.eraseWarning', { name })}
          action={t('customer.erase')}
          work={() => bodyOf(parley.rest.DELETE('/api/customers/{id}', { params }))}
          onDone={onErased}
          onClose={close}
        />
      )}
    </>
  );
};
