import { useEffect, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import { EMOJI, moveInGrid } from './emoji-grid.js';

interface EmojiProps {
  label: string;
  onPick: (emoji: string) => void;
  onClose: () => void;
}

/** A grid to choose from: by pointer, or by arrows and Enter. */
const Emoji = ({ label, onPick, onClose }: EmojiProps): JSX.Element => {
  const grid = useRef<HTMLDivElement>(null);
  useEffect(() => grid.current?.querySelector('button')?.focus(), []);
  const move = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      // The panel around it stays open.
      event.stopPropagation();
      onClose();
      return;
    }
    moveInGrid(grid.current, event);
  };
  return (
    <div class="emoji" ref={grid} role="group" aria-label={label} onKeyDown={move}>
      {EMOJI.map((emoji, at) => (
        <button key={emoji} type="button" tabIndex={at === 0 ? 0 : -1} onClick={() => onPick(emoji)}>
          {emoji}
        </button>
      ))}
    </div>
  );
};

export default Emoji;
