import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { PublicBusiness } from '@parley/client';
import type { Chat } from './chat.js';
import { Icon } from './icon.js';
import { kept } from './kept.js';
import { quickReplies } from './quick.js';
import type { Key, Words } from './strings.js';

type Field = 'name' | 'email';
const LABELS: Record<Field, Key> = { name: 'introName', email: 'introEmail' };
const INPUTS = {
  name: { type: 'text', autocomplete: 'name' },
  email: { type: 'email', autocomplete: 'email' },
} as const;
const MAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** What the business asks before the first message. */
export const Intro = ({ chat, business, words }: { chat: Chat; business: PublicBusiness; words: Words }): JSX.Element => {
  const { required = [], consentText = null } = business.preChat ?? {};
  const [values, setValues] = useState<Record<Field, string>>({ name: '', email: '' });
  const [faults, setFaults] = useState<Partial<Record<Field, Key>>>({});
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const begin = async (event: Event): Promise<void> => {
    event.preventDefault();
    const found: Partial<Record<Field, Key>> = {};
    for (const field of required) {
      if (values[field].trim() === '') found[field] = 'required';
      else if (field === 'email' && !MAIL.test(values.email.trim())) found.email = 'emailWrong';
    }
    setFaults(found);
    if (Object.keys(found).length > 0) return;
    await chat.begin(Object.fromEntries(required.map((field) => [field, values[field].trim()])));
  };
  return (
    <form class="intro" noValidate onSubmit={(event) => void begin(event)}>
      {business.welcomeText !== null && (
        <p class="welcome" dir="auto">
          {quickReplies(business.welcomeText).text}
        </p>
      )}
      {required.map((field, at) => (
        <label key={field}>
          {words(LABELS[field])}
          <input
            {...INPUTS[field]}
            ref={at === 0 ? first : undefined}
            dir="auto"
            value={values[field]}
            aria-invalid={faults[field] !== undefined}
            aria-describedby={faults[field] && `fault-${field}`}
            onInput={({ currentTarget: { value } }) => setValues((all) => ({ ...all, [field]: value }))}
          />
          {faults[field] && (
            <span class="fault" id={`fault-${field}`} role="alert">
              {words(faults[field])}
            </span>
          )}
        </label>
      ))}
      {consentText !== null && (
        <p class="consent">
          {words('consent')} {consentText}
        </p>
      )}
      <button type="submit" class="main">
        {words('start')}
      </button>
    </form>
  );
};

/** Nobody is there, and nothing tells how to reach the visitor later. */
export const LeaveAddress = ({ chat, slug, words }: { chat: Chat; slug: string; words: Words }): JSX.Element => {
  const [left, setLeft] = useState(() => kept.read(slug, 'address'));
  const [address, setAddress] = useState('');
  const [fault, setFault] = useState<Key | null>(null);
  if (left !== '') {
    return (
      <p class="queue" role="status">
        {words('addressLeft', { address: left })}
      </p>
    );
  }
  const leave = async (event: Event): Promise<void> => {
    event.preventDefault();
    const given = address.trim();
    const found = MAIL.test(given) ? await chat.leaveAddress(given) : 'emailWrong';
    setFault(found);
    if (found !== null) return;
    kept.write(slug, 'address', given);
    setLeft(given);
  };
  return (
    <form class="address" noValidate onSubmit={(event) => void leave(event)}>
      <label>
        {words('addressWhy')}
        <input
          {...INPUTS.email}
          dir="auto"
          placeholder={words('introEmail')}
          value={address}
          aria-invalid={fault !== null}
          onInput={({ currentTarget: { value } }) => setAddress(value)}
        />
      </label>
      <button type="submit" class="main">
        {words('send')}
      </button>
      {fault !== null && (
        <span class="fault" role="alert">
          {words(fault)}
        </span>
      )}
    </form>
  );
};

/** What the visitor thought of a chat that is over. */
export const Rating = ({ chat, words }: { chat: Chat; words: Words }): JSX.Element => {
  const [score, setScore] = useState(0);
  const [comment, setComment] = useState('');
  return (
    <form
      class="rating"
      onSubmit={(event) => {
        event.preventDefault();
        void chat.rate(score, comment);
      }}
    >
      <fieldset>
        <legend>{words('rate')}</legend>
        <div class="stars">
          {[1, 2, 3, 4, 5].map((one) => (
            <label key={one} class={one <= score ? 'on' : ''} title={words('score', { score: one })}>
              <input type="radio" name="score" class="unseen" checked={one === score} onChange={() => setScore(one)} />
              <span class="unseen">{words('score', { score: one })}</span>
              <Icon name="star" />
            </label>
          ))}
        </div>
      </fieldset>
      {score > 0 && (
        <>
          <label>
            {words('rateComment')}
            <textarea
              rows={2}
              maxLength={1_000}
              dir="auto"
              value={comment}
              onInput={({ currentTarget }) => setComment(currentTarget.value)}
            />
          </label>
          <button type="submit" class="main">
            {words('rateSend')}
          </button>
        </>
      )}
    </form>
  );
};
