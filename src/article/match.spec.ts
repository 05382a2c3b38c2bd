import { rank, type Candidate } from './match.js';

const article = (id: string, hits: string[], titleHits: string[] = []): Candidate => ({ id, title: id, body: '', hits, titleHits });
const scores = (asked: string[], candidates: Candidate[], total = 10): [string, number][] =>
  rank(asked, candidates, total).map(({ id, score }) => [id, Number(score.toFixed(2))]);

describe('N22 how well an article matches a question', () => {
  it('all words in one article is all', () => expect(scores(['ship', 'long'], [article('a', ['ship', 'long'])])).toEqual([['a', 1]]));
  it('a word that few articles have counts more than one that many have', () => {
    const many = ['b', 'c', 'd'].map((id) => article(id, ['price']));
    const [best] = scores(['price', 'submarine'], [...many, article('a', ['submarine'])]);
    expect(best?.[0]).toBe('a');
  });
  it('a word in the title counts more', () => {
    expect(scores(['ship', 'price'], [article('a', ['ship']), article('b', ['price'], ['price'])])[0]?.[0]).toBe('b');
  });
  it('words that no article has make it less sure, each half as much', () => {
    expect(scores(['ship', 'unheard'], [article('a', ['ship'])])).toEqual([['a', 0.61]]);
    expect(scores(['ship', 'unheard', 'of', 'things'], [article('a', ['ship'])])[0]?.[1]).toBeLessThan(0.5);
  });
  it('of equals the older one comes first, so that the same question has the same answer', () => {
    expect(scores(['ship'], [article('b', ['ship']), article('a', ['ship'])]).map(([id]) => id)).toEqual(['a', 'b']);
  });
  it('nothing that matches is nothing', () => expect(rank(['ship'], [], 10)).toEqual([]));
});
