import { useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { download } from '../download.js';
import type { Chat } from './chat.js';
import { Icon } from './icon.js';
import { kept } from './kept.js';
import type { Place } from './places.js';
import type { Key, Words } from './strings.js';

interface SureProps {
  name: Key;
  question: Key;
  words: Words;
  onSure: () => Promise<void>;
}

/** Something that is asked about before it is done. */
const Sure = ({ name, question, words, onSure }: SureProps): JSX.Element => {
  const [isAsking, setAsking] = useState(false);
  if (!isAsking) {
    return (
      <button type="button" onClick={() => setAsking(true)}>
        {words(name)}
      </button>
    );
  }
  return (
    <p role="alert">
      {words(question)}{' '}
      <button type="button" onClick={() => void onSure().then(() => setAsking(false))}>
        {words('yes')}
      </button>{' '}
      <button type="button" onClick={() => setAsking(false)}>
        {words('no')}
      </button>
    </p>
  );
};

export const isLoud = (slug: string): boolean => kept.read(slug, 'sound') !== 'off';
export const mayNotify = (slug: string): boolean => kept.read(slug, 'notify') === 'on' && Notification.permission === 'granted';

interface MenuProps {
  chat: Chat;
  slug: string;
  /** What can be done: everything else is not offered. */
  can: { end: boolean; notify: boolean; keep: boolean };
  words: Words;
  onPlace: (place: Place) => void;
  onPopOut: (() => void) | undefined;
}

/** What is done seldom. */
export const Menu = ({ chat, slug, can, words, onPlace, onPopOut }: MenuProps): JSX.Element => {
  const menu = useRef<HTMLDetailsElement>(null);
  const [hasSound, setSound] = useState(() => isLoud(slug));
  const [notifies, setNotifies] = useState(() => can.notify && mayNotify(slug));
  const keep = async (): Promise<void> => {
    const page = await chat.ask.transcript();
    if (page) download('chat.html', page);
  };
  const toggleNotices = async (): Promise<void> => {
    kept.write(slug, 'notify', notifies ? '' : 'on');
    setNotifies(!notifies && (await Notification.requestPermission()) === 'granted');
  };
  const close = (): void => {
    if (menu.current) menu.current.open = false;
  };
  const item = (name: Key, onClick: () => void): JSX.Element => (
    <button
      type="button"
      onClick={() => {
        close();
        onClick();
      }}
    >
      {words(name)}
    </button>
  );
  return (
    <details
      class="menu"
      ref={menu}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !menu.current?.open) return;
        event.stopPropagation();
        close();
        menu.current.querySelector('summary')?.focus();
      }}
      onFocusOut={({ relatedTarget }) => {
        if (relatedTarget instanceof Node && !menu.current?.contains(relatedTarget)) close();
      }}
    >
      <summary class="icon" aria-label={words('menu')} title={words('menu')}>
        <Icon name="more" />
      </summary>
      <div>
        {item(hasSound ? 'soundOff' : 'soundOn', () => {
          kept.write(slug, 'sound', hasSound ? 'off' : '');
          setSound(!hasSound);
        })}
        {can.notify && item(notifies ? 'notifyOff' : 'notifyOn', () => void toggleNotices())}
        {item('hours', () => onPlace('hours'))}
        {can.keep && (
          <>
            {item('past', () => onPlace('past'))}
            {item('device', () => onPlace('device'))}
            {item('transcript', () => void keep())}
          </>
        )}
        {onPopOut && item('popOut', onPopOut)}
        {can.end && <Sure name="end" question="endSure" words={words} onSure={() => chat.end()} />}
        {can.keep && <Sure name="erase" question="eraseSure" words={words} onSure={() => chat.erase()} />}
      </div>
    </details>
  );
};
