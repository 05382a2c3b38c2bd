import { ValidateBy } from 'class-validator';
import { PLACE } from '../contract/template.js';

/** The names in a text that are none of `variables`. */
export const unknownVariables = (text: string, variables: readonly string[]): string[] =>
  [...text.matchAll(PLACE)].map(([, name = '']) => name.trim()).filter((name) => !variables.includes(name));

/** What is wrong with a text that may name these variables; undefined when nothing is. */
export const faultOf = (text: string, variables: readonly string[]): string | undefined => {
  const [unknown] = unknownVariables(text, variables);
  return unknown === undefined ? undefined : `must not name the variable {{${unknown}}}; there are ${variables.join(', ')}`;
};

/** A text that may name these variables and no others. */
export const NamesOnly = (variables: readonly string[]): PropertyDecorator =>
  ValidateBy(
    {
      name: 'namesOnly',
      validator: {
        validate: (text: unknown) => typeof text !== 'string' || faultOf(text, variables) === undefined,
        defaultMessage: () => `must name no other variables than ${variables.map((name) => `{{${name}}}`).join(', ')}`,
      },
    },
    { context: { schema: {} } },
  );
