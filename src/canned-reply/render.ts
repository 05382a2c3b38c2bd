import { REPLY_VARIABLES, type ReplyVariable } from '../contract/canned-reply.js';

/** What stands for the variables; null where nothing is known. */
export type Values = Record<ReplyVariable, string | null>;

/** `{{name}}` or `{{name|what to say when nothing is known}}`. Braces do not nest. */
const PLACE = /\{\{([^{}|]*)(?:\|([^{}]*))?\}\}/g;

const isVariable = (name: string): name is ReplyVariable => (REPLY_VARIABLES as readonly string[]).includes(name);

/** The names in a body that are no variables. */
export const unknownVariables = (body: string): string[] =>
  [...body.matchAll(PLACE)].map(([, name = '']) => name.trim()).filter((name) => !isVariable(name));

/**
 * Fills a body in. Each place is looked at once: what is put in stands there as it is, whatever is in it, and nothing of it is
 * ever evaluated.
 */
export const render = (body: string, values: Values): string =>
  body.replace(PLACE, (place: string, name: string, fallback?: string) => {
    const variable = name.trim();
    if (!isVariable(variable)) return place;
    const value = values[variable]?.trim() ?? '';
    return value === '' ? (fallback ?? '').trim() : value;
  });
