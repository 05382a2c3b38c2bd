import { nestedTypeOf, rulesMetadataOf, type JsonSchema, type RuleMetadata } from './rules.js';

type Class = new () => object;

/** What the rules that class-validator brings say in JSON Schema. Those of `rules.ts` carry it themselves. */
const BUILT_IN: Record<string, (argument: never) => JsonSchema> = {
  isInt: () => ({ type: 'integer' }),
  isString: () => ({ type: 'string' }),
  isBoolean: () => ({ type: 'boolean' }),
  isIn: (values: string[]) => ({ type: 'string', enum: [...values] }),
  min: (minimum: number) => ({ minimum }),
  max: (maximum: number) => ({ maximum }),
  maxLength: (maxLength: number) => ({ maxLength }),
  matches: ({ source, flags }: RegExp) => {
    if (flags !== '') throw new Error(`JSON Schema knows no flags: /${source}/${flags}`);
    return { type: 'string', pattern: source };
  },
};

const toSchema = (type: Class, metadata: RuleMetadata, nested: (type: Class) => JsonSchema): JsonSchema => {
  const place = `${type.name}.${metadata.propertyName}`;
  if (metadata.type === 'nestedValidation') {
    const schema = nested(nestedTypeOf(type, metadata.propertyName));
    return metadata.each ? { items: schema } : schema;
  }
  const noted = (metadata.context as { schema?: JsonSchema } | undefined)?.schema;
  const builtIn = BUILT_IN[metadata.name ?? ''];
  const schema = noted ?? builtIn?.((metadata.constraints as never[] | undefined)?.[0] as never);
  if (!schema) throw new Error(`${place} has a rule without a schema: ${metadata.name}`);
  return metadata.each ? { items: schema } : schema;
};

/** Also null. A schema that is a reference gets an alternative. */
const orNull = (schema: JsonSchema): JsonSchema => {
  if (schema.$ref !== undefined) return { anyOf: [schema, { type: 'null' }] };
  return { ...schema, type: [schema.type, 'null'], ...(Array.isArray(schema.enum) && { enum: [...(schema.enum as unknown[]), null] }) };
};

/**
 * The JSON Schema of what a DTO class accepts, made from the very rules that check it. `nested` says how a class inside
 * stands in the schema: as a reference, or in full.
 */
export const ruleSchema = (type: Class, nested: (type: Class) => JsonSchema = (inner) => ruleSchema(inner)): JsonSchema => {
  const properties: Record<string, JsonSchema> = {};
  const optional = new Set<string>();
  const nullable = new Set<string>();
  for (const metadata of rulesMetadataOf(type)) {
    const { propertyName: name } = metadata;
    if (metadata.type === 'conditionalValidation') {
      const { absent, null: isNullable } = metadata.context as { absent: boolean; null: boolean };
      if (absent) optional.add(name);
      if (isNullable) nullable.add(name);
    } else {
      const { items, ...own } = toSchema(type, metadata, nested);
      const before = properties[name] ?? {};
      properties[name] = {
        ...before,
        ...own,
        ...(items !== undefined && { items: { ...(before.items as object), ...(items as object) } }),
      };
    }
  }
  for (const name of nullable) properties[name] = orNull(properties[name] as JsonSchema);
  const required = Object.keys(properties).filter((name) => !optional.has(name));
  return { type: 'object', properties, ...(required.length > 0 && { required }), additionalProperties: false };
};
