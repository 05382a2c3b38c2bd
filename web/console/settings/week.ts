import type { OpenSpan } from '../../../src/contract/business.js';

export const DAYS = [1, 2, 3, 4, 5, 6, 7] as const;
const WORKDAYS: readonly number[] = [1, 2, 3, 4, 5];

/** What a day begins with that had none. */
const USUAL = { from: '09:00', to: '17:00' } as const;

/** What most businesses would write first. */
export const usualWeek = (): OpenSpan[] => WORKDAYS.map((day) => ({ day, ...USUAL }));

/** The spans of a day with their places in the list of the week, by which the API names them. */
export const spansOf = (weekly: readonly OpenSpan[], day: number): { span: OpenSpan; at: number }[] =>
  weekly.map((span, at) => ({ span, at })).filter(({ span }) => span.day === day);

/** With one more on that day; what follows another is left to be filled in. */
export const withSpan = (weekly: readonly OpenSpan[], day: number): OpenSpan[] => [
  ...weekly,
  { day, ...(spansOf(weekly, day).length === 0 ? USUAL : { from: '', to: '' }) },
];

/** With the spans of one day on every day from Monday to Friday. */
export const copiedToWorkdays = (weekly: readonly OpenSpan[], from: number): OpenSpan[] => {
  const copied = spansOf(weekly, from);
  const isReplaced = (day: number): boolean => day !== from && WORKDAYS.includes(day);
  return [
    ...weekly.filter(({ day }) => !isReplaced(day)),
    ...WORKDAYS.filter(isReplaced).flatMap((day) => copied.map(({ span }) => ({ ...span, day }))),
  ];
};

/** Which of the spans is why the week was refused: the API says only that one is. */
export const disorderOf = (weekly: readonly OpenSpan[], at: number): 'ends' | 'overlaps' | undefined => {
  const span = weekly[at];
  if (!span) return undefined;
  if (span.to <= span.from) return 'ends';
  const isCrossing = weekly.some((other, place) => place !== at && other.day === span.day && other.from < span.to && span.from < other.to);
  return isCrossing ? 'overlaps' : undefined;
};
