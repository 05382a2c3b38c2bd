import '../chat/chat.css';
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { unreadOf } from '@parley/client';
import { App } from '../chat/app.js';
import { Chat } from '../chat/chat.js';
import type { Boot, ToLoader, ToPanel } from './messages.js';

/** The site that holds this frame: the first one that boots it, and no other from then on. */
let site: string | undefined;
const tell = (message: ToLoader): void => parent.postMessage(message, site ?? '*');

const Panel = ({ boot, isOpen }: { boot: Boot; isOpen: boolean }): JSX.Element => {
  const [chat] = useState(() => new Chat(location.origin, boot.business));
  const [isVisible, setVisible] = useState(isOpen);
  useEffect(() => {
    chat.know(boot);
    const endHearing = chat.hear(() => tell({ parley: 'message' }));
    let told = 0;
    const end = chat.subscribe(() => {
      const { room, userId } = chat.state;
      const count = room && userId !== null ? unreadOf(room, userId).length : 0;
      if (count !== told) tell({ parley: 'unread', count });
      told = count;
    });
    const listen = ({ data, origin }: MessageEvent<ToPanel>): void => {
      if (origin !== site) return;
      if (data.parley === 'visible') setVisible(data.isVisible);
      else if (data.parley === 'know') chat.know(data.visitor);
      else if (data.parley === 'shutdown') void chat.forget().then(() => tell({ parley: 'gone' }));
    };
    addEventListener('message', listen);
    const escape = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') tell({ parley: 'close' });
    };
    addEventListener('keydown', escape);
    void chat.load();
    return () => {
      end();
      endHearing();
      removeEventListener('message', listen);
      removeEventListener('keydown', escape);
    };
  }, []);
  useEffect(() => {
    if (isVisible) document.querySelector<HTMLElement>('textarea, input')?.focus();
  }, [isVisible]);
  return (
    <App
      chat={chat}
      slug={boot.business}
      locale={boot.locale}
      theme={boot.theme}
      color={boot.color}
      isVisible={isVisible}
      onClose={() => tell({ parley: 'close' })}
    />
  );
};

const begin = ({ data, origin, source }: MessageEvent<ToPanel>): void => {
  if (source !== parent || data.parley !== 'boot') return;
  removeEventListener('message', begin);
  site = origin;
  render(<Panel boot={data.boot} isOpen={data.isVisible} />, document.getElementById('app') as HTMLElement);
};
addEventListener('message', begin);
// Says nothing but that it is here: whoever may hold this frame, its policy decides.
tell({ parley: 'ready' });
