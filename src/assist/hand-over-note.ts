import type { HandOverReason, Question } from './engine.js';

const WHY: Record<HandOverReason, string> = {
  asked: 'The customer asked for a person.',
  unsure: 'The AI found no answer that it was sure of.',
  model: 'The AI decided that a person should answer.',
  failure: 'The AI could not answer.',
  budget: 'The AI has answered as much as it may.',
  unreadable: 'The AI cannot read what the customer sent.',
};
const LINES = 6;
const LINE_LENGTH = 300;

const short = (text: string): string => {
  const characters = [...text.replace(/\s+/g, ' ').trim()];
  return characters.length <= LINE_LENGTH ? characters.join('') : `${characters.slice(0, LINE_LENGTH).join('')} …`;
};

/** What staff read when they take over: why, what was said, and what the model makes of it. */
export const handOverNote = (reason: HandOverReason, question?: Pick<Question, 'before' | 'text'>, summary?: string): string => {
  const said = question ? [...question.before, { by: 'customer' as const, text: question.text }].slice(-LINES) : [];
  const names = { customer: 'Customer', machine: 'AI', staff: 'Staff' };
  return [
    WHY[reason],
    ...(summary ? [`Summary: ${[...summary].slice(0, 1_000).join('')}`] : []),
    ...said.filter(({ text }) => text !== '').map(({ by, text }) => `${names[by]}: ${short(text)}`),
  ].join('\n');
};
