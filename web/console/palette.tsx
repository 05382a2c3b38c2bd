import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { Spotlight } from '@mantine/spotlight';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useDesk } from './desk.js';
import { Dialog } from './dialog.js';
import { VIEWS, type ViewName } from './inbox/room-lists.js';
import type { RoomAction } from './room/actions.js';
import { createStore, useStore } from './store.js';

/** What can be done with the room that is open. */
export const roomActions = createStore<readonly RoomAction[]>([]);

/** Keys that work wherever nothing is being written. */
export const useCommands = (): void => {
  const actions = useStore(roomActions);
  useHotkeys(actions.flatMap(({ keys, run }): [string, () => void][] => (keys === undefined ? [] : [[keys, run]])));
};

/** What the keys do. */
const Keys = (): ReactNode => {
  const { t } = useTranslation();
  const [isOpen, { open, close }] = useDisclosure(false);
  // With or without Shift, as keyboards differ.
  useHotkeys([
    ['shift+?', open],
    ['?', open],
  ]);
  const keys = [
    ['Ctrl K', t('palette')],
    ['Alt J', t('key.next')],
    ['Alt K', t('key.previous')],
    ['C', t('action.claim')],
    ['R', t('writeReply')],
    ['N', t('writeNote')],
    ['A', t('action.transfer')],
    ['Z', t('action.snoozeHour')],
    ['L', t('action.labels')],
    ['U', t('action.unread')],
    ['E', t('action.close')],
    ['Alt O', t('action.reopen')],
    ['?', t('key.sheet')],
  ] as const;
  return (
    <Dialog opened={isOpen} onClose={close} title={t('key.sheet')}>
      <dl className="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
};

/** Everything that can be done, to be found by a few letters; Ctrl or Command and K. */
export const Palette = (): ReactNode => {
  const { t } = useTranslation();
  const go = useNavigate();
  const { me } = useDesk();
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
  ];
  return (
    <>
      <Keys />
      <Spotlight
        shortcut="mod + K"
        actions={[
          ...actions.map(({ id, label, keys, run }) => ({ id, label, onClick: run, rightSection: keys && <kbd>{keys}</kbd> })),
          ...places,
        ]}
        nothingFound={t('nothingToDo')}
        searchProps={{ placeholder: t('palette'), 'aria-label': t('palette') }}
        lockScroll={false}
      />
    </>
  );
};
