import { Avatar, Badge, Progress, Text, UnstyledButton } from '@mantine/core';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PresenceStatus } from '../../../src/contract/presence.js';
import type { AgentUser } from '../../../src/contract/user.js';
import { nameOf } from '../desk.js';
import { VIEWS, type Wanted } from '../inbox/room-lists.js';
import { RoomItems } from './room-items.js';

const FULL = 100;
const NEARLY_FULL = 80;
const COLORS: Record<PresenceStatus, string> = { online: 'green', away: 'yellow', busy: 'red', offline: 'gray' };

/** How much of what somebody may hold it holds. */
const Load = ({ load, capacity }: Pick<AgentUser, 'load' | 'capacity'>): ReactNode => {
  const { t } = useTranslation();
  const percent = capacity === null ? 0 : capacity === 0 ? FULL : Math.min(FULL, (load / capacity) * FULL);
  return (
    <span className="watched-load">
      <Text component="span" size="sm">
        {capacity === null ? t('supervise.loadUnlimited', { count: load }) : t('supervise.load', { load, capacity })}
      </Text>
      {capacity !== null && (
        <span aria-hidden="true">
          <Progress value={percent} color={percent >= FULL ? 'red' : percent >= NEARLY_FULL ? 'orange' : 'brand'} />
        </span>
      )}
    </span>
  );
};

interface AgentItemProps {
  agent: AgentUser;
  isChosen: boolean;
  onChoose: () => void;
}

/** Somebody who answers; chosen, with its rooms. */
export const AgentItem = ({ agent, isChosen, onChoose }: AgentItemProps): ReactNode => {
  const { t } = useTranslation();
  const { id, presence, avatarUrl, disabled } = agent;
  const name = nameOf(agent, t('somebody'));
  const wanted = useMemo((): Wanted => ({ ...VIEWS.mine, filter: { ...VIEWS.mine.filter, assignee: id } }), [id]);
  return (
    <li>
      <UnstyledButton className="watched-agent" aria-expanded={isChosen} onClick={onChoose}>
        <Avatar size="md" name={name} src={avatarUrl} />
        <span className="watched-agent-name">
          <Text component="span" fw={600} truncate dir="auto">
            {name}
          </Text>
          <Badge size="sm" variant="dot" color={COLORS[presence]}>
            {t(disabled ? 'supervise.disabled' : `presence.${presence}`)}
          </Badge>
        </span>
        <Load {...agent} />
      </UnstyledButton>
      {isChosen && (
        <div className="watched-agent-rooms">
          <RoomItems title={t('supervise.roomsOf', { name })} wanted={wanted} empty={t('supervise.noRooms')} />
        </div>
      )}
    </li>
  );
};
