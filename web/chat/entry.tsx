import { useState } from 'preact/hooks';
import type { Attachment, Message, Outgoing } from '@parley/client';
import type { JSX } from 'preact';
import type { Chat } from './chat.js';
import { kilobytes, shortened, timeOf } from './format.js';
import { Icon } from './icon.js';
import { LINK, piecesOf, type Piece } from './pieces.js';
import { quickReplies } from './quick.js';
import type { Key, Words } from './strings.js';

const shown = (piece: Piece): JSX.Element | string => {
  if (typeof piece === 'string') return piece;
  const { tag: Tag, pieces, address } = piece;
  return address === undefined ? <Tag>{pieces.map(shown)}</Tag> : <a {...{ href: address, ...LINK }}>{pieces.map(shown)}</a>;
};

/** What somebody wrote. */
export const Text = ({ body }: { body: string }): JSX.Element => (
  <p class="text" dir="auto">
    {piecesOf(body).map(shown)}
  </p>
);

interface FileProps {
  file: Attachment;
  chat: Chat;
  words: Words;
  onView: (id: string) => void;
}

/** Addresses of files are good for minutes: an old one is asked for anew. */
const File = ({ file, chat, words, onView }: FileProps): JSX.Element => {
  const [thumbnail, setThumbnail] = useState(file.thumbnailUrl);
  const size = kilobytes(file.size, words.language);
  const open = async (event: MouseEvent): Promise<void> => {
    event.preventDefault();
    if (thumbnail !== null) {
      onView(file.id);
      return;
    }
    const fresh = await chat.ask.addressOf(file.id);
    if (fresh) window.open(fresh.url, '_blank', 'noopener');
  };
  const renew = async (): Promise<void> => {
    const fresh = await chat.ask.addressOf(file.id);
    if (fresh && fresh.thumbnailUrl !== thumbnail) setThumbnail(fresh.thumbnailUrl);
  };
  return (
    <a
      class={thumbnail === null ? 'file' : 'picture'}
      href={file.url}
      rel="noopener noreferrer"
      aria-label={thumbnail === null ? words('download', { name: `${file.name} ${size}` }) : words('image', { name: file.name })}
      onClick={(event) => void open(event)}
    >
      {thumbnail === null ? (
        <>
          <span dir="auto">{file.name}</span> <small>{size}</small>
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

/** A few words of a message, to say which one is meant. */
export const Quote = ({ entry, words }: { entry: Message | undefined; words: Words }): JSX.Element => (
  <blockquote dir="auto">
    {entry === undefined
      ? words('earlierMessage')
      : entry.deletedAt !== null
        ? words('deleted')
        : entry.body === null
          ? entry.attachments.map(({ name }) => name).join(', ')
          : quickReplies(entry.body).text}
  </blockquote>
);

interface WrittenProps {
  entry: Message;
  /** The message that this one answers, if it is one that is here. */
  answered: Message | undefined;
  isOwn: boolean;
  isFirst: boolean;
  chat: Chat;
  words: Words;
  /** Shown where it can be answered. */
  onAnswer: ((entry: Message) => void) | undefined;
  onView: (id: string) => void;
}

export const Written = ({ entry, answered, isOwn, isFirst, chat, words, onAnswer, onView }: WrittenProps): JSX.Element => {
  const name = isOwn ? words('you') : (entry.sender?.name ?? words('team'));
  const isGone = entry.deletedAt !== null;
  const text = entry.body === null ? '' : quickReplies(entry.body).text;
  return (
    <li class={`entry ${isOwn ? 'own' : 'theirs'} ${isFirst ? 'first' : ''}`} data-seq={entry.seq}>
      {!isOwn && isFirst && <Avatar name={name} url={entry.sender?.avatarUrl ?? null} />}
      <div class="bubble">
        <span class={isOwn || !isFirst ? 'unseen' : 'name'} dir="auto">
          {name} {entry.ai && <b class="machine">{words('machine')}</b>}
        </span>
        {entry.replyTo !== null && !isGone && <Quote entry={answered} words={words} />}
        {isGone ? <p class="gone">{words('deleted')}</p> : text !== '' && <Text body={text} />}
        {entry.attachments.map((file) => (
          <File key={file.id} file={file} chat={chat} words={words} onView={onView} />
        ))}
        <time dateTime={entry.createdAt}>
          {entry.editedAt !== null && !isGone && `${words('edited')} · `}
          {timeOf(entry.createdAt, words.language)}
        </time>
      </div>
      {onAnswer && !isGone && (
        <button
          type="button"
          class="icon answer"
          aria-label={`${words('answer')}: ${shortened(text || entry.attachments.map(({ name }) => name).join(', '))}`}
          title={words('answer')}
          onClick={() => onAnswer(entry)}
        >
          <Icon name="answer" />
        </button>
      )}
    </li>
  );
};

/** What waits for the visitor's sign-in. */
export const OnItsWay = ({ body, words }: { body: string; words: Words }): JSX.Element => (
  <li class="entry own first">
    <div class="bubble">
      <span class="unseen">{words('you')}</span>
      <Text body={body} />
      <small>{words('sending')}</small>
    </div>
  </li>
);

const REASONS: Record<string, Key> = { 'access.denied': 'notAvailable', 'room.closed': 'ended' };

const reasonOf = ({ error }: Outgoing, words: Words): string => {
  const key = error ? REASONS[error.code] : undefined;
  return key ? words(key) : (error?.message ?? '');
};

export const Unsent = ({ message, chat, words }: { message: Outgoing; chat: Chat; words: Words }): JSX.Element => (
  <li class="entry own first">
    <div class={`bubble ${message.state}`}>
      <span class="unseen">{words('you')}</span>
      {message.body !== undefined && <Text body={message.body} />}
      <small>
        {message.state === 'failed' ? (
          <>
            {words('failed', { reason: reasonOf(message, words) })}{' '}
            <button type="button" onClick={() => void chat.retry(message)}>
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
