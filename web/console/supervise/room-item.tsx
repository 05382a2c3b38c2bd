import { Anchor, Badge, Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Attendance, StaffRoom } from '../../../src/contract/room.js';
import { nameOf, useDesk } from '../desk.js';
import { useTeams } from '../directory.js';
import { ago, lasting } from '../inbox/room-row.js';
import { useRoomCommands } from '../room/actions.js';
import { ViewerFaces } from '../room/viewer-faces.js';
import { GiveDialog } from './give-dialog.js';
import { lastWords, RoomBadges } from '../inbox/room-badges.js';

const RoutingDialog = lazy(() => import('../room/routing-dialog.js'));

interface RoomItemProps {
  room: StaffRoom;
  /** Undefined until it is known. */
  attendance: Attendance | undefined;
  now: number;
}

/** A conversation that somebody watches over, and what can be done about who has it. */
export const RoomItem = ({ room, attendance, now }: RoomItemProps): ReactNode => {
  const { t, i18n } = useTranslation();
  const { me } = useDesk();
  const commands = useRoomCommands(room.id);
  const team = useTeams(room.teamId !== null).find(({ id }) => id === room.teamId);
  const [isGiving, giving] = useDisclosure(false);
  const [isTaking, taking] = useDisclosure(false);
  const [isAsking, asking] = useDisclosure(false);
  const { customer, assignee, lastMessage, createdAt } = room;
  const waiting = attendance?.waiting;
  const estimate = waiting?.estimateSeconds ?? null;
  const place = waiting?.position ?? room.queuePosition;
  const name = nameOf(customer, t('guest'));
  const time = (at: string): string => ago(at, now, i18n.language);
  const button = (label: string, run: () => void): ReactNode => (
    <Button size="compact-sm" variant="light" aria-label={t('supervise.about', { action: label, name })} onClick={run}>
      {label}
    </Button>
  );
  return (
    <li className="watched-room">
      <Group gap="xs" wrap="nowrap">
        {place !== null && (
          <Text component="span" size="sm" c="dimmed" aria-label={t('supervise.place', { place })} role="img">
            {place}.
          </Text>
        )}
        <Anchor component={Link} to={`/all/rooms/${room.id}`} fw={600} truncate dir="auto">
          {name}
        </Anchor>
        {attendance && <ViewerFaces viewers={attendance.viewers} size={20} />}
        <RoomBadges room={room} size="sm" />
        {team && (
          <Badge size="sm" variant="default" dir="auto">
            {team.name}
          </Badge>
        )}
      </Group>
      <Text size="sm" c="dimmed" truncate dir="auto">
        {lastWords(room, t)}
      </Text>
      <Text size="xs" c="dimmed">
        {waiting ? t('supervise.waits', { time: time(waiting.since) }) : t('supervise.opened', { time: time(createdAt) })}
        {estimate !== null && ` · ${t('supervise.estimate', { time: lasting(Math.ceil(estimate / 60), i18n.language) })}`}
        {lastMessage && ` · ${t('supervise.lastMessage', { time: time(lastMessage.createdAt) })}`}
      </Text>
      <Group gap={6} mt={6}>
        {assignee === null && button(t('action.claim'), () => void commands.claim())}
        {assignee !== null && assignee.id !== me.id && button(t('supervise.takeOver'), taking.open)}
        {button(t('supervise.give'), giving.open)}
        {assignee !== null && button(t('supervise.giveBack'), () => void commands.assign(null))}
        {button(t('routing.ask'), asking.open)}
      </Group>
      {isGiving && <GiveDialog room={room} onClose={giving.close} />}
      {isTaking && <GiveDialog room={room} first={me.id} onClose={taking.close} />}
      {isAsking && (
        <Suspense>
          <RoutingDialog room={room} onClose={asking.close} />
        </Suspense>
      )}
    </li>
  );
};
