import { Type } from 'class-transformer';
import {
  getMetadataStorage,
  IsInt,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
  isEmail,
  type ValidationOptions,
} from 'class-validator';
import { DEFAULT_LIMIT, MAX_LIMIT } from '../contract/page.js';
import { ID_PATTERN } from '../contract/scalar.js';
import { isDate, isMoment } from '../time/zone.js';

/** One character that is no white space. */
const NOT_BLANK = '\\S';
const TIME = /^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;
/** An id as clients may write it, in small letters or capitals, inside a pattern of texts that hold ids. */
export const UUID_PATTERN = ID_PATTERN.replaceAll('a-f', 'a-fA-F');
const UUID = new RegExp(`^${UUID_PATTERN}$`);

/** Length in Unicode code points. */
export const codePoints = (text: string): number => {
  let length = 0;
  for (const _ of text) length++;
  return length;
};

/** The beginning of a text, of at most so many Unicode code points. */
export const firstCodePoints = (text: string, most: number): string =>
  codePoints(text) <= most ? text : [...text].slice(0, most).join('');

export const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);

/** A moment in the form of the contract, of a year that PostgreSQL has as well. */
export const isTime = (value: string): boolean => /^(?!0000)\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/.test(value) && isMoment(value);

/** What a decorator notes about properties, looked up along the prototypes so that a DTO may extend another. */
class PropertyNotes<Note> {
  private readonly notes = new Map<object, Map<string, Note>>();

  set(prototype: object, property: string | symbol, note: Note): void {
    this.notes.set(prototype, (this.notes.get(prototype) ?? new Map<string, Note>()).set(String(property), note));
  }

  get(prototype: object, property: string): Note | undefined {
    for (let at: object | null = prototype; at !== null; at = Object.getPrototypeOf(at) as object | null) {
      const note = this.notes.get(at)?.get(property);
      if (note !== undefined) return note;
    }
    return undefined;
  }
}

/** Properties that hold ids: compared in lower case, whatever the client wrote. */
export const idProperties = new PropertyNotes<true>();
/** Properties that hold an object with rules of its own. */
const nestedTypes = new PropertyNotes<() => new () => object>();

/** What JSON Schema says of a rule, noted beside its check. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const noted = (schema: JsonSchema, each = false): ValidationOptions => ({ each, context: { schema } });
const presence = (note: { absent: boolean; null: boolean }): ValidationOptions => ({ context: note });

type Class = new () => object;
export type RuleMetadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

/** The rules that the decorators of a DTO class and of those it extends have noted. */
export const rulesMetadataOf = (type: Class): RuleMetadata[] => getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);

/** The class of the object that a property holds. */
export const nestedTypeOf = (type: Class, property: string): Class => {
  const nested = nestedTypes.get(type.prototype as object, property)?.();
  if (!nested) throw new Error(`${type.name}.${property} names no class for its nested object`);
  return nested;
};

/** May be left out. `null` is not the same as left out. */
export const Optional = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined, presence({ absent: true, null: false }));

/** May be left out or null. */
export const Nullable = (): PropertyDecorator =>
  ValidateIf((_, value) => value !== undefined && value !== null, presence({ absent: true, null: true }));

/** May be null but not left out. */
export const OrNull = (): PropertyDecorator => ValidateIf((_, value) => value !== null, presence({ absent: false, null: true }));

/** A UUID of any version. */
export const IsId = ({ each = false } = {}): PropertyDecorator => {
  const check = ValidateBy(
    { name: 'isId', validator: { validate: isUuid, defaultMessage: () => 'must be a UUID' } },
    noted({ type: 'string', format: 'uuid' }, each),
  );
  return (target, property) => {
    idProperties.set(target, property, true);
    check(target, property);
  };
};

/** Text of 1 to `max` code points that is more than white space. */
export const IsText = (max: number, { each = false } = {}): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isText',
      validator: {
        validate: (value) => typeof value === 'string' && value.length <= 2 * max && codePoints(value) <= max && value.trim() !== '',
        defaultMessage: () => `must be text of 1 to ${max} characters that are not all white space`,
      },
    },
    noted({ type: 'string', minLength: 1, maxLength: max, pattern: NOT_BLANK }, each),
  );

/** The body of a message. Too long has a code of its own. */
export const IsBody = (max: number): PropertyDecorator => {
  const text = ValidateBy(
    {
      name: 'isText',
      validator: {
        validate: (value) => typeof value === 'string' && value.trim() !== '',
        defaultMessage: () => 'must be text that is not all white space',
      },
    },
    noted({ type: 'string', minLength: 1, pattern: NOT_BLANK }),
  );
  const length = ValidateBy(
    {
      name: 'bodyTooLong',
      validator: {
        validate: (value) => typeof value !== 'string' || value.length <= max || (value.length <= 2 * max && codePoints(value) <= max),
        defaultMessage: () => `must be at most ${max} characters`,
      },
    },
    noted({ maxLength: max }),
  );
  return (target, property) => {
    text(target, property);
    length(target, property);
  };
};

export const isMailAddress = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= 254 && isEmail(value.normalize('NFKC').trim());

