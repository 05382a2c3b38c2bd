import { useEffect, useRef } from 'preact/hooks';
import type { JSX } from 'preact';

/** What people use most, near to each other what is alike. Whoever listens hears their names from the reader, in its language. */
const EMOJI =
  '😀 😄 😁 😅 😂 🙂 🙃 😉 😊 😇 🥰 😍 😘 😋 😜 🤗 🤔 🤨 😐 😶 🙄 😏 😬 😌 😴 😷 🤒 🤧 🥵 🥶 😎 🤓 😕 😟 🙁 😮 😲 🥺 😢 😭 😱 😤 😡 🤬 😞 😓 😩 🥱 ' +
  '👋 👌 ✌️ 🤞 🤙 👈 👉 👆 👇 👍 👎 ✊ 👊 👏 🙌 🤝 🙏 💪 👀 🙋 🤷 🤦 ❤️ 🧡 💛 💚 💙 💜 🖤 💔 💯 ✅ ❌ ❗ ❓ ⚠️ ✨ ⭐ 🔥 🎉 🎁 🎂 🏆 💡 🔔 ⏰ ' +
  '☀️ 🌧️ ❄️ 🌈 🌹 🌳 🐶 🐱 🐻 🐝 🍎 🍕 🍰 ☕ 🍺 🍷 ⚽ 🎵 🎮 📷 💻 📱 📞 📧 📦 🚚 🛒 💳 💶 🧾 📅 📌 📎 ✏️ 🔑 🔒 🔍 🔧 🏠 🏢 🏥 ✈️ 🚗 🚲 🚆 🗺️';

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 };

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
    const all = [...(grid.current?.querySelectorAll('button') ?? [])];
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const sense = document.documentElement.dir === 'rtl' && Math.abs(step) === 1 ? -step : step;
    all[all.indexOf(event.target as HTMLButtonElement) + sense]?.focus();
  };
  return (
    <div class="emoji" ref={grid} role="group" aria-label={label} onKeyDown={move}>
      {EMOJI.split(' ').map((emoji, at) => (
        <button key={emoji} type="button" tabIndex={at === 0 ? 0 : -1} onClick={() => onPick(emoji)}>
          {emoji}
        </button>
      ))}
    </div>
  );
};

export default Emoji;
