import { ERRORS, type ErrorCode } from '../contract/error-code.js';
import type { JsonSchema } from '../validation/rules.js';
import { RECIPE } from './client-recipe.js';
import { COMPONENTS, type Schemas } from './contract-schemas.js';

/** A piece of the page. Texts are Markdown of one line: code between backticks, and links. */
export type Block =
  { heading: string; level: 1 | 2 | 3 } | { text: string } | { head: string[]; rows: string[][] } | { code: string; language: string };

interface Operation {
  summary: string;
  description: string;
  messages: { $ref: string }[];
  reply?: { messages: { $ref: string }[] };
  'x-kind': 'command' | 'event' | 'handshake';
  'x-audience': string;
  'x-limit'?: string;
  'x-codes'?: ErrorCode[];
  'x-rest'?: string[];
}

interface Message {
  payload: JsonSchema;
  examples: { payload: unknown }[];
}

/** The parts of the AsyncAPI document that the page shows. */
export interface AsyncApi {
  info: { title: string; version: string; description: string };
  operations: Record<string, Operation>;
  components: { messages: Record<string, Message>; schemas: Schemas };
}

const nameOf = (ref: string): string => ref.split('/').at(-1) ?? '';
const link = (name: string): string => `[${name}](#${name.toLowerCase()})`;
const quoted = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

const typeOf = (schema: JsonSchema): string => {
  const { $ref, anyOf, enum: words, const: only, type, items } = schema;
  if (typeof $ref === 'string') return link(nameOf($ref));
  if (Array.isArray(anyOf)) return (anyOf as JsonSchema[]).map(typeOf).join(' or ');
  if (only !== undefined) return quoted(only);
  if (Array.isArray(words)) return words.map(quoted).join(', ');
  if (type === 'array') return items === undefined ? 'list' : `list of ${typeOf(items as JsonSchema)}`;
  if (Array.isArray(type)) return type.join(' or ');
  return typeof type === 'string' ? type : 'anything';
};

const RULES: Record<string, (value: never) => string> = {
  format: (value: string) => (value === 'uuid' ? 'UUID' : value),
  minimum: (value: number) => `at least ${value}`,
  maximum: (value: number) => `at most ${value}`,
  maxLength: (value: number) => `at most ${value} characters`,
  maxItems: (value: number) => `at most ${value}`,
  uniqueItems: () => 'no repeats',
  pattern: (value: string) => (value === '\\S' ? 'not blank' : `like ${quoted(value)}`),
  'x-max-bytes': (value: number) => `at most ${value} bytes as JSON`,
};

const ruleOf = (schema: JsonSchema): string => {
  // A time says all by its format.
  const shown = schema.format === 'date-time' ? { format: schema.format } : schema;
  const own = Object.entries(RULES).flatMap(([keyword, say]) => (keyword in shown ? [say(shown[keyword] as never)] : []));
  const items = schema.items === undefined ? '' : ruleOf(schema.items as JsonSchema);
  return [...own, ...(items === '' ? [] : [`each ${items}`])].join(', ');
};

const fields = ({ properties = {}, required = [] }: { properties?: Schemas; required?: string[] }): Block =>
  Object.keys(properties).length === 0
    ? { text: 'No fields.' }
    : {
        head: ['field', 'type', 'required', 'rule', 'description'],
        rows: Object.entries(properties).map(([name, schema]) => [
          quoted(name),
          typeOf(schema),
          required.includes(name) ? 'yes' : 'no',
          ruleOf(schema),
          String(schema.description),
        ]),
      };

const example = (payload: unknown): Block => ({ code: JSON.stringify(payload, null, 2), language: 'json' });

/** The page of every command and event, made of the AsyncAPI document alone. */
export const eventPage = ({ info, operations, components: { messages, schemas } }: AsyncApi): Block[] => {
  const of = (kind: Operation['x-kind']): [string, Operation][] => Object.entries(operations).filter(([, one]) => one['x-kind'] === kind);
  const messageOf = (refs: { $ref: string }[] = []): Message => {
    const found = messages[nameOf(refs[0]?.$ref ?? '')];
    if (!found) throw new Error(`There is no message ${refs[0]?.$ref}`);
    return found;
  };
  const full = (schema: JsonSchema): JsonSchema => (typeof schema.$ref === 'string' ? (schemas[nameOf(schema.$ref)] ?? {}) : schema);
  const payload = (schema: JsonSchema): Block[] => {
    const name = typeof schema.$ref === 'string' ? `The payload is ${link(nameOf(schema.$ref))}` : 'The payload';
    const { anyOf } = full(schema);
    return Array.isArray(anyOf)
      ? [{ text: `${name}: ${typeOf(full(schema))}.` }]
      : [{ text: typeof schema.$ref === 'string' && schema.$ref.startsWith(COMPONENTS) ? `${name}.` : `${name}:` }, fields(full(schema))];
  };
  const codes = (list: ErrorCode[]): Block => ({
    head: ['error', 'meaning'],
    rows: list.map((code) => [quoted(code), ERRORS[code].title]),
  });

  const command = ([name, operation]: [string, Operation]): Block[] => {
    const sent = messageOf(operation.messages);
    const [done] = (messageOf(operation.reply?.messages).payload.oneOf ?? []) as { properties: { data: JsonSchema } }[];
    const twins = operation['x-rest'] ?? [];
    return [
      { heading: name, level: 3 },
      { text: operation.description },
      { text: `Who may send it: ${operation['x-audience']}. Limit: ${operation['x-limit']}.` },
      { text: twins.length > 0 ? `REST: ${twins.map(quoted).join(', ')}.` : 'REST has no such call.' },
      ...payload(sent.payload),
      example(sent.examples[0]?.payload),
      { text: `The \`data\` of the ack is ${typeOf(done?.properties.data ?? {})}.` },
      example(messageOf(operation.reply?.messages).examples[0]?.payload),
      codes(operation['x-codes'] ?? []),
    ];
  };
  const event = ([name, operation]: [string, Operation]): Block[] => {
    const told = messageOf(operation.messages);
    return [
      { heading: name, level: 3 },
      { text: `${operation.summary}. ${operation.description}` },
      { text: `Who gets it: ${operation['x-audience']}` },
      ...payload(told.payload),
      example(told.examples[0]?.payload),
    ];
  };
  const type = ([name, schema]: [string, JsonSchema]): Block[] => {
    const { description, anyOf, enum: words } = schema;
    return [
      { heading: name, level: 3 },
      ...(typeof description === 'string' ? [{ text: description }] : []),
      Array.isArray(anyOf) || Array.isArray(words) ? { text: `One of ${typeOf(schema)}.` } : fields(schema),
    ];
  };

  return [
    { heading: 'Commands and events', level: 1 },
    ...info.description.split('\n\n').map((text) => ({ text })),
    { heading: 'The handshake', level: 2 },
    { code: "const socket = io('http://localhost:3000', { auth: { token: accessToken } });", language: 'js' },
    { text: 'A refused handshake carries one of these:' },
    codes(operations.connect?.['x-codes'] ?? []),
    { heading: 'Generate a client', level: 2 },
    ...RECIPE,
    { heading: 'Commands', level: 2 },
    ...of('command').flatMap(command),
    { heading: 'Events', level: 2 },
    ...of('event').flatMap(event),
    { heading: 'Types', level: 2 },
    ...Object.entries(schemas).flatMap(type),
  ];
};
