import { escaped } from '../page/page.js';

const WORD = /[\p{L}\p{N}]+/gu;
/** As much as the database asks of a word that is not spelt right. */
const ALIKE = 0.5;

/** As pg_trgm makes them: of each word, with two blanks before it and one behind. */
const trigramsOf = (text: string): Set<string> => {
  const trigrams = new Set<string>();
  for (const [word] of text.toLowerCase().matchAll(WORD)) {
    const padded = `  ${word} `;
    for (let at = 0; at + 3 <= padded.length; at++) trigrams.add(padded.slice(at, at + 3));
  }
  return trigrams;
};

/** How much of what is asked for is in a word, and of the word in that. */
const likeness = (asked: Set<string>, word: string): number => {
  const own = trigramsOf(word);
  const common = [...own].filter((trigram) => asked.has(trigram)).length;
  return common / Math.max(1, Math.min(asked.size, own.size));
};

const literal = (q: string, text: string): [number, number][] => {
  const [low, wanted] = [text.toLowerCase(), q.toLowerCase()];
  // Letters that take another room in lower case would shift the places.
  if (low.length !== text.length || wanted.length === 0) return [];
  const places: [number, number][] = [];
  for (let at = low.indexOf(wanted); at >= 0; at = low.indexOf(wanted, at + wanted.length)) places.push([at, at + wanted.length]);
  return places;
};

const similar = (q: string, text: string): [number, number][] => {
  const asked = trigramsOf(q);
  return [...text.matchAll(WORD)]
    .filter(([word]) => likeness(asked, word) >= ALIKE)
    .map(({ 0: word, index }): [number, number] => [index, index + word.length]);
};

/** Marks what stands at these places, from and to, ascending and apart from each other. */
const markAt = (text: string, places: [from: number, to: number][]): string => {
  let html = '';
  let at = 0;
  for (const [from, to] of places) {
    html += `${escaped(text.slice(at, from))}<mark>${escaped(text.slice(from, to))}</mark>`;
    at = to;
  }
  return html + escaped(text.slice(at));
};

/** The first of these texts that holds what is asked for, else the first that holds something like it, with that marked. */
export const highlightBest = (q: string, texts: (string | null)[]): string => {
  const known = texts.filter((text) => text !== null);
  for (const placesIn of [literal, similar]) {
    for (const text of known) {
      const places = placesIn(q.trim(), text);
      if (places.length > 0) return markAt(text, places);
    }
  }
  return escaped(known[0] ?? '');
};
