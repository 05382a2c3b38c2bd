import { Avatar, Badge } from '@mantine/core';
import { memo, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Attendance, StaffRoom } from '../../../src/contract/room.js';
import { nameOf } from '../desk.js';
import { ViewerFaces } from '../room/viewer-faces.js';
import { lastWords, RoomBadges } from './room-badges.js';

const MINUTE_MS = 60_000;

/** The time, anew each half minute. */
export const useNow = (): number => {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE_MS / 2);
    return () => clearInterval(timer);
  }, []);
  return now;
};

/** In the largest unit that is not zero: 5 m, 3 h, 2 d. */
export const lasting = (minutes: number, language: string): string => {
  const [value, unit] =
    minutes < 60 ? [minutes, 'minute'] : minutes < 1_440 ? [Math.floor(minutes / 60), 'hour'] : [Math.floor(minutes / 1_440), 'day'];
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'narrow' }).format(value);
};

export const ago = (at: string, now: number, language: string): string =>
  lasting(Math.max(0, Math.floor((now - Date.parse(at)) / MINUTE_MS)), language);

interface RoomRowProps {
  room: StaffRoom;
  /** Undefined until it is known. */
  attendance: Attendance | undefined;
  isChosen: boolean;
  now: number;
  onChoose: (id: string) => void;
}

/** A room in a list: who, what was said last, and what matters about it. */
export const RoomRow = memo(({ room, attendance, isChosen, now, onChoose }: RoomRowProps): ReactNode => {
  const { t, i18n } = useTranslation();
  const { customer, assignee, lastMessage, subject, labels, unread, status } = room;
  const name = nameOf(customer, t('guest'));
  const isWaiting = status !== 'closed' && lastMessage !== null && lastMessage.sender.id === customer.id;
  const said = lastWords(room, t);
  const presence = attendance?.customerPresence ?? customer.presence;
  return (
    <button type="button" className="room-row" aria-current={isChosen} onClick={() => onChoose(room.id)}>
      <span className="room-row-face" data-presence={presence}>
        <Avatar name={name} src={customer.avatarUrl} size="md" />
      </span>
      <span className="room-row-text">
        <span className="room-row-line">
          <strong dir="auto">{name}</strong>
          {presence !== 'offline' && <span className="unseen">{t(`presence.${presence}`)} </span>}
          <time dateTime={room.updatedAt} className={isWaiting ? 'waiting' : ''}>
            {isWaiting && <span className="unseen">{t('waitingSince')} </span>}
            {ago(lastMessage?.createdAt ?? room.createdAt, now, i18n.language)}
          </time>
        </span>
        <span className="room-row-line">
          <span className="room-row-said" dir="auto">
            {subject !== null && lastMessage !== null && <b>{subject} · </b>}
            {said}
          </span>
          {unread > 0 && (
            <Badge size="sm" circle aria-label={t('unread', { count: unread })}>
              {unread > 99 ? '99' : unread}
            </Badge>
          )}
        </span>
        <span className="room-row-marks">
          {attendance && attendance.viewers.length > 0 && <ViewerFaces viewers={attendance.viewers} size={18} />}
          <RoomBadges room={room} size="xs" />
          {labels.slice(0, 2).map((label) => (
            <Badge key={label} size="xs" variant="default">
              {label}
            </Badge>
          ))}
          <small>{assignee ? nameOf(assignee, t('somebody')) : t('nobody')}</small>
        </span>
      </span>
    </button>
  );
});
RoomRow.displayName = 'RoomRow';
