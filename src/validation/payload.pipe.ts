import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import type { FieldError } from '../contract/error-code.js';
import { AppError } from '../error/app-error.js';
import { findDirt } from './clean-json.js';
import { rulesOf, type CompiledRules } from './compiled-rules.js';
import { isPlainObject } from './rules.js';

type Class = new () => object;

interface Fault extends FieldError {
  rule: string;
}

const UNKNOWN = 'is not a known field';

/** The rules that say what kind of value it is. Where one is broken, what the others say of its size or items is noise. */
const OF_KIND = ['isInt', 'isText', 'isList', 'isSet', 'isListOf', 'isObject'];

/** The most basic of the rules that a value breaks. */
const basicOf = (constraints: Record<string, string>): [rule: string, message: string][] => {
  const broken = Object.entries(constraints);
  return [broken.find(([rule]) => OF_KIND.includes(rule)) ?? broken[0]].filter((found) => found !== undefined);
};

const findFaults = (type: Class, payload: Record<string, unknown>): Fault[] => {
  const options = { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false };
  const flatten = ({ property, constraints = {}, children = [] }: ValidationError, parent: string): Fault[] => {
    const path = parent === '' ? property : `${parent}.${property}`;
    const own = basicOf(constraints).map(([rule, message]) => ({
      path,
      message: rule === 'whitelistValidation' ? UNKNOWN : message.replace(`${property} `, ''),
      rule,
    }));
    return [...own, ...children.flatMap((child) => flatten(child, path))];
  };
  const found = validateSync(plainToInstance(type, payload), options).flatMap((error) => flatten(error, ''));
  // A field with a name that every object has, such as `toString`, is left out of the instance and so never looked at.
  const told = new Set(found.map(({ path }) => path));
  const overlooked = rulesOf(type)
    .unknownIn(payload)
    .filter((path) => !told.has(path));
  return [...found, ...overlooked.map((path) => ({ path, message: UNKNOWN, rule: 'whitelistValidation' }))];
};

/** What class-validator finds in a payload: of every field that is at fault its dotted path, and one fault. */
export const faultsOf = (type: Class, payload: Record<string, unknown>): FieldError[] =>
  findFaults(type, payload).map(({ path, message }) => ({ path, message }));

const isTooLongOnly = ([first, ...others]: Fault[]): boolean =>
  first?.path === 'body' && first.rule === 'bodyTooLong' && others.length === 0;

/** `limit=20` is a number; `limit=0x14`, `limit=` and `limit=1e9` are not. */
const readNumbers = (query: Record<string, unknown>, { integerFields }: CompiledRules): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(query).map(([key, value]) =>
      integerFields.has(key) && typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? [key, Number(value)] : [key, value],
    ),
  );

/** The one pipe of both doors: unknown fields are refused, nothing is converted but the numbers of a query string. */
@Injectable()
export class PayloadPipe implements PipeTransform {
  transform(value: unknown, { type: source, metatype }: ArgumentMetadata): unknown {
    if (source === 'custom' || metatype === undefined) return value;
    const type = metatype as Class;
    const rules = rulesOf(type);
    // Parameters and queries come without a prototype, or from a parser: a copy makes them plain.
    const given = source === 'query' || source === 'param' ? { ...(value as object) } : value;
    if (!isPlainObject(given)) throw new AppError('validation.failed', { errors: [{ path: '', message: 'must be one plain object' }] });
    const dirt = findDirt(given);
    if (dirt) throw new AppError('validation.failed', { errors: [dirt] });
    const payload = source === 'query' ? readNumbers(given, rules) : given;
    if (rules.accepts(payload)) return rules.normalise(payload);
    const faults = findFaults(type, payload);
    const errors = faults.map(({ path, message }) => ({ path, message }));
    throw new AppError(isTooLongOnly(faults) ? 'message.too_long' : 'validation.failed', { errors });
  }
}
