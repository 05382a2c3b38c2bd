import type { HandOverReason, Question } from './engine.js';
import { firstCodePoints } from '../validation/rules.js';

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
const SUMMARY_LENGTH = 1_000;

const short = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  const beginning = firstCodePoints(line, LINE_LENGTH);
  return beginning === line ? line : `${beginning} …`;
};

/** What staff read when they take over: why, what was said, and what the model makes of it. */
export const handOverNote = (reason: HandOverReason, question?: Pick<Question, 'before' | 'text'>, summary?: string): string => {
  const said = question ? [...question.before, { by: 'customer' as const, text: question.text }].slice(-LINES) : [];
  const names = { customer: 'Customer', machine: 'AI', staff: 'Staff' };
  return [
    WHY[reason],
    ...(summary ? [`Summary: ${firstCodePoints(summary, SUMMARY_LENGTH)}`] : []),
    ...said.filter(({ text }) => text !== '').map(({ by, text }) => `${names[by]}: ${short(text)}`),
  ].join('\n');
};
