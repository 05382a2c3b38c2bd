import { readableOn, wordsOn } from './color.js';

const GROUNDS = { light: '#ffffff', dark: '#17191d' } as const;
const isColor = (color: string | null): color is string => color !== null && /^#[0-9a-f]{6}$/i.test(color);

/** Light or dark, and in the colour of the business, so that words stay readable on it. */
export const paint = (theme: 'light' | 'dark' | 'auto', color: string | null): void => {
  const { style, dataset } = document.documentElement;
  dataset.theme = theme;
  if (!isColor(color)) return;
  style.setProperty('--brand', color);
  style.setProperty('--on-brand', wordsOn(color));
  style.setProperty('--brand-words-light', readableOn(color, GROUNDS.light));
  style.setProperty('--brand-words-dark', readableOn(color, GROUNDS.dark));
};
