import { ActionIcon, Avatar, Badge, Button, Group, Loader, Menu, Text, Title, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense, useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import type { Message } from '@parley/client';
import type { StaffRoom } from '../../../src/contract/room.js';
import { roomActions } from '../palette.js';
import { nameOf, useDesk, useRoom } from '../desk.js';
import { Icon } from '../icon.js';
import { useRoomActions, useRoomCommands, type RoomAction } from './actions.js';
import { Composer } from './composer.js';
import { CustomerPanel } from './customer-panel.js';
import { LabelsDialog } from './labels-dialog.js';
import { Thread } from './thread.js';
import { TransferDialog } from './transfer-dialog.js';
import { useViewers } from './viewers.js';

const RoutingDialog = lazy(() => import('./routing-dialog.js'));

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
        {actions.map(({ id, label, keys, run, isDangerous }) => (
          <Menu.Item key={id} onClick={run} color={isDangerous === true ? 'red' : undefined} rightSection={keys && <kbd>{keys}</kbd>}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
};

/** One room: what was said, the box to answer in, and who the customer is. */
export const RoomPage = ({ base }: { base: string }): ReactNode => {
  const { t } = useTranslation();
  const { roomId = '' } = useParams();
  const go = useNavigate();
  const { me, lists } = useDesk();
  const followed = useRoom(roomId);
  const commands = useRoomCommands(roomId);
  const viewers = useViewers(roomId);
  const [isTransferring, transfer] = useDisclosure(false);
  const [isLabelling, labels] = useDisclosure(false);
  const [isAsking, routing] = useDisclosure(false);
  const [hasPanel, panel] = useDisclosure(false);
  const [answered, setAnswered] = useState<Message | null>(null);
  const dialogs = useMemo(
    () => ({ transfer: transfer.open, labels: labels.open, routing: routing.open }),
    [transfer.open, labels.open, routing.open],
  );
  const room = (followed?.snapshot.room ?? null) as StaffRoom | null;
  const actions = useRoomActions(room, commands, dialogs);
  useEffect(() => {
    roomActions.set(actions);
    return () => roomActions.set([]);
  }, [actions]);
  useEffect(() => setAnswered(null), [roomId]);

  const error = followed?.snapshot.error;
  if (error) {
    return (
      <div className="console-empty">
        <Text role="alert">{t('roomGone')}</Text>
        <Button variant="light" mt="sm" onClick={() => void go(base)}>
          {t('backToList')}
        </Button>
      </div>
    );
  }
  if (!followed || !room) {
    return (
      <div className="console-empty">
        <Loader aria-label={t('loading')} />
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
          <ActionIcon className="console-back" variant="subtle" aria-label={t('backToList')} onClick={() => void go(base)}>
            <Icon name="back" />
          </ActionIcon>
          <div className="console-room-title">
            <Title order={1} size="h5" dir="auto">
              {name}
            </Title>
            <Group gap={6}>
              <Badge size="xs" variant="light" color={room.status === 'closed' ? 'gray' : 'brand'}>
                {t(`status.${room.status}`)}
              </Badge>
              <Text size="xs" c="dimmed">
                {room.assignee
                  ? t('heldBy', { name: room.assignee.id === me.id ? t('you') : nameOf(room.assignee, t('somebody')) })
                  : t('heldByNobody')}
              </Text>
            </Group>
          </div>
          <Avatar.Group>
            {viewers.map(({ user, composing }) => (
              <Tooltip key={user.id} label={t(composing === null ? 'isLooking' : 'isComposing', { name: nameOf(user, t('somebody')) })}>
                <Avatar
                  size="sm"
                  name={nameOf(user, t('somebody'))}
                  src={user.avatarUrl}
                  role="img"
                  aria-label={t(composing === null ? 'isLooking' : 'isComposing', { name: nameOf(user, t('somebody')) })}
                />
              </Tooltip>
            ))}
          </Avatar.Group>
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
            onAnswered={() => setAnswered(null)}
          />
        )}
      </section>
      <CustomerPanel room={room} isOpen={hasPanel} onClose={panel.close} base={base} />
      <TransferDialog isOpen={isTransferring} onClose={transfer.close} commands={commands} />
      {isAsking && (
        <Suspense>
          <RoutingDialog room={room} onClose={routing.close} />
        </Suspense>
      )}
      <LabelsDialog isOpen={isLabelling} onClose={labels.close} room={room} commands={commands} />
    </>
  );
};
