import { oneOf, type Random } from '../torture/random.js';

type Json = any;

/** Where values that mean something come from: the ids and words of what there is. */
export interface Known {
  /** A real id that a field of this name may hold, mostly. */
  idFor(name: string): string;
  /** A real word for a field of this name, if it holds any: a slug, a password, a cursor, a label. */
  wordFor(name: string): string | undefined;
}

const UNITS = [
  'a',
  'Ж',
  '漢',
  '😀',
  'e\u0301',
  '\u202e',
  '\u200d',
  '\ufeff',
  "'",
  '"',
  '%',
  '_',
  '\\',
  '<',
  '&',
  '$',
  '{',
  '=',
  '\n',
  '\t',
];

/** What has broken other servers: SQL, templates, paths, patterns, formulas, names of prototypes. */
const WORDS = [
  'x',
  "'; DROP TABLE room; --",
  '{{constructor.constructor("return 1")()}}',
  '{{customer.name|there}} {{nothing}} {{',
  '${7*7} <%= 1 %> #{1}',
  '<img src=x onerror=alert(1)>',
  '../../etc/passwd',
  '%E0%A4%A %00 %s %n',
  '(a+)+$ [[:<:]] \\',
  '=1+1',
  '__proto__',
  'constructor',
  'null',
  '0',
  'NaN',
  ' padded ',
  'a & b | !c:* <-> d',
  '-"quoted" or and not',
  '\u05e9\u05dc\u05d5\u05dd \u202eabc\u202c',
  'Zo\u0308e\u0301 \u1e9e \ufb01 İ',
  '\u2028\u2029\u0085\u00a0',
  '\u{10ffff}\ufffe\u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
];

/** One of them fits each pattern of the documents. */
const FORMS = [
  ...['2026-11-20T10:00:00.000Z', '1000-01-01T00:00:00Z', '2999-12-31T23:59:59.999Z', '2026-02-30T10:00:00Z', '2026-11-20T24:00:00Z'],
  ...['2026-11-20', '2026-02-30', '2999-12-31', '1000-01-01', '2024-02-29', '1582-10-10'],
  ...[
    '00:00',
    '09:30',
    '23:59',
    '24:00',
    'en',
    'pt-BR',
    'zzz-x-y',
    'de',
    '#c02040',
    '#ABCDEF',
    'open',
    'closed,open',
    'open,open',
    'low,urgent',
  ],
  ...[
    'pending,snoozed',
    'me',
    'none',
    'https://shop.example',
    'http://[::1]:99999',
    'http://localhost:3000',
    'https://x/\u202e',
    'a-b',
    'x',
    'A_1',
  ],
  ...['mail@shop.example', 'MAIL@Shop.Example', 'a\uff20b.example', '@', 'a@b', '"a b"@c.example', `${'x'.repeat(64)}@shop.example`],
  ...['message.body', 'message.sender', 'activity.type', 'room.status', 'room.priority', 'room.subject', 'room.label', 'room.team'],
  ...[
    'room.assignee',
    'customer.name',
    'customer.email',
    'customer.label',
    'business.hours',
    'business.agents',
    'context.page',
    'context.__proto__',
  ],
];

export const nested = (depth: number): unknown => JSON.parse('{"a":'.repeat(depth) + '1' + '}'.repeat(depth)) as unknown;

const WRONG: unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1.5,
    2 ** 31,
    2 ** 53,
    2 ** 63,
    1e308,
    -0,
    '',
    ' ',
    '\u3000',
    '\0',
    'a\0b',
    '\ud800',
    'a\udc00',
    'x',
    '1',
    'true',
  ],
  ...[[], [null], [[]], ['x'], {}, { $ne: null }, { length: 1 }, { toString: 1 }, { _placeholder: true, num: 0 }],
  ...['2026-13-01', '275761-01-01T00:00:00.000Z', '0000-00-00', '2026-11-20T10:00:00+01:00', 'x'.repeat(5000), '😀'.repeat(4001)],
  ...[
    nested(19),
    nested(25),
    Array.from({ length: 1001 }, (_, i) => i),
    '01900000-0000-7000-8000-00000000000g',
    '{01900000-0000-7000-8000-000000000000}',
  ],
];
const STRANGE_KEYS = [
  'unknown',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  'a\0',
  'a.b',
  '$ne',
  'businessId',
  'id',
];

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Also a field named `__proto__` is one of its own. */
const put = (object: object, key: string, value: unknown): void => {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
};

/** Random values by the schemas of a document, and what is nearly right. */
export class Values {
  constructor(
    readonly random: Random,
    private readonly known: Known,
  ) {}