/** An e-mail address, also in the form that `normaliseEmail` gives it, which is the one that is stored and compared. */
export const IsMailAddress = (): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isMailAddress',
      validator: {
        validate: isMailAddress,
        defaultMessage: () => 'must be an e-mail address',
      },
    },
    // Not `format: email`, which refuses the forms that are normalised here.
    noted({ type: 'string', minLength: 3, maxLength: 254, pattern: '[@\\uFE6B\\uFF20]' }),
  );

export const isTimeText = (value: unknown): boolean => typeof value === 'string' && TIME.test(value) && isMoment(value);

/** A moment in UTC, ISO 8601, with milliseconds or without, in the years that people mean. */
export const IsTime = (): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isTime',
      validator: {
        validate: isTimeText,
        defaultMessage: () => 'must be a time in UTC such as 2026-11-20T10:00:00.000Z',
      },
    },
    noted({ type: 'string', format: 'date-time', pattern: TIME.source }),
  );

/** A date of the calendar. */
export const IsDate = ({ each = false } = {}): PropertyDecorator =>
  ValidateBy(
    { name: 'isDate', validator: { validate: isDate, defaultMessage: () => 'must be a date such as 2026-12-25' } },
    noted({ type: 'string', format: 'date' }, each),
  );

/** The tag of a language, as RFC 5646 writes the usual ones. */
export const IsLanguage = (): PropertyDecorator =>
  Matches(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$/, { message: 'must be a language tag such as en or pt-BR' });

/** One plain object of free form, at most `max` bytes as JSON. */
export const IsFreeObject = (max: number): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isFreeObject',
      validator: {
        validate: (value) => isPlainObject(value) && Buffer.byteLength(JSON.stringify(value)) <= max,
        defaultMessage: () => `must be an object of at most ${max} bytes`,
      },
    },
    noted({ type: 'object', additionalProperties: true, 'x-max-bytes': max }),
  );

/** A list of at most `max`, without repeats. */
export const IsList = (max: number): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isList',
      validator: {
        validate: (value) => Array.isArray(value) && value.length <= max && new Set(value).size === value.length,
        defaultMessage: () => `must be a list of at most ${max} without repeats`,
      },
    },
    noted({ type: 'array', maxItems: max, uniqueItems: true }),
  );

/** A list of at most `max`; what is in it twice counts once. */
export const IsSet = (max: number): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isSet',
      validator: {
        validate: (value) => Array.isArray(value) && value.length <= max,
        defaultMessage: () => `must be a list of at most ${max}`,
      },
    },
    noted({ type: 'array', maxItems: max }),
  );

/** A sequence number, from `min`. */
export const IsSeq =
  (min = 0): PropertyDecorator =>
  (target, property) => {
    IsInt({ message: 'must be a whole number' })(target, property);
    Min(min, { message: `must be at least ${min}` })(target, property);
    Max(Number.MAX_SAFE_INTEGER, { message: 'must be a number that JSON can carry exactly' })(target, property);
  };

/** How many items a page holds. */
export const IsLimit = (): PropertyDecorator => (target, property) => {
  Optional()(target, property);
  IsInt({ message: 'must be a whole number' })(target, property);
  Min(1, { message: 'must be at least 1' })(target, property);
  Max(MAX_LIMIT, { message: `must be at most ${MAX_LIMIT}` })(target, property);
};

export const limitOrDefault = (limit: number | undefined): number => limit ?? DEFAULT_LIMIT;

/** An object with rules of its own. */
export const IsObjectOf =
  (of: () => new () => object): PropertyDecorator =>
  (target, property) => {
    nestedTypes.set(target, property, of);
    ValidateNested({ message: 'must be an object' })(target, property);
    Type(of)(target, property);
    // Asked of an instance of `of` as well, which is no plain object any more.
    ValidateBy(
      {
        name: 'isObject',
        validator: {
          validate: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
          defaultMessage: () => 'must be an object',
        },
      },
      noted({}),
    )(target, property);
  };

/** A list of at most `max` objects with rules of their own. */
export const IsListOf =
  (of: () => new () => object, max: number): PropertyDecorator =>
  (target, property) => {
    nestedTypes.set(target, property, of);
    ValidateNested({ each: true, message: 'must be a list of objects' })(target, property);
    Type(of)(target, property);
    ValidateBy(
      {
        name: 'isListOf',
        validator: {
          validate: (value) =>
            Array.isArray(value) &&
            value.length <= max &&
            value.every((one) => typeof one === 'object' && one !== null && !Array.isArray(one)),
          defaultMessage: () => `must be a list of at most ${max} objects`,
        },
      },
      noted({ type: 'array', maxItems: max }),
    )(target, property);
  };

/** An object as JSON makes one: no array, no null, no class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A picture on the web: nothing but http and https, so that showing it runs nothing. */
export const IsImageUrl = (): PropertyDecorator => (target, property) => {
  Nullable()(target, property);
  Matches(/^https?:\/\/[^\s"'<>\\]{1,1990}$/, { message: 'must be an http or https address' })(target, property);
};
