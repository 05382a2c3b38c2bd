import '../chat/chat.css';
import './guest.css';
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { unreadOf } from '@parley/client';
import { App } from '../chat/app.js';
import { Chat } from '../chat/chat.js';

const slug = decodeURIComponent(location.pathname.split('/')[2] ?? '');

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
    void chat.load();
    return end;
  }, []);
  return <App chat={chat} slug={slug} isVisible />;
};

render(<Guest />, document.getElementById('app') as HTMLElement);
