import { getFromContainer, getMetadataStorage, type ValidationArguments, type ValidatorConstraintInterface } from 'class-validator';
import { idProperties, isPlainObject, nestedTypeOf, rulesMetadataOf, type RuleMetadata } from './rules.js';

type Class = new () => object;
type Test = (value: unknown) => boolean;
type Condition = (payload: object, value: unknown) => boolean;

interface Field {
  property: string;
  /** Whether the other rules are asked at all: one is false for an optional field that is absent. */
  conditions: Condition[];
  tests: Test[];
  isInteger: boolean;
  isId: boolean;
  /** The class of the object, or of each object of the list, that it holds. */
  nested: Class | undefined;
}

/** The rules of one DTO class, read once from its decorators, so that a good payload costs a few calls and no reflection. */
export interface CompiledRules {
  /** Whether class-validator, with unknown fields forbidden, would find no fault. */
  accepts(payload: Record<string, unknown>): boolean;
  /** Ids in lower case; the payload itself, changed in place. */
  normalise(payload: Record<string, unknown>): Record<string, unknown>;
  integerFields: ReadonlySet<string>;
  /** The dotted paths of the fields that no class names, at every depth. */
  unknownIn(payload: Record<string, unknown>): string[];
}

const nestedRules = (type: Class, property: string): Test => {
  const nested = nestedTypeOf(type, property);
  return (value) => isPlainObject(value) && rulesOf(nested).accepts(value);
};

const toTest = (type: Class, metadata: RuleMetadata): Test => {
  if (metadata.type === 'nestedValidation') {
    const nested = nestedRules(type, metadata.propertyName);
    return metadata.each ? (value) => Array.isArray(value) && value.every(nested) : nested;
  }
  const [constraint] = getMetadataStorage().getTargetValidatorConstraints(metadata.constraintCls);
  if (!constraint) throw new Error(`${type.name}.${metadata.propertyName} has a rule that cannot be compiled: ${metadata.type}`);
  const instance = getFromContainer<ValidatorConstraintInterface>(constraint.target as never);
  const args = { constraints: metadata.constraints } as ValidationArguments;
  const test: Test = (value) => instance.validate(value, args) === true;
  return metadata.each ? (value) => Array.isArray(value) && value.every(test) : test;
};

const toField = (type: Class, property: string, metadatas: RuleMetadata[]): Field => {
  const conditions = metadatas.filter(({ type: kind }) => kind === 'conditionalValidation');
  const rules = metadatas.filter(({ type: kind }) => kind !== 'conditionalValidation');
  return {
    property,
    conditions: conditions.map(({ constraints }) => (constraints as [Condition])[0]),
    tests: rules.map((metadata) => toTest(type, metadata)),
    isInteger: rules.some(({ name }) => name === 'isInt'),
    isId: idProperties.get(type.prototype as object, property) ?? false,
    nested: rules.some(({ type: kind }) => kind === 'nestedValidation') ? nestedTypeOf(type, property) : undefined,
  };
};

/** In loops: this runs for every message. */
const isFaulty = ({ property, conditions, tests }: Field, payload: Record<string, unknown>): boolean => {
  const value = payload[property];
  for (const isAsked of conditions) if (!isAsked(payload, value)) return false;
  for (const test of tests) if (!test(value)) return true;
  return false;
};

/** Ids as they are compared and stored; one that is in a list twice, in other letters, is in it once. */
const lower = (value: unknown): unknown => {
  if (typeof value === 'string') return value.toLowerCase();
  return Array.isArray(value) ? [...new Set(value.map(lower))] : value;
};

/** What is unknown in the objects that a field holds, by the path that leads there from the field. */
const unknownInside = (value: unknown, nested: Class): string[] => {
  if (Array.isArray(value)) return value.flatMap((item, i) => unknownInside(item, nested).map((path) => `${i}.${path}`));
  return isPlainObject(value) ? rulesOf(nested).unknownIn(value) : [];
};

const compile = (type: Class): CompiledRules => {
  const byProperty = new Map<string, RuleMetadata[]>();
  for (const metadata of rulesMetadataOf(type)) {
    byProperty.set(metadata.propertyName, [...(byProperty.get(metadata.propertyName) ?? []), metadata]);
  }
  const fields = [...byProperty].map(([property, metadatas]) => toField(type, property, metadatas));
  const ids = fields.filter(({ isId }) => isId).map(({ property }) => property);
  return {
    accepts(payload) {
      for (const key in payload) if (!byProperty.has(key)) return false;
      for (const field of fields) if (isFaulty(field, payload)) return false;
      return true;
    },
    normalise(payload) {
      for (const property of ids) if (property in payload) payload[property] = lower(payload[property]);
      return payload;
    },
    unknownIn: (payload) =>
      Object.entries(payload).flatMap(([key, value]) => {
        if (!byProperty.has(key)) return [key];
        const nested = fields.find(({ property }) => property === key)?.nested;
        return nested ? unknownInside(value, nested).map((path) => `${key}.${path}`) : [];
      }),
    integerFields: new Set(fields.filter(({ isInteger }) => isInteger).map(({ property }) => property)),
  };
};

const compiled = new Map<Class, CompiledRules>();

export const rulesOf = (type: Class): CompiledRules => {
  const known = compiled.get(type);
  if (known) return known;
  const rules = compile(type);
  compiled.set(type, rules);
  return rules;
};
