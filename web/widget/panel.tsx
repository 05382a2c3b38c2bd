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
  const [suggested, setSuggested] = useState('');
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
      else if (data.parley === 'suggest') setSuggested(data.text);
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
  return (
    <App
      chat={chat}
      slug={boot.business}
      locale={boot.locale}
      theme={boot.theme}
      color={boot.color}
      isVisible={isVisible}
      suggested={suggested}
      onPopOut={() => void popOut(chat, boot.business)}
      onClose={() => tell({ parley: 'close' })}
    />
  );
};

/** The chat in a window of its own, which does not share what this frame keeps. */
const popOut = async (chat: Chat, slug: string): Promise<void> => {
  // At once, while the browser still takes it for what the visitor did.
  const page = open('', '_blank', 'popup,width=420,height=680');
  if (!page) return;
  page.location.href = (await chat.ask.resumeLink())?.url ?? `/chat/${slug}`;
  tell({ parley: 'close' });
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
