import { useEffect, useRef, useState } from 'preact/hooks';
import type { Attachment } from '@parley/client';
import type { JSX } from 'preact';
import type { Chat } from './chat.js';
import { Icon } from './icon.js';
import type { Words } from './strings.js';

interface ViewerProps {
  chat: Chat;
  /** All pictures of the thread. */
  pictures: readonly Attachment[];
  /** The one to begin with. */
  first: string;
  words: Words;
  onClose: () => void;
}

/** Pictures one by one, over everything else. */
export const Viewer = ({ chat, pictures, first, words, onClose }: ViewerProps): JSX.Element => {
  const dialog = useRef<HTMLDialogElement>(null);
  const [at, setAt] = useState(() => pictures.findIndex(({ id }) => id === first));
  const [address, setAddress] = useState<string | null>(null);
  const picture = pictures[at];
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    let isLeft = false;
    setAddress(null);
    // The address in the message may be too old.
    if (picture) void chat.ask.addressOf(picture.id).then((fresh) => isLeft || setAddress(fresh?.url ?? picture.url));
    return () => {
      isLeft = true;
    };
  }, [picture?.id]);
  const step = (by: number): void => setAt((now) => Math.min(pictures.length - 1, Math.max(0, now + by)));
  const onKeyDown = (event: KeyboardEvent): void => {
    // What ends this must not end the panel as well.
    if (event.key === 'Escape') event.stopPropagation();
    const forward = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') step(event.key === forward ? 1 : -1);
  };
  return (
    <dialog
      class="viewer"
      ref={dialog}
      aria-label={words('image', { name: picture?.name ?? '' })}
      onClose={onClose}
      onKeyDown={onKeyDown}
      onClick={({ target }) => {
        if (target === dialog.current) dialog.current?.close();
      }}
    >
      <header>
        <p dir="auto">{picture?.name}</p>
        {address !== null && (
          <a
            class="icon"
            href={address}
            target="_blank"
            rel="noopener noreferrer"
            aria-label={words('download', { name: picture?.name ?? '' })}
          >
            <Icon name="download" />
          </a>
        )}
        <button type="button" class="icon" aria-label={words('closePicture')} onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </header>
      {address === null ? <p role="status">{words('loading')}</p> : <img src={address} alt={picture?.name ?? ''} />}
      {pictures.length > 1 && (
        <footer>
          <button type="button" class="icon" disabled={at === 0} aria-label={words('previousPicture')} onClick={() => step(-1)}>
            <Icon name="back" />
          </button>
          <span>
            {at + 1} / {pictures.length}
          </span>
          <button
            type="button"
            class="icon"
            disabled={at === pictures.length - 1}
            aria-label={words('nextPicture')}
            onClick={() => step(1)}
          >
            <Icon name="next" />
          </button>
        </footer>
      )}
    </dialog>
  );
};
