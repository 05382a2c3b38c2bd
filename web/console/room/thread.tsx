import { Button, Text as Words } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf, unreadOf, type LiveRoom, type Message, type RoomSnapshot } from '@parley/client';
import type { StaffRoom } from '../../../src/contract/room.js';
import { timeOf } from '../../chat/format.js';
import { nameOf, useDesk } from '../desk.js';
import { Dialog } from '../dialog.js';
import { Unsent, type Mark } from './entry.js';
import { Stretch, stretchesOf } from './stretch.js';
import { useThreadScroll, type Jump } from './thread-scroll.js';

/** Both streams as one, as it happened. */
const merged = ({ entries }: RoomSnapshot): Message[] =>
  [...entries.public, ...entries.internal]
    .filter(({ kind }) => kind !== 'edit' && kind !== 'deletion')
    .sort((one, other) => Date.parse(one.createdAt) - Date.parse(other.createdAt) || one.seq - other.seq);

/** How far a message has come to the customer. */
const wayOf = ({ seq }: Message, { marks, customer }: StaffRoom): Mark | null => {
  const mark = marks.find(({ userId }) => userId === customer.id);
  if (!mark) return null;
  return mark.readSeq >= seq ? 'read' : mark.deliveredSeq >= seq ? 'delivered' : 'sent';
};

const History = ({ entry, onClose }: { entry: Message; onClose: () => void }): ReactNode => {
  const { t, i18n } = useTranslation();
  const { parley } = useDesk();
  const params = { path: { roomId: entry.roomId, messageId: entry.id }, query: { limit: 100 } };
  const { data, error } = useQuery({
    queryKey: ['edits', entry.id, entry.editedAt],
    queryFn: () => bodyOf(parley.rest.GET('/api/rooms/{roomId}/messages/{messageId}/edits', { params })),
  });
  return (
    <Dialog opened title={t('history')} onClose={onClose}>
      {error && <Words role="alert">{t('listFailed')}</Words>}
      <ol className="history">
        {data?.items.map((edit) => (
          <li key={edit.createdAt}>
            <time dateTime={edit.createdAt}>{timeOf(edit.createdAt, i18n.language)}</time>
            <p dir="auto">{edit.body ?? t('deleted')}</p>
          </li>
        ))}
      </ol>
    </Dialog>
  );
};

interface ThreadProps {
  live: LiveRoom;
  snapshot: RoomSnapshot;
  room: StaffRoom;
  onAnswer: ((entry: Message) => void) | undefined;
  onRead: () => void;
  /** Where to go first. */
  jump: Jump | null;
  /** Undefined where nobody translates. */
  onTranslate: ((body: string) => Promise<string | null>) | undefined;
}

/** What was said to the customer and among colleagues, in order, and what happened. */
export const Thread = ({ live, snapshot, room, onAnswer, onRead, jump, onTranslate }: ThreadProps): ReactNode => {
  const { t } = useTranslation();
  const { me } = useDesk();
  const [edited, setEdited] = useState<Message | null>(null);
  const [firstUnreadId] = useState(() => unreadOf(snapshot, me.id)[0]?.id ?? null);
  const entries = useMemo(() => merged(snapshot), [snapshot.entries]);
  const stretches = useMemo(() => stretchesOf(entries), [entries]);
  const { outgoing, typing, aiText, hasOlder } = snapshot;
  const lastOwn = entries.findLast(({ sender, stream }) => stream === 'public' && sender?.id === me.id);
  const { box, onScroll, isLoading, isAtEnd, toEnd, older, foundId } = useThreadScroll(live, snapshot, entries, jump);
  const mark = lastOwn ? wayOf(lastOwn, room) : null;

  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState !== 'visible') return;
      live.markRead('public');
      live.markRead('internal');
      onRead();
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [live, entries.length]);

  return (
    <div className="thread" ref={box} onScroll={onScroll}>
      {(hasOlder.public || hasOlder.internal) && (
        <Button size="compact-sm" variant="subtle" display="block" mx="auto" loading={isLoading} onClick={older}>
          {t('older')}
        </Button>
      )}
      <div role="log" aria-live="polite" aria-label={t('thread')} tabIndex={0}>
        {stretches.map((stretch) => (
          <Stretch
            {...stretch}
            key={stretch.key}
            markedId={lastOwn?.id}
            mark={mark}
            firstUnreadId={firstUnreadId}
            foundId={foundId}
            canChange={room.status !== 'closed'}
            onAnswer={onAnswer}
            onHistory={setEdited}
            onTranslate={onTranslate}
          />
        ))}
        <ol>
          {aiText !== null && (
            <li className="entry" data-side="ours" data-stream="public" data-first>
              <div className="entry-bubble">
                <span className="entry-name">{t('machine')}</span>
                <p className="entry-text">{aiText}</p>
              </div>
            </li>
          )}
          {outgoing.map((message) => (
            <Unsent key={message.clientMessageId} message={message} live={live} />
          ))}
        </ol>
      </div>
      <p className="thread-typing" role="status">
        {typing
          .filter(({ user }) => user.id !== me.id)
          .map(({ user, stream }) => t(stream === 'internal' ? 'isNoting' : 'isTyping', { name: nameOf(user, t('guest')) }))
          .join(' ')}
      </p>
      {!isAtEnd && (
        <Button className="thread-end" size="compact-sm" onClick={toEnd}>
          {t('toEnd')}
        </Button>
      )}
      {edited && <History entry={edited} onClose={() => setEdited(null)} />}
    </div>
  );
};
