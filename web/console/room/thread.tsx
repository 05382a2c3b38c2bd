import { Button, Text as Words } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Fragment, useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf, unreadOf, type LiveRoom, type Message, type RoomSnapshot } from '@parley/client';
import type { StaffRoom } from '../../../src/contract/room.js';
import { dayOf, timeOf } from '../../chat/format.js';
import { nameOf, useDesk } from '../desk.js';
import { Dialog } from '../dialog.js';
import { Entry, Unsent } from './entry.js';
import { useLine } from './line.js';
import { useThreadScroll, type Jump } from './thread-scroll.js';

/** Both streams as one, as it happened. */
const merged = ({ entries }: RoomSnapshot): Message[] =>
  [...entries.public, ...entries.internal]
    .filter(({ kind }) => kind !== 'edit' && kind !== 'deletion')
    .sort((one, other) => Date.parse(one.createdAt) - Date.parse(other.createdAt) || one.seq - other.seq);

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
  const { t, i18n } = useTranslation();
  const { me } = useDesk();
  const [edited, setEdited] = useState<Message | null>(null);
  const [firstUnread] = useState(() => unreadOf(snapshot, me.id)[0]?.id ?? null);
  const lineOf = useLine();
  const entries = useMemo(() => merged(snapshot), [snapshot.entries]);
  const byId = useMemo(() => new Map(entries.map((entry) => [entry.id, entry])), [entries]);
  const { outgoing, typing, aiText, hasOlder } = snapshot;
  const lastOwn = entries.findLast(({ sender, stream }) => stream === 'public' && sender?.id === me.id);
  const { box, onScroll, isLoading, isAtEnd, toEnd, older, foundId } = useThreadScroll(live, snapshot, entries, jump);
  const customerMark = room.marks.find(({ userId }) => userId === room.customer.id);

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
        <ol>
          {entries.map((entry, at) => {
            const before = entries[at - 1];
            const day = dayOf(entry.createdAt, i18n.language);
            const isNewDay = !before || dayOf(before.createdAt, i18n.language) !== day;
            const isFirst =
              isNewDay || before.sender?.id !== entry.sender?.id || before.stream !== entry.stream || before.kind === 'activity';
            const mark =
              entry !== lastOwn || !customerMark
                ? null
                : customerMark.readSeq >= entry.seq
                  ? 'read'
                  : customerMark.deliveredSeq >= entry.seq
                    ? 'delivered'
                    : 'sent';
            return (
              <Fragment key={entry.id}>
                {isNewDay && <li className="thread-line">{day}</li>}
                {entry.id === firstUnread && <li className="thread-line thread-new">{t('newMessages')}</li>}
                {entry.kind === 'activity' ? (
                  <li className="thread-line">
                    {lineOf(entry)} · {timeOf(entry.createdAt, i18n.language)}
                  </li>
                ) : (
                  <Entry
                    entry={entry}
                    answered={entry.replyTo === null ? undefined : byId.get(entry.replyTo)}
                    isFirst={isFirst}
                    isFound={entry.id === foundId}
                    mark={mark}
                    canChange={room.status !== 'closed'}
                    onAnswer={onAnswer}
                    onHistory={setEdited}
                    onTranslate={onTranslate}
                  />
                )}
              </Fragment>
            );
          })}
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