  readonly chance = (of: number): boolean => this.random() < of;
  readonly pick = <Thing>(things: readonly Thing[]): Thing => oneOf(this.random, things);
  readonly upTo = (most: number): number => Math.floor(this.random() * (most + 1));

  /** A value that a schema of this document takes, as far as a schema can say it. */
  of(document: Json, schema: Json, name = ''): unknown {
    if (schema.$ref) return this.of(document, document.components.schemas[schema.$ref.split('/').pop()], name);
    if (schema.anyOf) return this.of(document, this.pick(schema.anyOf), name);
    if (schema.enum) return this.pick(schema.enum);
    switch (Array.isArray(schema.type) ? this.pick(schema.type) : schema.type) {
      case 'boolean':
        return this.chance(0.5);
      case 'integer':
        return this.number(schema);
      case 'string':
        return this.text(schema, name);
      case 'array':
        return this.list(document, schema, name);
      case 'object':
        return schema.properties ? this.object(document, schema) : this.free(3);
      default:
        return null;
    }
  }

  /** The same with one thing wrong, somewhere in it. */
  spoilt(value: unknown): unknown {
    if (!isObject(value) || this.chance(0.05)) return structuredClone(this.pick(WRONG));
    const copy = (Array.isArray(value) ? [...(value as unknown[])] : Object.assign({}, value)) as Record<string, unknown>;
    const keys = Object.keys(copy);
    const key = keys.length === 0 ? undefined : this.pick(keys);
    const inside = key === undefined ? undefined : copy[key];
    const way = this.upTo(9);
    if (key === undefined || way === 0) put(copy, this.pick(STRANGE_KEYS), structuredClone(this.pick(WRONG)));
    else if (way === 1) Reflect.deleteProperty(copy, key);
    else if (way === 2) put(copy, key, [inside]);
    else if (way === 3)
      put(copy, key, typeof inside === 'string' ? `${inside}${this.pick(['\0', '\ud800', ' ', '-', '/'])}` : String(inside));
    else if (way < 7 && isObject(inside)) put(copy, key, this.spoilt(inside));
    else put(copy, key, structuredClone(this.pick(WRONG)));
    return copy;
  }

  private number({ minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: { minimum?: number; maximum?: number }): number {
    const among = [minimum, minimum + 1, maximum, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 20, ...Array.from({ length: 5 }, () => this.upTo(12))];
    return this.pick(among.filter((one) => one >= minimum && one <= maximum));
  }

  private text({ format, pattern, minLength, maxLength }: Json, name: string): string {
    if (format === 'uuid') return this.known.idFor(name);
    const word = this.chance(0.6) ? this.known.wordFor(name) : undefined;
    if (word !== undefined) return word;
    if ((pattern !== undefined && pattern !== '\\S') || format !== undefined) return this.form(format, pattern, name);
    if (this.chance(0.6)) return this.pick(WORDS);
    const unit = this.pick(UNITS);
    const most: number = maxLength ?? 4000;
    const length = this.pick([minLength ?? 0, 1, 2, most - 1, most]);
    return `x${unit.repeat(Math.floor(length / [...unit].length))}`.slice(length >= most ? 1 : 0);
  }

  private form(format: string | undefined, pattern: string | undefined, name: string): string {
    const id = this.known.idFor(name);
    const fits = new RegExp(pattern ?? (format === 'date' ? '^\\d{4}-\\d\\d-\\d\\d$' : ''));
    return this.pick([...FORMS, id, `${id},${this.known.idFor(name)}`].filter((form) => fits.test(form)));
  }

  private list(document: Json, { items, maxItems = 100 }: Json, name: string): unknown[] {
    const length = this.chance(0.05) ? Math.min(maxItems, 100) : this.upTo(Math.min(maxItems, 3));
    return Array.from({ length }, () => this.of(document, items, name));
  }

  private object(document: Json, { properties, required = [] }: Json): Record<string, unknown> {
    const share = this.pick([0.15, 0.5, 0.9]);
    const names = Object.keys(properties).filter((name) => this.chance(share) || required.includes(name));
    return Object.fromEntries(names.map((name) => [name, this.of(document, properties[name], name)]));
  }

  private free(depth: number): Record<string, unknown> {
    const keys = Array.from({ length: this.upTo(3) }, () =>
      this.pick([...WORDS.filter((word) => !/^(__proto__|constructor)$/.test(word)), '', 'page', '$ne']),
    );
    const value = (): unknown =>
      depth > 0 && this.chance(0.3) ? this.free(depth - 1) : this.pick([...WORDS, null, true, 1e308, -1, 2 ** 53, 0.1]);
    return Object.fromEntries(keys.map((key) => [key, value()]));
  }
}
