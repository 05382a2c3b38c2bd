import { ActionIcon, Popover } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../icon.js';
import type { Filter } from './filter.js';
import type { Wanted } from './room-lists.js';
import { SaveViewDialog } from './save-view-dialog.js';

const FilterForm = lazy(() => import('./filter-form.js'));

/** Narrows a list down, orders it, and keeps that under a name. */
export const FilterMenu = ({ filter, wanted, canSave }: { filter: Filter; wanted: Wanted; canSave: boolean }): ReactNode => {
  const { t } = useTranslation();
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const [isSaving, setSaving] = useState(false);
  const isUsed = filter.sort !== undefined || Object.keys(filter.filter).length > 0;
  const save = (): void => {
    close();
    setSaving(true);
  };
  return (
    <Popover opened={isOpen} onChange={(next) => !next && close()} position="bottom-end" width={300} withArrow trapFocus>
      <Popover.Target>
        <ActionIcon variant={isUsed ? 'light' : 'subtle'} aria-label={t(isUsed ? 'filterUsed' : 'filter')} onClick={toggle}>
          <Icon name="filter" />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Suspense>
          <FilterForm filter={filter} wanted={wanted} onSave={canSave ? save : undefined} />
        </Suspense>
      </Popover.Dropdown>
      {isSaving && <SaveViewDialog wanted={wanted} onClose={() => setSaving(false)} />}
    </Popover>
  );
};
