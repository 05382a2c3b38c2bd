import { ActionIcon, Badge, Button, Group, Menu, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Fragment, lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import type { Message } from '@parley/client';
import type { StaffRoom } from '../../../src/contract/room.js';
import { roomActions } from '../commands.js';
import { nameOf, useDesk, useRoom } from '../desk.js';
import { Icon } from '../icon.js';
import { useMomentWords } from '../moment.js';
import { useRoomActions, useRoomCommands, type RoomAction, type RoomDialog } from './actions.js';
import { Composer } from './composer.js';
import { CustomerPanel } from './customer-panel.js';
import { useHelp } from './help.js';
import { Thread } from './thread.js';
import { ViewerFaces } from './viewer-faces.js';
import { useJump, usePlace } from '../inbox/place.js';
import { useViewers } from './viewers.js';
import { Loading } from '../loading.js';

const DetailsDialog = lazy(() => import('./details-dialog.js'));
const FindDialog = lazy(() => import('./find-dialog.js'));
const LabelsDialog = lazy(() => import('./labels-dialog.js'));
const RoutingDialog = lazy(() => import('./routing-dialog.js'));
const SnoozeDialog = lazy(() => import('./snooze-dialog.js'));
const TranscriptDialog = lazy(() => import('./transcript-dialog.js'));
const TransferDialog = lazy(() => import('./transfer-dialog.js'));

const ActionMenu = ({ actions }: { actions: RoomAction[] }): ReactNode => {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end" withArrow>
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label={t('moreActions')}>
          <Icon name="more" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map(({ id, group, label, keys, run, isDangerous }, at) => (
          <Fragment key={id}>
            {at > 0 && group !== actions[at - 1]?.group && <Menu.Divider />}
            <Menu.Item onClick={run} color={isDangerous === true ? 'red' : undefined} rightSection={keys && <kbd>{keys}</kbd>}>
              {label}
            </Menu.Item>
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
};

/** One room: what was said, the box to answer in, and who the customer is. */
export const RoomPage = ({ base }: { base: string }): ReactNode => {
  const { t } = useTranslation();
  const { roomId = '' } = useParams();
  const go = usePlace(base);
  const { me, lists } = useDesk();
  const followed = useRoom(roomId);
  const commands = useRoomCommands(roomId);
  const viewers = useViewers(roomId);
  const momentWords = useMomentWords();
  const help = useHelp(roomId);
  const [dialog, open] = useState<RoomDialog | null>(null);
  const [hasPanel, panel] = useDisclosure(false);
  const [answered, setAnswered] = useState<Message | null>(null);
  const room = (followed?.snapshot.room ?? null) as StaffRoom | null;
  const actions = useRoomActions(room, commands, open);
  useEffect(() => {
    roomActions.set(actions);
    return () => roomActions.set([]);
  }, [actions]);
  useEffect(() => setAnswered(null), [roomId]);
  const jump = useJump();
  const close = (): void => open(null);

  const error = followed?.snapshot.error;
  if (error) {
    return (
      <div className="console-empty">
        <Text role="alert">{t('roomGone')}</Text>
        <Button variant="light" mt="sm" onClick={() => go(null)}>
          {t('backToList')}
        </Button>
      </div>
    );
  }
  if (!followed || !room) {
    return (
      <div className="console-empty">
        <Loading />
      </div>
    );
  }
  const { live, snapshot } = followed;
  const name = nameOf(room.customer, t('guest'));
  const main = actions.find(({ id }) => id === 'claim' || id === 'reopen') ?? actions.find(({ id }) => id === 'close');
  return (
    <>
      <section className="console-room" aria-label={t('roomOf', { name })}>
        <header>
          <ActionIcon className="console-back" variant="subtle" aria-label={t('backToList')} onClick={() => go(null)}>
            <Icon name="back" />
          </ActionIcon>
          <div className="console-room-title">
            <Title order={1} size="h5" dir="auto">
              {name}
            </Title>
            {room.subject !== null && (
              <Text size="sm" truncate dir="auto">
                {room.subject}
              </Text>
            )}
            <Group gap={6}>
              <Badge size="xs" variant="light" color={room.status === 'closed' ? 'gray' : 'brand'}>
                {room.snoozedUntil === null
                  ? t(`status.${room.status}`)
                  : t('status.snoozedUntil', { time: momentWords(room.snoozedUntil) })}
              </Badge>
              <Text size="xs" c="dimmed">
                {room.assignee
                  ? t('heldBy', { name: room.assignee.id === me.id ? t('you') : nameOf(room.assignee, t('somebody')) })
                  : t('heldByNobody')}
              </Text>
            </Group>
          </div>
          <ViewerFaces viewers={viewers} size={26} />
          {main && (
            <Button size="xs" variant={main.id === 'close' ? 'default' : 'filled'} onClick={main.run}>
              {main.label}
            </Button>
          )}
          <ActionMenu actions={actions} />
          <ActionIcon variant="subtle" aria-label={t('customer')} aria-expanded={hasPanel} onClick={panel.toggle}>
            <Icon name="person" />
          </ActionIcon>
        </header>
        <Thread
          live={live}
          snapshot={snapshot}
          room={room}
          onAnswer={room.status === 'closed' ? undefined : setAnswered}
          onRead={() => lists.markRead(room.id)}
          jump={jump}
          onTranslate={help.isOn ? help.translate : undefined}
        />
        {room.status === 'closed' ? (
          <Text ta="center" p="md" c="dimmed">
            {t('closedHint')}
          </Text>
        ) : (
          <Composer
            key={roomId}
            live={live}
            snapshot={snapshot}
            room={room}
            viewers={viewers}
            answered={answered}
            onAnswer={setAnswered}
            help={help}
          />
        )}
      </section>
      <CustomerPanel room={room} isOpen={hasPanel} onClose={panel.close} base={base} />
      <Suspense>
        {dialog === 'transfer' && <TransferDialog onClose={close} commands={commands} />}
        {dialog === 'snooze' && <SnoozeDialog room={room} onClose={close} />}
        {dialog === 'labels' && <LabelsDialog onClose={close} room={room} commands={commands} />}
        {dialog === 'details' && <DetailsDialog room={room} onClose={close} />}
        {dialog === 'transcript' && <TranscriptDialog room={room} commands={commands} onClose={close} />}
        {dialog === 'find' && <FindDialog room={room} onClose={close} onJump={(to) => go(roomId, to)} />}
        {dialog === 'routing' && <RoutingDialog room={room} onClose={close} />}
      </Suspense>
    </>
  );
};
