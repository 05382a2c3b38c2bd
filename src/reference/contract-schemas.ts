import { describeFields } from './fields.js';
import type { JsonSchema } from '../validation/rules.js';

export type Schemas = Record<string, JsonSchema>;

/** Types that are clearer where they are used than as a name. */
const INLINED = new Set(['Id', 'Time', 'Count', 'FreeObject']);
const DEFINITIONS = '#/definitions/';
export const COMPONENTS = '#/components/schemas/';

/** `Page<Room>` is a RoomPage: names of components hold no brackets. */
const nameOf = (definition: string): string => decodeURIComponent(definition).replace(/^(\w+)<(\w+)>$/, '$2$1');

const isObject = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A choice between plain types, or between lists of words, is one type or one list. */
const unite = (schema: JsonSchema, definitions: Schemas): JsonSchema => {
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf)) return schema;
  const choices = anyOf as JsonSchema[];
  const words = choices.map((choice) => wordsOf(choice, definitions));
  if (words.every((list) => list !== undefined)) return { ...rest, type: 'string', enum: words.flat() };
  const isNull = (choice: JsonSchema): boolean => choice.type === 'null';
  const [only, ...others] = choices.filter((choice) => !isNull(choice));
  if (only === undefined || others.length > 0 || !choices.some(isNull)) return schema;
  const list = wordsOf(only, definitions);
  if (list) return { ...rest, type: ['string', 'null'], enum: [...list, null] };
  return typeof only.type === 'string' && only.properties === undefined ? { ...only, ...rest, type: [only.type, 'null'] } : schema;
};

/** The words that a schema allows, if it allows only such. */
const wordsOf = (schema: JsonSchema, definitions: Schemas): string[] | undefined => {
  if (typeof schema.$ref === 'string') return wordsOf(definitions[schema.$ref.slice(DEFINITIONS.length)] ?? {}, definitions);
  if (typeof schema.const === 'string') return [schema.const];
  return schema.type === 'string' && Array.isArray(schema.enum) ? (schema.enum as string[]) : undefined;
};

const convert = (schema: unknown, definitions: Schemas): unknown => {
  if (Array.isArray(schema)) return schema.map((one) => convert(one, definitions));
  if (!isObject(schema)) return schema;
  const { $ref, ...own } = schema;
  if (typeof $ref === 'string') {
    const definition = decodeURIComponent($ref.slice(DEFINITIONS.length));
    if (!INLINED.has(definition)) return { $ref: COMPONENTS + nameOf(definition), ...own };
    const { description: _, ...inlined } = definitions[definition] ?? {};
    return convert({ ...inlined, ...own }, definitions);
  }
  const inlined = Array.isArray(own.anyOf) ? { ...own, anyOf: own.anyOf.map((one) => inline(one as JsonSchema, definitions)) } : own;
  const united = unite(inlined, definitions);
  const converted = Object.fromEntries(Object.entries(united).map(([key, value]) => [key, convert(value, definitions)]));
  // An object that takes no field at all.
  const extra = united.additionalProperties;
  if (isObject(extra) && isObject(extra.not)) return { ...converted, additionalProperties: false };
  const { properties, required } = converted;
  if (!isObject(properties) || !Array.isArray(required)) return converted;
  const inOrder = ['id', ...Object.keys(properties)].filter((name, at, all) => name in properties && all.indexOf(name) === at);
  return {
    ...converted,
    properties: Object.fromEntries(inOrder.map((name) => [name, properties[name]])),
    required: inOrder.filter((name) => required.includes(name)),
  };
};

const inline = (schema: JsonSchema, definitions: Schemas): JsonSchema => {
  const definition = typeof schema.$ref === 'string' ? decodeURIComponent(schema.$ref.slice(DEFINITIONS.length)) : '';
  if (!INLINED.has(definition)) return schema;
  const { description: _, ...inlined } = definitions[definition] ?? {};
  return inlined;
};

/** The types of the contract as components: what `ts-json-schema-generator` made of `src/contract`, in the form that documents use. */
export const contractSchemas = (definitions: Schemas): Schemas =>
  Object.fromEntries(
    Object.entries(definitions)
      .filter(([name]) => name !== '*' && !INLINED.has(name))
      .map(([name, schema]): [string, JsonSchema] => [nameOf(name), convert(schema, definitions) as JsonSchema])
      // The alias of a page has the name of the page itself.
      .filter(([name, { $ref }]) => $ref !== COMPONENTS + name),
  );

/** Of all schemas those that `roots` name, and those that these name in turn, in the order of their names. */
export const reachable = (schemas: Schemas, roots: unknown): Schemas => {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      const schema = schemas[name];
      if (!schema) throw new Error(`There is no schema ${name}`);
      if (found.has(name)) continue;
      found.add(name);
      visit(schema);
    }
  };
  visit(roots);
  return Object.fromEntries([...found].sort().map((name) => [name, describeFields(name, schemas[name] as JsonSchema)]));
};
