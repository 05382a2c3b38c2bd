const channel = (value: number): number => {
  const share = value / 255;
  return share <= 0.039_28 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};

const rgbOf = (color: string): [number, number, number] => {
  const number = Number.parseInt(color.slice(1), 16);
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255];
};

/** As WCAG 2 measures it, from 0 to 1. */
const luminance = (color: string): number => {
  const [red, green, blue] = rgbOf(color).map(channel) as [number, number, number];
  return 0.212_6 * red + 0.715_2 * green + 0.072_2 * blue;
};

/** From 1 to 21. */
export const contrast = (one: string, other: string): number => {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
};

/** The colour of words on this colour. */
export const wordsOn = (color: string): string => (contrast(color, '#ffffff') >= 4.5 ? '#ffffff' : '#000000');

/** The colour, moved towards black or white until it can be read on this ground. */
export const readableOn = (color: string, ground: string): string => {
  const towards = luminance(ground) > 0.5 ? 0 : 255;
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = rgbOf(color).map((value) => Math.round(value + (towards - value) * share));
    const tried = `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
    if (contrast(tried, ground) >= 4.5) return tried;
  }
  return towards === 0 ? '#000000' : '#ffffff';
};
