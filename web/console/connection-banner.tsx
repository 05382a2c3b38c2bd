import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnection, useDesk } from './desk.js';

/** What the connection is doing, where that is not nothing; and what waits to be sent. */
export const ConnectionBanner = ({ menu }: { menu: ReactNode }): ReactNode => {
  const { t } = useTranslation();
  const { parley } = useDesk();
  const state = useConnection();
  const [now, setNow] = useState(Date.now());
  const isWaiting = state.status === 'waiting';
  useEffect(() => {
    if (!isWaiting) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isWaiting]);
  const unsent = parley.unsent.length;
  const seconds = state.status === 'waiting' ? Math.max(0, Math.ceil((state.retryAt - now) / 1_000)) : 0;
  const text =
    state.status === 'waiting'
      ? t(seconds > 0 ? 'connection.waiting' : 'connection.now', { seconds })
      : state.status === 'connecting'
        ? t('connection.connecting')
        : '';
  return (
    <div className="console-banner" data-state={state.status}>
      {menu}
      <p role="status">
        {text} {text !== '' && unsent > 0 && t('connection.unsent', { count: unsent })}
      </p>
    </div>
  );
};
