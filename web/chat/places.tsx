import { useEffect, useRef, useState } from 'preact/hooks';
import type { OpeningHours, ResumeLink, Room } from '@parley/client';
import type { JSX } from 'preact';
import type { Chat } from './chat.js';
import { Icon } from './icon.js';
import { quickReplies } from './quick.js';
import type { Key, Words } from './strings.js';

/** What stands in place of the conversation for a while. */
export type Place = 'past' | 'device' | 'hours';
const TITLES: Record<Place, Key> = { past: 'past', device: 'device', hours: 'hours' };
/** A Monday. */
const SOME_MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

type Asked<T> = T | 'failed' | undefined;

/** What the server says, `failed` when it does not. */
const useAnswer = <T,>(ask: () => Promise<T | undefined>): Asked<T> => {
  const [answer, setAnswer] = useState<Asked<T>>(undefined);
  useEffect(() => {
    let isLeft = false;
    void ask().then((found) => isLeft || setAnswer(found ?? 'failed'));
    return () => {
      isLeft = true;
    };
  }, []);
  return answer;
};

interface Props {
  chat: Chat;
  words: Words;
  onBack: () => void;
}

const lineOf = ({ lastMessage }: Room, words: Words): string => {
  if (!lastMessage) return words('chat');
  return lastMessage.body === null ? (lastMessage.attachments[0]?.name ?? words('deleted')) : quickReplies(lastMessage.body).text;
};

const at = ({ lastMessage, createdAt }: Room): string => lastMessage?.createdAt ?? createdAt;

const Past = ({ chat, words, onBack }: Props): JSX.Element => {
  const rooms = useAnswer(() => chat.ask.rooms());
  if (rooms === undefined) return <p role="status">{words('loading')}</p>;
  if (rooms === 'failed') return <p role="alert">{words('unreachable')}</p>;
  if (rooms.length === 0) return <p role="status">{words('pastNone')}</p>;
  const date = new Intl.DateTimeFormat(words.language, { dateStyle: 'medium' });
  return (
    <ul class="rooms">
      {rooms.map((room) => (
        <li key={room.id}>
          <button
            type="button"
            aria-current={room.id === chat.state.room?.room?.id}
            onClick={() => {
              chat.goTo(room.id);
              onBack();
            }}
          >
            <span dir="auto">{lineOf(room, words)}</span>
            <small>
              <time dateTime={at(room)}>{date.format(new Date(at(room)))}</time>
              {room.status !== 'closed' && ` · ${words('stillOpen')}`}
              {room.unread > 0 && ` · ${words('unread', { count: room.unread })}`}
            </small>
          </button>
        </li>
      ))}
    </ul>
  );
};

/** The module and the code, once there is a link. */
const Code = ({ url }: { url: string }): JSX.Element => {
  const [dots, setDots] = useState<boolean[][]>([]);
  useEffect(() => void import('uqr').then(({ encode }) => setDots(encode(url, { border: 2 }).data)), [url]);
  const path = dots.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg class="code" viewBox={`0 0 ${dots.length || 1} ${dots.length || 1}`} aria-hidden="true" shape-rendering="crispEdges">
      <path d={path} />
    </svg>
  );
};

const Device = ({ chat, words }: Props): JSX.Element => {
  const link = useAnswer<ResumeLink>(() => chat.ask.resumeLink());
  const [isCopied, setCopied] = useState(false);
  if (link === undefined) return <p role="status">{words('loading')}</p>;
  if (link === 'failed') return <p role="alert">{words('unreachable')}</p>;
  return (
    <>
      <p>{words('deviceHint')}</p>
      <Code url={link.url} />
      <input
        readOnly
        class="link"
        dir="ltr"
        value={link.url}
        aria-label={words('link')}
        onFocus={({ currentTarget }) => currentTarget.select()}
      />
      <button type="button" class="main" onClick={() => void navigator.clipboard.writeText(link.url).then(() => setCopied(true))}>
        {words('copy')}
      </button>
      <p role="status">{isCopied && words('copied')}</p>
    </>
  );
};

const Hours = ({ chat, words }: Props): JSX.Element => {
  const answer = useAnswer<OpeningHours>(() => chat.ask.hours());
  if (answer === undefined) return <p role="status">{words('loading')}</p>;
  if (answer === 'failed') return <p role="alert">{words('unreachable')}</p>;
  const { hours } = answer;
  if (!hours) return <p>{words('hoursAlways')}</p>;
  const day = new Intl.DateTimeFormat(words.language, { weekday: 'long', timeZone: 'UTC' });
  return (
    <>
      <dl class="hours">
        {[1, 2, 3, 4, 5, 6, 7].map((number) => (
          <div key={number}>
            <dt>{day.format(SOME_MONDAY + (number - 1) * DAY_MS)}</dt>
            <dd>
              {hours.weekly
                .filter((span) => span.day === number)
                .map(({ from, to }) => `${from}–${to}`)
                .join(', ') || words('hoursClosed')}
            </dd>
          </div>
        ))}
      </dl>
      <p class="soft">{words('hoursZone', { zone: hours.timeZone })}</p>
    </>
  );
};

export const PlaceView = ({ place, ...props }: Props & { place: Place }): JSX.Element => {
  const { words, onBack } = props;
  const View = { past: Past, device: Device, hours: Hours }[place];
  const title = words(TITLES[place]);
  const back = useRef<HTMLButtonElement>(null);
  useEffect(() => back.current?.focus(), []);
  return (
    <section class="place" aria-label={title}>
      <header>
        <button type="button" class="icon" aria-label={words('back')} ref={back} onClick={onBack}>
          <Icon name="back" />
        </button>
        <h2>{title}</h2>
      </header>
      <View {...props} />
    </section>
  );
};
