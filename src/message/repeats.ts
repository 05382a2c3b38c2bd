import { firstCodePoints } from '../validation/rules.js';

/** By so much of its beginning a message is known again. */
const BEGINNING = 40;
const CUT = ' …';

const flat = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The first words of a message as a note has them, after a space, and before one where that is all of it. No more of it is looked at. */
const beginningOf = (said: string): string => {
  let words = '';
  for (const [word] of said.matchAll(/\S+/g)) {
    words += ` ${word}`;
    if (words.length > 2 * BEGINNING + 1) break;
  }
  const beginning = firstCodePoints(words.slice(0, 2 * BEGINNING + 2), BEGINNING + 1);
  return beginning === words ? `${words} ` : beginning;
};

/** What a line that was cut ends with, from each of its last spaces on. */
const brokenOff = (line: string): string[] => {
  if (!line.endsWith(CUT)) return [];
  const kept = line.slice(0, -CUT.length).slice(-2 * BEGINNING - 1);
  return [...kept.matchAll(/ (?=.)/g)].map(({ index }) => kept.slice(index));
};

/**
 * Whether a note of the machine says again one of these things that somebody said. Notes set white space right, join what was said in
 * a row, and cut what is long.
 */
export const repeats = (note: string, said: string[]): boolean => {
  const whole = `${flat(note)} `;
  const ends = note.split('\n').flatMap(brokenOff);
  return said.map(beginningOf).some((words) => words !== ' ' && (whole.includes(words) || ends.some((end) => words.startsWith(end))));
};
