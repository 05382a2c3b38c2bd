import { useEffect, useRef, type ReactNode } from 'react';
import { EMOJI, moveInGrid } from '../../chat/emoji-grid.js';

/** A grid to choose from: by pointer, or by arrows and Enter. */
const Emoji = ({ label, onPick }: { label: string; onPick: (emoji: string) => void }): ReactNode => {
  const grid = useRef<HTMLDivElement>(null);
  useEffect(() => grid.current?.querySelector('button')?.focus(), []);
  return (
    <div
      className="emoji"
      ref={grid}
      role="group"
      aria-label={label}
      onKeyDown={({ nativeEvent }) => moveInGrid(grid.current, nativeEvent)}
    >
      {EMOJI.map((emoji, at) => (
        <button key={emoji} type="button" tabIndex={at === 0 ? 0 : -1} onClick={() => onPick(emoji)}>
          {emoji}
        </button>
      ))}
    </div>
  );
};

export default Emoji;
