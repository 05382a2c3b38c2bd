/** An article, and which of the words that were asked for it has. */
export interface Candidate {
  id: string;
  title: string;
  body: string;
  hits: string[];
  titleHits: string[];
}

export interface Match {
  id: string;
  title: string;
  body: string;
  /** How much of what was asked it has: 0 is nothing, 1 all. */
  score: number;
}

/** What a word in the title counts, as of one in the text. */
const IN_TITLE = 1.5;
/** A word that no article has may be the point of the question, or only politeness. */
const UNKNOWN = 0.5;

/**
 * The articles in the order of how well they match, the best first. A word counts the more the fewer articles have it.
 * `total` is how many there are, also without any of the words.
 */
export const rank = (asked: string[], candidates: Candidate[], total: number): Match[] => {
  const having = (word: string): number => candidates.filter(({ hits }) => hits.includes(word)).length;
  const weights = new Map(asked.map((word) => [word, Math.log(1 + total / Math.max(having(word), UNKNOWN))]));
  const weightOf = (word: string): number => weights.get(word) ?? 0;
  const all = asked.reduce((sum, word) => sum + weightOf(word) * (having(word) > 0 ? 1 : UNKNOWN), 0);
  return candidates
    .map(({ id, title, body, hits, titleHits }) => {
      const found = hits.reduce((sum, word) => sum + weightOf(word) * (titleHits.includes(word) ? IN_TITLE : 1), 0);
      return { id, title, body, score: Math.min(1, found / all) };
    })
    .sort((one, other) => other.score - one.score || (one.id < other.id ? -1 : 1));
};
