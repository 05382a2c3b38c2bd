import { oneOf, type Random } from '../torture/random.js';

/** Words with nothing in common: no language shortens them, and no one of them is like another one. */
export const WORDS = ['bramblok', 'quintox', 'velmorg', 'dastrup', 'frongal', 'jexpird', 'kolvant', 'mirbuzk', 'nopthal', 'wexgrim'];
/** In every internal message: no customer ever hears it. */
export const HUSH = 'hushhush';

/** A few words that are searched for, and one that stands nowhere else. */
export const sentence = (random: Random, ...more: string[]): string => {
  const words = Array.from({ length: 1 + Math.floor(random() * 3) }, () => oneOf(random, WORDS));
  return [...words, ...more, uniqueWord(random)].join(' ');
};

const LETTERS = 'bcdfghjklmnpqrtvwxz';

/** Never the same, and no number, which search would cut. */
export const uniqueWord = (random: Random): string => `u${Array.from({ length: 14 }, () => oneOf(random, [...LETTERS])).join('')}`;
