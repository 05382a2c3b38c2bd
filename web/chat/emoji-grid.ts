/** What people use most, near to each other what is alike. Whoever listens hears their names from the reader, in its language. */
export const EMOJI: readonly string[] = (
  '😀 😄 😁 😅 😂 🙂 🙃 😉 😊 😇 🥰 😍 😘 😋 😜 🤗 🤔 🤨 😐 😶 🙄 😏 😬 😌 😴 😷 🤒 🤧 🥵 🥶 😎 🤓 😕 😟 🙁 😮 😲 🥺 😢 😭 😱 😤 😡 🤬 😞 😓 😩 🥱 ' +
  '👋 👌 ✌️ 🤞 🤙 👈 👉 👆 👇 👍 👎 ✊ 👊 👏 🙌 🤝 🙏 💪 👀 🙋 🤷 🤦 ❤️ 🧡 💛 💚 💙 💜 🖤 💔 💯 ✅ ❌ ❗ ❓ ⚠️ ✨ ⭐ 🔥 🎉 🎁 🎂 🏆 💡 🔔 ⏰ ' +
  '☀️ 🌧️ ❄️ 🌈 🌹 🌳 🐶 🐱 🐻 🐝 🍎 🍕 🍰 ☕ 🍺 🍷 ⚽ 🎵 🎮 📷 💻 📱 📞 📧 📦 🚚 🛒 💳 💶 🧾 📅 📌 📎 ✏️ 🔑 🔒 🔍 🔧 🏠 🏢 🏥 ✈️ 🚗 🚲 🚆 🗺️'
).split(' ');

/** In a row of a grid. */
const EMOJI_COLUMNS = 8;
const STEPS: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: EMOJI_COLUMNS, ArrowUp: -EMOJI_COLUMNS };

/** Moves the focus from button to button by arrows. */
export const moveInGrid = (grid: HTMLElement | null, event: KeyboardEvent): void => {
  const step = STEPS[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const all = [...(grid?.querySelectorAll('button') ?? [])];
  const sense = document.documentElement.dir === 'rtl' && Math.abs(step) === 1 ? -step : step;
  all[all.indexOf(event.target as HTMLButtonElement) + sense]?.focus();
};
