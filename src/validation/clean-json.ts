import type { FieldError } from '../contract/error-code.js';

const MAX_DEPTH = 20;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

const textFault = (text: string): string | undefined => {
  if (text.includes('\0')) return 'must not hold the NUL character';
  return text.isWellFormed() ? undefined : 'must be well-formed Unicode';
};

/**
 * The first thing in a parsed payload that no field may hold: NUL and lone surrogates, which PostgreSQL cannot store, names
 * that reach for a prototype, and nesting deeper than 20.
 */
export const findDirt = (value: unknown, path = '', depth = 0): FieldError | undefined => {
  if (typeof value === 'string') {
    const message = textFault(value);
    return message === undefined ? undefined : { path, message };
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === MAX_DEPTH) return { path, message: `must not be nested deeper than ${MAX_DEPTH}` };
  for (const key of Object.keys(value)) {
    const inside = path === '' ? key : `${path}.${key}`;
    if (FORBIDDEN_KEYS.has(key)) return { path: inside, message: 'must not have this name' };
    const fault = textFault(key);
    if (fault !== undefined)
      return { path, message: `must not have a field whose name ${fault.replace('must not hold', 'holds').replace('must be', 'is not')}` };
    const dirt = findDirt((value as Record<string, unknown>)[key], inside, depth + 1);
    if (dirt) return dirt;
  }
  return undefined;
};
