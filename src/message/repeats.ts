import { firstCodePoints } from '../validation/rules.js';

/** By so much of its beginning a message is known again. */
const BEGINNING = 40;
const CUT = ' …';

const flat = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Whether a line that was cut ends within these words. */
const breaksOffIn = (line: string, words: string): boolean => {
  if (!line.endsWith(CUT)) return false;
  const kept = line.slice(0, -CUT.length);
  const letters = Array.from(words);
  return letters.some((_, end) => kept.endsWith(` ${letters.slice(0, end + 1).join('')}`));
};

/**
 * Whether a note of the machine says again what somebody said. Notes set white space right, join what was said in a row, and cut
 * what is long.
 */
export const repeats = (note: string, said: string): boolean => {
  const whole = flat(said);
  const words = firstCodePoints(whole, BEGINNING);
  const isThere = `${flat(note)} `.includes(words === whole ? ` ${words} ` : ` ${words}`);
  return isThere || note.split('\n').some((line) => breaksOffIn(line, words));
};
