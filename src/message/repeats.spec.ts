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
    expect(repeats(NOTE, said)).toBe(true);
  });

  it.each(['My card is 400', 'ard', 'Sorry', 'Customer', 'The red one'])('not %s', (said) => {
    expect(repeats(NOTE, said)).toBe(false);
  });
});
