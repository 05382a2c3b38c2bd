import '@mantine/spotlight/styles.css';
import { Spotlight, spotlight } from '@mantine/spotlight';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { AVAILABILITIES } from './availability.js';
import { roomActions } from './commands.js';
import { useDesk } from './desk.js';
import { VIEWS, type ViewName } from './inbox/room-lists.js';
import { sectionsOf } from './settings/sections.js';
import { useStore } from './store.js';

/** Everything that can be done, to be found by a few letters; Ctrl or Command and K. */
const Palette = ({ onClose }: { onClose: () => void }): ReactNode => {
  const { t } = useTranslation();
  const go = useNavigate();
  const { me, presence } = useDesk();
  const actions = useStore(roomActions);
  const place = (name: string, label: string): { id: string; label: string; onClick: () => void } => ({
    id: `view-${name}`,
    label,
    onClick: () => void go(`/${name}`),
  });
  const places = [
    ...[...(Object.keys(VIEWS) as ViewName[]), 'mentions'].map((name) => place(name, t(`view.${name}`))),
    place('supervise', t('supervise')),
    ...(me.role === 'admin' ? [place('reports', t('reports'))] : []),
    ...sectionsOf(me).map((name) => place(`settings/${name}`, `${t('settings')}: ${t(`settings.${name}`)}`)),
  ];
  const statuses = AVAILABILITIES.map((status) => ({
    id: `availability-${status}`,
    label: `${t('availability')}: ${t(`presence.${status}`)}`,
    onClick: () => presence.set(status),
  }));
  useEffect(() => spotlight.open(), []);
  return (
    <Spotlight
      shortcut={null}
      onSpotlightClose={onClose}
      actions={[
        ...actions.map(({ id, label, keys, run }) => ({ id, label, onClick: run, rightSection: keys && <kbd>{keys}</kbd> })),
        ...statuses,
        ...places,
      ]}
      nothingFound={t('nothingToDo')}
      searchProps={{ placeholder: t('palette'), 'aria-label': t('palette') }}
      lockScroll={false}
    />
  );
};

export default Palette;
