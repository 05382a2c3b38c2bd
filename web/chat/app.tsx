import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { ConnectionState, Message, RoomSnapshot } from '@parley/client';
import { availabilityOf } from './availability.js';
import type { Chat } from './chat.js';
import { isSomebodyThere, type ChatState, type Fault } from './chat-state.js';
import { Composer } from './composer.js';
import { OnItsWay } from './entry.js';
import { Intro, LeaveAddress, Rating } from './forms.js';
import { Icon } from './icon.js';
import { isLoud, Menu } from './menu.js';
import { paint } from './paint.js';
import { PlaceView, type Place } from './places.js';
import { quickReplies } from './quick.js';
import { chime } from './sound.js';
import { english, loadWords, type Words } from './strings.js';
import { QuickReplies, Thread } from './thread.js';

const useChat = (chat: Chat): ChatState => {
  const [state, setState] = useState(chat.state);
  useEffect(() => {
    setState(chat.state);
    return chat.subscribe(() => setState(chat.state));
  }, [chat]);
  return state;
};

const useWords = (wanted: readonly string[]): Words => {
  const [words, setWords] = useState<Words>(() => english);
  const key = wanted.join();
  useEffect(() => {
    void loadWords(wanted).then((found) => setWords(() => found));
  }, [key]);
  useEffect(() => {
    document.documentElement.lang = words.language;
    document.documentElement.dir = words.direction;
  }, [words]);
  return words;
};

/** Seconds until a moment, anew each second. */
const useSecondsUntil = (moment: number | null): number => {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (moment === null) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [moment]);
  return moment === null ? 0 : Math.max(0, Math.ceil((moment - now) / 1_000));
};

const ConnectionLine = ({ state, words }: { state: ConnectionState; words: Words }): JSX.Element => {
  const seconds = useSecondsUntil(state.status === 'waiting' ? state.retryAt : null);
  const isLimited = state.status === 'waiting' && state.cause === 'rate.limited';
  const text =
    state.status === 'waiting'
      ? words(isLimited ? 'limited' : seconds > 0 ? 'waiting' : 'waitingNow', { seconds })
      : state.status === 'connecting'
        ? words('connecting')
        : state.status === 'ended'
          ? words('sessionEnded')
          : '';
  return (
    <p class={`connection ${state.status}`} role="status">
      {text}
    </p>
  );
};

/** What did not happen, until that has passed. */
const FaultLine = ({ fault, words }: { fault: Fault; words: Words }): JSX.Element | null => {
  const seconds = useSecondsUntil(fault.until ?? null);
  return fault.until !== undefined && seconds === 0 ? null : (
    <p class="connection waiting" role="alert">
      {words(fault.key, { seconds })}
    </p>
  );
};

const QueueLine = ({ room, words }: { room: RoomSnapshot; words: Words }): JSX.Element | null => {
  if (!room.queue) return null;
  const { position, estimateSeconds } = room.queue;
  const minutes = Math.ceil((estimateSeconds ?? 0) / 60);
  return (
    <p class="queue" role="status">
      {words(estimateSeconds === null ? 'queue' : 'queueEstimate', { position, minutes })}
    </p>
  );
};

const Notice = ({ title, hint }: { title: string; hint?: string }): JSX.Element => (
  <div class="notice" role="status">
    <p>{title}</p>
    {hint !== undefined && <p class="soft">{hint}</p>}
  </div>
);

interface AppProps {
  chat: Chat;
  slug: string;
  /** In place of the languages of the browser. */
  locale?: string | undefined;
  theme?: 'light' | 'dark' | 'auto' | undefined;
  color?: string | undefined;
  /** Whether the visitor sees it. */
  isVisible: boolean;
  /** A page of its own: it shows the logo and can put notices on the desktop. */
  isPage?: boolean;
  /** Words to begin a message with. */
  suggested?: string;
  /** Offered where it can go on in a window of its own. */
  onPopOut?: (() => void) | undefined;
  /** Shown where it can be closed. */
  onClose?: (() => void) | undefined;
}

