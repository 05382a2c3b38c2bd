import '../chat/chat.css';
import './guest.css';
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { unreadOf } from '@parley/client';
import { App } from '../chat/app.js';
import { Chat } from '../chat/chat.js';
import { mayNotify } from '../chat/menu.js';

const slug = decodeURIComponent(location.pathname.split('/')[2] ?? '');
/** Out of the address at once, so that it is in no bookmark and no history. */
const token = /^#resume=([\w-]+)$/.exec(location.hash)?.[1];
if (token !== undefined) history.replaceState(null, '', location.pathname);

/** The name of the business and what is unread, where tabs show it. */
const Guest = (): JSX.Element => {
  const [chat] = useState(() => new Chat(location.origin, slug));
  useEffect(() => {
    chat.know({ context: { page: location.href, referrer: document.referrer } });
    const end = chat.subscribe(() => {
      const { business, room, userId } = chat.state;
      const count = room && userId !== null && document.visibilityState === 'hidden' ? unreadOf(room, userId).length : 0;
      document.title = `${count > 0 ? `(${count}) ` : ''}${business?.name ?? 'Chat'}`;
    });
    const endHearing = chat.hear(({ body }) => {
      if (document.visibilityState === 'visible' || !('Notification' in window) || !mayNotify(slug)) return;
      const notice = new Notification(chat.state.business?.name ?? 'Chat', { body: body ?? '', tag: 'parley' });
      notice.onclick = () => {
        window.focus();
        notice.close();
      };
    });
    void chat.load(token);
    return () => {
      end();
      endHearing();
    };
  }, []);
  return <App chat={chat} slug={slug} isVisible isPage />;
};

render(<Guest />, document.getElementById('app') as HTMLElement);
