import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Chat } from './chat.js';
import { Icon } from './icon.js';
import { kept } from './kept.js';
import type { Key, Words } from './strings.js';

interface SureProps {
  name: Key;
  question: Key;
  words: Words;
  onSure: () => Promise<void>;
}

/** Something that is asked about before it is done. */
const Sure = ({ name, question, words, onSure }: SureProps): JSX.Element => {
  const [isAsking, setAsking] = useState(false);
  if (!isAsking) {
    return (
      <button type="button" onClick={() => setAsking(true)}>
        {words(name)}
      </button>
    );
  }
  return (
    <p role="alert">
      {words(question)}{' '}
      <button type="button" onClick={() => void onSure().then(() => setAsking(false))}>
        {words('yes')}
      </button>{' '}
      <button type="button" onClick={() => setAsking(false)}>
        {words('no')}
      </button>
    </p>
  );
};

export const isLoud = (slug: string): boolean => kept.read(slug, 'sound') !== 'off';

/** What is done seldom. */
export const Menu = ({ chat, slug, canEnd, words }: { chat: Chat; slug: string; canEnd: boolean; words: Words }): JSX.Element => {
  const [hasSound, setSound] = useState(() => isLoud(slug));
  const download = async (): Promise<void> => {
    const page = await chat.transcript();
    if (!page) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(page);
    link.download = 'chat.html';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
  return (
    <details class="menu">
      <summary class="icon" aria-label={words('menu')} title={words('menu')}>
        <Icon name="more" />
      </summary>
      <div>
        <button
          type="button"
          aria-pressed={hasSound}
          onClick={() => {
            kept.write(slug, 'sound', hasSound ? 'off' : '');
            setSound(!hasSound);
          }}
        >
          {words(hasSound ? 'soundOff' : 'soundOn')}
        </button>
        <button type="button" onClick={() => void download()}>
          {words('transcript')}
        </button>
        {canEnd && <Sure name="end" question="endSure" words={words} onSure={() => chat.end()} />}
        <Sure name="erase" question="eraseSure" words={words} onSure={() => chat.erase()} />
      </div>
    </details>
  );
};