/** The whole chat, in a panel or over a page. */
export const App = ({
  chat,
  slug,
  locale,
  theme = 'auto',
  color,
  isVisible,
  isPage = false,
  suggested = '',
  onPopOut,
  onClose,
}: AppProps): JSX.Element => {
  const state = useChat(chat);
  const { phase, business, room, userId, connection } = state;
  const words = useWords(locale === undefined ? [...navigator.languages, business?.locale ?? 'en'] : [locale]);
  useEffect(() => paint(theme, color ?? business?.theme.color ?? null), [theme, color, business?.theme.color]);
  useEffect(
    () =>
      chat.hear(() => {
        if (isLoud(slug) && (!isVisible || document.visibilityState === 'hidden')) chime();
      }),
    [chat, slug, isVisible],
  );
  const isClosed = room?.room?.status === 'closed';
  const isOver = isClosed || connection.status === 'ended';
  const assignee = room?.room?.assignee ?? null;
  const [place, setPlace] = useState<Place | null>(null);
  const [answered, setAnswered] = useState<Message | null>(null);
  const [isDropping, setDropping] = useState(false);
  const isOpen = phase === 'chat' && !isOver && place === null;
  const welcome = quickReplies(business?.welcomeText ?? words('welcome'));
  const hasBegun = room !== null && userId !== null && (room.room !== null || room.outgoing.length > 0);

  return (
    <main
      class={`chat ${isDropping ? 'dropping' : ''}`}
      aria-label={words('chat')}
      data-drop={words('drop')}
      onDragOver={(event) => {
        event.preventDefault();
        setDropping(isOpen);
      }}
      onDragLeave={({ relatedTarget, currentTarget }) => {
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setDropping(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setDropping(false);
        if (isOpen) chat.attach(event.dataTransfer?.files);
      }}
    >
      <header>
        {isPage && business?.theme.logoUrl != null && <img class="logo" src={business.theme.logoUrl} alt="" />}
        <div>
          <h1>
            <bdi>{business?.name ?? words('chat')}</bdi>
          </h1>
          {business && phase !== 'unknown' && <p>{assignee ? <bdi>{assignee.name}</bdi> : availabilityOf(business, words)}</p>}
        </div>
        {phase === 'chat' && (
          <Menu
            chat={chat}
            slug={slug}
            can={{ end: room?.room != null && !isOver, notify: isPage && 'Notification' in window, keep: room?.room != null }}
            words={words}
            onPlace={setPlace}
            onPopOut={onPopOut}
          />
        )}
        {onClose && (
          <button type="button" class="icon" aria-label={words('close')} title={words('close')} onClick={onClose}>
            <Icon name="close" />
          </button>
        )}
      </header>
      {phase === 'chat' && <ConnectionLine state={connection} words={words} />}
      {phase === 'loading' && <Notice title={words('loading')} />}
      {phase === 'unknown' && <Notice title={words('unknown')} hint={words('unknownHint')} />}
      {phase === 'unreachable' && (
        <>
          <Notice title={words('unreachable')} />
          {state.fault?.until !== undefined && <FaultLine fault={state.fault} words={words} />}
        </>
      )}
      {phase === 'refused' && <Notice title={words('refused')} />}
      {phase === 'intro' && business && <Intro chat={chat} business={business} words={words} />}
      {phase === 'chat' && place !== null && <PlaceView place={place} chat={chat} words={words} onBack={() => setPlace(null)} />}
      {phase === 'chat' && place === null && (
        <>
          {hasBegun ? (
            <Thread
              key={room.room?.id ?? 'new'}
              chat={chat}
              room={room}
              userId={userId}
              isVisible={isVisible}
              words={words}
              onAnswer={isOver ? undefined : setAnswered}
            />
          ) : (
            <div class="thread">
              <p class="welcome" dir="auto">
                {welcome.text}
              </p>
              {state.held.length === 0 ? (
                <QuickReplies replies={welcome.replies} onPick={(reply) => void chat.send(reply)} />
              ) : (
                <ol>
                  {state.held.map((one, place) => (
                    <OnItsWay key={place} body={one.words} words={words} />
                  ))}
                </ol>
              )}
            </div>
          )}
          {business && room?.room && !isOver && !assignee && !isSomebodyThere(business) && !chat.hasAddress && (
            <LeaveAddress chat={chat} slug={slug} words={words} />
          )}
          {room && !isOver && <QueueLine room={room} words={words} />}
          {state.fault !== null && <FaultLine fault={state.fault} words={words} />}
          {isOver ? (
            <div class="over">
              {isClosed && room.room?.rating === null && <Rating chat={chat} words={words} />}
              {isClosed && room.room?.rating != null && <p role="status">{words('rated')}</p>}
              <button type="button" class="main" onClick={() => void chat.anew()}>
                {words('startAnew')}
              </button>
            </div>
          ) : (
            <Composer
              chat={chat}
              files={state.files}
              held={state.held}
              words={words}
              slug={slug}
              isVisible={isVisible}
              answered={answered}
              onAnswered={() => setAnswered(null)}
              suggested={suggested}
            />
          )}
        </>
      )}
    </main>
  );
};
