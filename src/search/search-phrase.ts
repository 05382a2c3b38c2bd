/** A question to the full text: `head` as `websearch_to_tsquery` reads it, `tail` the last word where it may go on. */
interface Phrase {
  head: string;
  tail: string;
}

const LAST_WORD = /(?:^|\s)([\p{L}\p{N}]+)$/u;
const OR = /(?:^|\s)or$/i;
/** A rule drawn by hand, the beginning of an option: PostgreSQL takes each of its hyphens for a "not" of the next one, and refuses many. */
const HYPHENS = /-[^\p{L}\p{N}]*-/gu;

/** Splits off the word that somebody may still be typing: one that stands free, neither quoted, excluded nor behind an "or". */
export const phraseOf = (written: string): Phrase => {
  const q = written.replace(HYPHENS, ' ').trim();
  const isQuoted = q.split('"').length % 2 === 0;
  const tail = isQuoted ? undefined : LAST_WORD.exec(q)?.[1];
  if (tail === undefined) return { head: q, tail: '' };
  const head = q.slice(0, q.length - tail.length).trim();
  return OR.test(head) ? { head: q, tail: '' } : { head, tail };
};
