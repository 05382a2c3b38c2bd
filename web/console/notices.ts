import { useLocalStorage } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { StaffRoomState } from '../../src/contract/room.js';
import { allowSound, chime } from '../chat/sound.js';
import { nameOf, useDesk } from './desk.js';
import { showIcon } from './favicon.js';

/** What one wants to be told by, kept in this browser. */
interface NoticeChoice {
  isOn: boolean;
  set: (isOn: boolean) => void;
}

export const useSound = (): NoticeChoice => {
  const [isOn, set] = useLocalStorage({ key: 'parley console sound', defaultValue: true });
  return { isOn, set };
};

/** Some browsers on phones have none. */
export const hasNotices = 'Notification' in window;

/** Switching it on asks the browser, which may refuse. */
export const useDesktopNotices = (): NoticeChoice => {
  const [isOn, keep] = useLocalStorage({ key: 'parley console notices', defaultValue: false });
  const set = (wanted: boolean): void => {
    if (!wanted) keep(false);
    else void Notification.requestPermission().then((answer) => keep(answer === 'granted'));
  };
  return { isOn: isOn && hasNotices && Notification.permission === 'granted', set };
};

/** Tells of what customers say in one's own rooms, of rooms that nobody has, and of mentions: by sound and on the desktop. */
export const useNotices = (unreadRooms: number): void => {
  const { t } = useTranslation();
  const { parley, me } = useDesk();
  const go = useNavigate();
  const sound = useSound();
  const desktop = useDesktopNotices();
  const wants = useRef({ sound: false, desktop: false });
  wants.current = { sound: sound.isOn, desktop: desktop.isOn };

  useEffect(() => {
    document.title = unreadRooms > 0 ? `(${unreadRooms}) Parley` : 'Parley';
    showIcon(unreadRooms);
  }, [unreadRooms]);
  useEffect(() => {
    // Browsers allow sounds only once something was pressed.
    addEventListener('pointerdown', allowSound, { once: true });
    addEventListener('keydown', allowSound, { once: true });
  }, []);
  /** By room, up to which message: also over what takes this up anew. */
  const seen = useRef(new Map<string, number>());
  useEffect(() => {
    const told = seen.current;
    const tell = (title: string, body: string, path: string): void => {
      if (wants.current.sound) chime();
      if (!wants.current.desktop || document.visibilityState === 'visible') return;
      const notice = new Notification(title, { body, tag: path });
      notice.onclick = () => {
        window.focus();
        void go(path);
        notice.close();
      };
    };
    const look = (room: StaffRoomState): void => {
      const { id, assignee, customer, lastMessage, status } = room;
      const isOwn = assignee?.id === me.id || (assignee === null && status === 'open');
      const seq = lastMessage?.seq ?? 0;
      const isNew =
        isOwn &&
        lastMessage?.sender.id === customer.id &&
        seq > (told.get(id) ?? 0) &&
        Date.now() - Date.parse(lastMessage.createdAt) < 60_000;
      told.set(id, Math.max(seq, told.get(id) ?? 0));
      if (isNew) tell(nameOf(customer, t('guest')), lastMessage.body ?? '', `/${assignee ? 'mine' : 'queue'}/rooms/${id}`);
    };
    const { connection } = parley;
    const ends = [
      connection.on('room.created', (room) => look(room)),
      connection.on('room.updated', (room) => look(room as StaffRoomState)),
      connection.on('mention.created', ({ message, room }) => tell(t('view.mentions'), message.body ?? '', `/mentions/rooms/${room.id}`)),
    ];
    return () => {
      for (const end of ends) end();
    };
  }, [parley, me.id, go, t]);
};
