import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { unreadOf, type Attachment, type Message, type Outgoing, type RoomSnapshot } from '@parley/client';
import type { JSX } from 'preact';
import type { Chat } from './chat.js';
import type { Key, Words } from './strings.js';

/** What ends a sentence is no part of an address that stands at its end. */
const ADDRESS = /https?:\/\/[^\s<>"']*[^\s<>"'.,:;!?)\]}]/gi;

/** Only addresses of the web become links, and they learn nothing of the page that they were on. */
const Text = ({ body }: { body: string }): JSX.Element => {
  const parts: (string | JSX.Element)[] = [];
  let at = 0;
  for (const { 0: address, index } of body.matchAll(ADDRESS)) {
    parts.push(
      body.slice(at, index),
      <a href={address} target="_blank" rel="noopener noreferrer nofollow">
        {address}
      </a>,
    );
    at = index + address.length;
  }
  return (
    <p class="text" dir="auto">
      {parts}
      {body.slice(at)}
    </p>
  );
};

const kilobytes = (size: number, { language }: Words): string =>
  new Intl.NumberFormat(language, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 }).format(Math.max(1, size / 1_024));

/** Addresses of files are good for minutes: an old one is asked for anew. */
const File = ({ file, chat, words }: { file: Attachment; chat: Chat; words: Words }): JSX.Element => {
  const [thumbnail, setThumbnail] = useState(file.thumbnailUrl);
  const open = async (event: MouseEvent): Promise<void> => {
    event.preventDefault();
    const fresh = await chat.addressOf(file.id);
    if (fresh) window.open(fresh.url, '_blank', 'noopener');
  };
  const renew = async (): Promise<void> => {
    const fresh = await chat.addressOf(file.id);
    if (fresh && fresh.thumbnailUrl !== thumbnail) setThumbnail(fresh.thumbnailUrl);
  };
  return (
    <a
      class={thumbnail === null ? 'file' : 'picture'}
      href={file.url}
      rel="noopener noreferrer"
      aria-label={words(thumbnail === null ? 'download' : 'image', { name: file.name })}
      onClick={(event) => void open(event)}
    >
      {thumbnail === null ? (
        <>
          <span dir="auto">{file.name}</span> <small>{kilobytes(file.size, words)}</small>
        </>
      ) : (
        <img src={thumbnail} alt="" loading="lazy" onError={() => void renew()} />
      )}
    </a>
  );
};

const Avatar = ({ name, url }: { name: string; url: string | null }): JSX.Element =>
  url !== null ? (
    <img class="avatar" src={url} alt="" />
  ) : (
    <span class="avatar" aria-hidden="true">
      {[...name][0]?.toUpperCase()}
    </span>
  );

const timeOf = (at: string, { language }: Words): string =>
  new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' }).format(new Date(at));

const dayOf = (at: string, { language }: Words): string => new Intl.DateTimeFormat(language, { dateStyle: 'full' }).format(new Date(at));

interface WrittenProps {
  entry: Message;
  isOwn: boolean;
  isFirst: boolean;
  chat: Chat;
  words: Words;
}

const Written = ({ entry, isOwn, isFirst, chat, words }: WrittenProps): JSX.Element => {
  const name = isOwn ? words('you') : (entry.sender?.name ?? words('team'));
  return (
    <li class={`entry ${isOwn ? 'own' : 'theirs'} ${isFirst ? 'first' : ''}`} data-seq={entry.seq}>
      {!isOwn && isFirst && <Avatar name={name} url={entry.sender?.avatarUrl ?? null} />}
      <div class="bubble">
        <span class={isOwn || !isFirst ? 'unseen' : 'name'} dir="auto">
          {name} {entry.ai && <b class="machine">{words('machine')}</b>}
        </span>
        {entry.deletedAt !== null ? <p class="gone">{words('deleted')}</p> : entry.body !== null && <Text body={entry.body} />}
        {entry.attachments.map((file) => (
          <File key={file.id} file={file} chat={chat} words={words} />
        ))}
        <time dateTime={entry.createdAt}>
          {entry.editedAt !== null && entry.deletedAt === null && `${words('edited')} · `}
          {timeOf(entry.createdAt, words)}
        </time>
      </div>
    </li>
  );
};

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

const Unsent = ({ message, chat, words }: { message: Outgoing; chat: Chat; words: Words }): JSX.Element => (
  <li class="entry own first">
    <div class={`bubble ${message.state}`}>
      <span class="unseen">{words('you')}</span>
      {message.body !== undefined && <Text body={message.body} />}
      <small>
        {message.state === 'failed' ? (
          <>
            {words('failed', { reason: message.error?.message ?? '' })}{' '}
            <button type="button" onClick={() => chat.retry(message.clientMessageId)}>
              {words('retry')}
            </button>{' '}
            <button type="button" onClick={() => chat.discard(message.clientMessageId)}>
              {words('discard')}
            </button>
          </>
        ) : (
          words('sending')
        )}
      </small>
    </div>
  </li>
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
}

/** What was said, in order, and what happened. */
export const Thread = ({ chat, room, userId, isVisible, words }: ThreadProps): JSX.Element => {
  const list = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const [firstUnread] = useState(() => unreadOf(room, userId)[0]?.seq ?? null);
  const entries = room.entries.public.filter(isShown);
  const { outgoing, typing, aiText } = room;
  const last = entries.at(-1);

  useLayoutEffect(() => {
    const at = list.current;
    if (at && follows.current) at.scrollTop = at.scrollHeight;
  }, [last?.seq, outgoing.length, aiText, typing.length, isVisible]);
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
            const isNewDay = !before || dayOf(before.createdAt, words) !== dayOf(entry.createdAt, words);
            const isFirst = isNewDay || before.sender?.id !== entry.sender?.id;
            const line = lineOf(entry, words);
            return (
              <>
                {isNewDay && <li class="line day">{dayOf(entry.createdAt, words)}</li>}
                {entry.seq === firstUnread && <li class="line new">{words('newMessages')}</li>}
                {entry.kind === 'activity' ? (
                  line !== null && <li class="line">{line}</li>
                ) : (
                  <Written key={entry.id} entry={entry} isOwn={entry.sender.id === userId} isFirst={isFirst} chat={chat} words={words} />
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
      <p class="typing" role="status">
        {typing[0] && words('typing', { name: typing[0].user.name ?? words('someone') })}
      </p>
    </div>
  );
};
