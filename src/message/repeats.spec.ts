import { repeats } from './repeats.js';

const NOTE = 'The AI could not answer.\nCustomer: My card is 4000 and more\nAI: Which one? Sorry.\nCustomer: The blue o …';

describe('what a note says again', () => {
  it.each([
    'My card is 4000',
    'and more',
    'card',
    'My card\n  is 4000',
    'Which one?',
    'The blue one, that I bought in May',
    `The blue o${'n'.repeat(300)}`,
  ])('%s', (said) => {
    expect(repeats(NOTE, [said])).toBe(true);
  });

  it.each(['My card is 400', 'ard', 'Sorry', 'Customer', 'The red one'])('not %s', (said) => {
    expect(repeats(NOTE, [said])).toBe(false);
  });

  it('A50 is seen soon, however often and at what length it was said otherwise', () => {
    const line = 'It is the blue one '.repeat(16).slice(0, 297);
    const note = ['The AI could not answer.', ...Array.from({ length: 6 }, () => `Customer: ${line} …`)].join('\n');
    // As many edits as the time for them leaves room for.
    const said = Array.from({ length: 4_500 }, (_, n) => `${n} was `.repeat(800).slice(0, 4_000));
    const began = performance.now();
    expect(repeats(note, said)).toBe(false);
    expect(performance.now() - began).toBeLessThan(500);
  });
});
