import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { unreadOf, type Message, type RoomSnapshot } from '@parley/client';
import type { JSX } from 'preact';
import type { Chat } from './chat.js';
import { Text, Unsent, Written } from './entry.js';
import { dayOf } from './format.js';
import { quickReplies } from './quick.js';
import type { Key, Words } from './strings.js';
import { Viewer } from './viewer.js';

const lineOf = ({ activity }: Message, words: Words): string | null => {
  if (!activity) return null;
  const name = 'assignee' in activity ? (activity.assignee?.name ?? words('team')) : '';
  const key = activity.type === 'closed' ? 'ended' : activity.type;
  if (key === 'transferred' && 'assignee' in activity && activity.assignee === null) return words('unassigned');
  const known: readonly string[] = [
    'assigned',
    'unassigned',
    'transferred',
    'ended',
    'reopened',
    'ai_enabled',
    'ai_disabled',
    'handed_over',
  ];
  return known.includes(key) ? words(key as Key, { name }) : null;
};

/** Answers that the business offers: one press says it. */
export const QuickReplies = ({ replies, onPick }: { replies: readonly string[]; onPick: (reply: string) => void }): JSX.Element | null =>
  replies.length === 0 ? null : (
    <div class="quick">
      {replies.map((reply) => (
        <button key={reply} type="button" dir="auto" onClick={() => onPick(reply)}>
          {reply}
        </button>
      ))}
    </div>
  );

const isShown = ({ kind }: Message): boolean => kind !== 'edit' && kind !== 'deletion';
/** As near to the end as this, in pixels, what comes is followed. */
const NEAR = 80;

interface ThreadProps {
  chat: Chat;
  room: RoomSnapshot;
  userId: string;
  isVisible: boolean;
  words: Words;
  /** Absent where nothing can be written. */
  onAnswer: ((entry: Message) => void) | undefined;
}

/** What was said, in order, and what happened. */
export const Thread = ({ chat, room, userId, isVisible, words, onAnswer }: ThreadProps): JSX.Element => {
  const list = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const [firstUnread] = useState(() => unreadOf(room, userId)[0]?.seq ?? null);
  const entries = room.entries.public.filter(isShown);
  const { outgoing, typing, aiText } = room;
  const last = entries.at(-1);
  const [viewed, setViewed] = useState<string | null>(null);
  const pictures = entries.flatMap(({ attachments }) => attachments.filter(({ thumbnailUrl }) => thumbnailUrl !== null));
  const lastWritten = entries.findLast(({ kind }) => kind !== 'activity');
  const canPick = onAnswer && outgoing.length === 0 && lastWritten?.sender?.id !== userId;
  const { replies } = quickReplies(canPick ? (lastWritten?.body ?? '') : '');

  useLayoutEffect(() => {
    const at = list.current;
    if (at && follows.current) at.scrollTop = at.scrollHeight;
  }, [last?.seq, outgoing.length, aiText, typing.length, isVisible]);
  useEffect(() => {
    // What appears beside it, such as a form, takes nothing out of sight that was at the end.
    const watch = new ResizeObserver(([entry]) => {
      if (entry && follows.current) entry.target.scrollTop = entry.target.scrollHeight;
    });
    if (list.current) watch.observe(list.current);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    if (isVisible && document.visibilityState === 'visible') chat.read();
  }, [last?.seq, isVisible]);
  useEffect(() => {
    const look = (): void => {
      if (isVisible && document.visibilityState === 'visible') chat.read();
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [isVisible]);

  const older = async (): Promise<void> => {
    const at = list.current;
    const before = at ? at.scrollHeight - at.scrollTop : 0;
    await chat.older();
    requestAnimationFrame(() => {
      if (at) at.scrollTop = at.scrollHeight - before;
    });
  };
  const others = room.room?.marks.filter((mark) => mark.userId !== userId) ?? [];
  const lastOwn = entries.findLast(({ sender }) => sender?.id === userId);
  const reached = (field: 'readSeq' | 'deliveredSeq'): boolean => others.some((mark) => mark[field] >= (lastOwn?.seq ?? Infinity));

  return (
    <div
      class="thread"
      ref={list}
      onScroll={({ currentTarget: at }) => {
        follows.current = at.scrollHeight - at.scrollTop - at.clientHeight < NEAR;
      }}
    >
      {room.hasOlder.public && (
        <button type="button" class="older" onClick={() => void older()}>
          {words('older')}
        </button>
      )}
      <div role="log" aria-live="polite" aria-label={words('chat')} tabIndex={0}>
        <ol>
          {entries.map((entry, index) => {
            const before = entries[index - 1];
            const isNewDay = !before || dayOf(before.createdAt, words.language) !== dayOf(entry.createdAt, words.language);
            const isFirst = isNewDay || before.sender?.id !== entry.sender?.id;
            const line = lineOf(entry, words);
            return (
              <>
                {isNewDay && <li class="line day">{dayOf(entry.createdAt, words.language)}</li>}
                {entry.seq === firstUnread && <li class="line new">{words('newMessages')}</li>}
                {entry.kind === 'activity' ? (
                  line !== null && <li class="line">{line}</li>
                ) : (
                  <Written
                    key={entry.id}
                    entry={entry}
                    answered={entry.replyTo === null ? undefined : entries.find(({ id }) => id === entry.replyTo)}
                    isOwn={entry.sender.id === userId}
                    isFirst={isFirst}
                    chat={chat}
                    words={words}
                    onAnswer={onAnswer}
                    onView={setViewed}
                  />
                )}
                {entry === lastOwn && outgoing.length === 0 && (
                  <li class="mark">{words(reached('readSeq') ? 'read' : reached('deliveredSeq') ? 'delivered' : 'sent')}</li>
                )}
              </>
            );
          })}
          {aiText !== null && (
            <li class="entry theirs first">
              <div class="bubble">
                <b class="machine">{words('machine')}</b>
                <Text body={aiText} />
              </div>
            </li>
          )}
          {outgoing.map((message) => (
            <Unsent key={message.clientMessageId} message={message} chat={chat} words={words} />
          ))}
        </ol>
      </div>
      <QuickReplies replies={replies} onPick={(reply) => void chat.send(reply)} />
      <p class="typing" role="status">
        {typing[0] && words('typing', { name: typing[0].user.name ?? words('someone') })}
      </p>
      {viewed !== null && <Viewer chat={chat} pictures={pictures} first={viewed} words={words} onClose={() => setViewed(null)} />}
    </div>
  );
};
