import { readableOn, wordsOn } from './color.js';

const GROUNDS = { light: '#ffffff', dark: '#17191d' } as const;
const isColor = (color: string | null): color is string => color !== null && /^#[0-9a-f]{6}$/i.test(color);

/** What a colour makes of the properties of tokens.css, so that words stay readable on it; nothing for what is no colour. */
export const brandOf = (color: string | null): Record<`--${string}`, string> =>
  isColor(color)
    ? {
        '--brand': color,
        '--on-brand': wordsOn(color),
        '--brand-words-light': readableOn(color, GROUNDS.light),
        '--brand-words-dark': readableOn(color, GROUNDS.dark),
      }
    : {};

/** Light or dark, and in the colour of the business. */
export const paint = (theme: 'light' | 'dark' | 'auto', color: string | null): void => {
  const { style, dataset } = document.documentElement;
  dataset.theme = theme;
  for (const [name, value] of Object.entries(brandOf(color))) style.setProperty(name, value);
};
