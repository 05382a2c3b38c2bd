import { useEffect, useRef, useState } from 'preact/hooks';
import type { Message } from '@parley/client';
import type { JSX } from 'preact';
import type { Chat } from './chat.js';
import type { FileOnItsWay, Held } from './chat-state.js';
import type Emoji from './emoji.js';
import { Quote } from './entry.js';
import { Icon } from './icon.js';
import { kept } from './kept.js';
import { allowSound } from './sound.js';
import type { Words } from './strings.js';

interface ComposerProps {
  chat: Chat;
  files: readonly FileOnItsWay[];
  held: readonly Held[];
  words: Words;
  /** Unsent words are kept for this business. */
  slug: string;
  isVisible: boolean;
  /** The message that is answered. */
  answered: Message | null;
  onAnswered: () => void;
  /** Words that the site has put here. */
  suggested: string;
}

const joined = (...texts: string[]): string => texts.filter((text) => text !== '').join('\n');

/** Where the visitor writes: Enter sends, Shift and Enter begin a line, files come by button, paste or drop. */
export const Composer = ({ chat, files, held, words, slug, isVisible, answered, onAnswered, suggested }: ComposerProps): JSX.Element => {
  const [text, setText] = useState(() => kept.read(slug, 'draft'));
  const box = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [Picker, setPicker] = useState<{ Emoji: typeof Emoji } | null>(null);
  const isBusy = files.some(({ attachment, fault }) => attachment === null && fault === null);
  const hasFiles = files.some(({ attachment }) => attachment !== null);
  const canSend = !isBusy && (text.trim() !== '' || hasFiles);

  useEffect(() => kept.write(slug, 'draft', joined(...held.map(({ words }) => words), text)), [held, text]);
  useEffect(() => {
    if (suggested !== '') setText(suggested);
  }, [suggested]);
  useEffect(() => {
    // On a touch screen the keyboard would come up over what there is to read.
    if (isVisible && (answered || matchMedia('(hover: hover)').matches)) box.current?.focus();
  }, [isVisible, answered]);
  useEffect(() => {
    const at = box.current;
    // Nothing can be measured while it is hidden.
    if (!at || !isVisible) return;
    at.style.height = 'auto';
    at.style.height = `${Math.min(at.scrollHeight, 140)}px`;
  }, [text, isVisible]);

  const send = async (): Promise<void> => {
    if (!canSend) return;
    allowSound();
    const words = text;
    setText('');
    onAnswered();
    await chat.send(words.trim(), answered?.id, () => setText((later) => joined(later, words)));
    box.current?.focus();
  };
  const toggleEmoji = async (): Promise<void> => {
    if (Picker) setPicker(null);
    else setPicker({ Emoji: (await import('./emoji.js')).default });
  };
  const insert = (emoji: string): void => {
    const at = box.current;
    if (!at) return;
    at.setRangeText(emoji, at.selectionStart, at.selectionEnd, 'end');
    setText(at.value);
    setPicker(null);
    at.focus();
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {files.length > 0 && (
        <ul class="files">
          {files.map((file) => (
            <li key={file.key} class={file.fault === null ? '' : 'fault'}>
              <span dir="auto">
                {file.fault === null
                  ? words('uploading', { name: file.name, percent: Math.round(file.share * 100) })
                  : `${file.name}: ${words(file.fault)}`}
              </span>
              {file.fault === null && <progress max={1} value={file.share} aria-label={file.name} />}
              <button type="button" class="icon" aria-label={`${words('cancel')}: ${file.name}`} onClick={() => file.cancel()}>
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {answered && (
        <div class="answered">
          <Quote entry={answered} words={words} />
          <button type="button" class="icon" aria-label={words('answerCancel')} onClick={onAnswered}>
            <Icon name="close" />
          </button>
        </div>
      )}
      {Picker && (
        <Picker.Emoji
          label={words('emoji')}
          onPick={insert}
          onClose={() => {
            setPicker(null);
            box.current?.focus();
          }}
        />
      )}
      <div class="line">
        <button type="button" class="icon" aria-label={words('attach')} title={words('attach')} onClick={() => picker.current?.click()}>
          <Icon name="clip" />
        </button>
        <button
          type="button"
          class="icon"
          aria-label={words('emoji')}
          title={words('emoji')}
          aria-expanded={Picker !== null}
          onClick={() => void toggleEmoji()}
        >
          <Icon name="smile" />
        </button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label={words('attach')}
          onChange={({ currentTarget }) => {
            chat.attach(currentTarget.files);
            currentTarget.value = '';
          }}
        />
        <textarea
          ref={box}
          rows={1}
          dir="auto"
          maxLength={4_000}
          value={text}
          placeholder={words('write')}
          aria-label={words('write')}
          onInput={({ currentTarget }) => {
            setText(currentTarget.value);
            if (currentTarget.value !== '') chat.type();
          }}
          onPaste={({ clipboardData }) => chat.attach(clipboardData?.files)}
          onKeyDown={(event) => {
            // While a word is composed Enter belongs to the input method.
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            void send();
          }}
        />
        <button type="submit" class="icon send" aria-label={words('send')} title={words('send')} disabled={!canSend}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
};
