import type { RuleCondition, RuleOperator } from '../contract/automation.js';

/** What each field of a condition says in a room, in words. */
export type Facts = ReadonlyMap<string, string[]>;

const fold = (text: string): string => text.normalize('NFC').toLowerCase();

type Test = (found: string[], values: string[]) => boolean;
const some =
  (fits: (found: string, value: string) => boolean): Test =>
  (found, values) =>
    found.some((one) => values.some((value) => fits(one, value)));
const not =
  (test: Test): Test =>
  (found, values) =>
    !test(found, values);

const equals = some((found, value) => found === value);
const includes = some((found, value) => found.includes(value));
const isSet: Test = (found) => found.length > 0;

const TESTS: Record<RuleOperator, Test> = {
  is: equals,
  is_not: not(equals),
  contains: includes,
  contains_not: not(includes),
  begins: some((found, value) => found.startsWith(value)),
  is_set: isSet,
  is_unset: not(isSet),
};

export const takesValues = (operator: RuleOperator): boolean => operator !== 'is_set' && operator !== 'is_unset';

/** Whether a condition holds. Texts are compared as they are, with no patterns, and letter case does not count. */
export const holds = ({ field, operator, values }: RuleCondition, facts: Facts): boolean =>
  TESTS[operator]((facts.get(field) ?? []).map(fold), values.map(fold));
