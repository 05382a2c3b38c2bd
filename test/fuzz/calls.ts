import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Command } from '../../src/access/permissions.js';
import { CALLERS, type Caller, type World } from './world.js';
import type { Values } from './values.js';

type Json = any;

export const read = (file: string): Json => JSON.parse(readFileSync(file, 'utf8'));
const openapi = read('docs/openapi.json');
const asyncapi = read('docs/asyncapi.json');

interface Operation {
  place: string;
  method: string;
  path: string;
  command: Command;
  needsCredential: boolean;
  parameters: { name: string; in: string; required: boolean; schema: Json }[];
  body?: Json;
  isForm: boolean;
  example: unknown;
}

/** One request, as it can be made again. */
export interface Call {
  caller: Caller;
  command: Command;
  needsCredential: boolean;
  /** Whether the documents take what is sent; undefined where that is not known. */
  isTaken: boolean | undefined;
  /** Ids in the path. */
  ids: string[];
  /** The payload, whichever door it goes through; a stream may be named in it. */
  sent: unknown;
  rest?: { method: string; path: string; body?: string; form?: Record<string, unknown> };
  event?: { name: string; payload: unknown };
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

const OPERATIONS: Operation[] = Object.entries<Json>(openapi.paths).flatMap(([path, item]) =>
  METHODS.filter((method) => method in item).map((method) => {
    const { parameters = [], requestBody, security, 'x-command': command } = item[method];
    const [[type, content] = []] = Object.entries<Json>(requestBody?.content ?? {});
    return {
      place: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      command,
      needsCredential: security.length > 0 && security.every((one: object) => Object.keys(one).length > 0),
      parameters: parameters.filter((one: Json) => one.in !== 'header'),
      body: content?.schema,
      isForm: type === 'multipart/form-data',
      example: content?.example,
    };
  }),
);
const EVENTS = Object.entries<Json>(asyncapi.operations)
  .filter(([, { 'x-kind': kind }]) => kind === 'command')
  .map(([name, { 'x-rest': twins }]) => ({
    name,
    payload: asyncapi.components.messages[name].payload,
    twin: twins[0] as string | undefined,
  }));

const ajv = new Ajv2020({ strict: false, logger: false });
addFormats.default(ajv);
ajv.addSchema(openapi, 'openapi').addSchema(asyncapi, 'asyncapi');
const compiled = new Map<object, ValidateFunction>();
const takes = (document: 'openapi' | 'asyncapi', schema: Json, value: unknown): boolean => {
  const pointed = schema.$ref ? { $ref: `${document}${schema.$ref}` } : schema;
  if (!compiled.has(schema)) compiled.set(schema, ajv.compile(pointed));
  return (compiled.get(schema) as ValidateFunction)(value) && !isDirty(value);
};

/** Holds what no field of any command may hold. */
const isDirty = (value: unknown): boolean =>
  /\\u0000|(?<!\\)\\ud[89a-f]|"(__proto__|constructor|prototype)":/.test(JSON.stringify([value])) || depthOf(value) > 20;
const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const WRONG_IDS = [
  'x',
  '0',
  'null',
  'undefined',
  '%00',
  '..%2f..',
  '%E0%A4%A',
  '01900000-0000-7000-8000-00000000000',
  '%ed%a0%80',
  "1'--",
  '%F0%9F%98%80',
];
const WRONG_QUERIES = [
  'nonsense=1',
  '__proto__[x]=1',
  'constructor=1',
  '=',
  '&&',
  '%00=1',
  '%E0%A4%A',
  'limit[]=1',
  'q[$ne]=1',
  'cursor=',
  'limit=1e2',
  'limit=+1',
  'sort=id;--',
];
const WRONG_BODIES = [
  '[]',
  'null',
  '"x"',
  '7',
  '{',
  '',
  '{"a":1}x',
  '[{}]',
  '\ufeff{}',
  '{"__proto__":{"a":1}}',
  '{"a":"\\ud800"}',
  '{"\\u0000":1}',
];

/** Longer ones are refused by the parser of HTTP. */
const LONGEST_ADDRESS = 8_000;

/** Which part of a request is spoilt. */
type Wrong = 'path' | 'query' | 'body' | 'nothing';

const inAddress = (text: string): string => (text.isWellFormed() ? encodeURIComponent(text) : '%ED%A0%80');

/** Makes random calls by the documents. */
export class Calls {
  constructor(
    private readonly values: Values,
    private readonly world: World,
  ) {}

  next(): Call {
    const { values } = this;
    const caller = values.pick(CALLERS);
    return values.chance(0.45) ? this.ofEvent(values.pick(EVENTS), caller) : this.ofOperation(values.pick(OPERATIONS), caller);
  }

  /** A random command for one room, by somebody who may. */
  inRoom(roomId: string): Call {
    const { values } = this;
    const { name, payload } = values.pick(EVENTS.filter((one) => !/^(presence|auth)\.|^room\.list$/.test(one.name)));
    const sent: Record<string, unknown> = { ...(values.of(asyncapi, payload) as object), roomId };
    // Most messages have nothing in them that may be missing.
    if (values.chance(0.7)) for (const field of ['attachmentIds', 'replyTo', 'mentions']) Reflect.deleteProperty(sent, field);
    if (name === 'message.send') sent.body ??= 'x';
    return this.eventCall(name, values.pick(CALLERS.slice(0, 4)), sent, payload);
  }

  private ofEvent({ name, payload, twin }: (typeof EVENTS)[number], caller: Caller): Call {
    const { values } = this;
    const good = values.chance(0.2)
      ? this.example(asyncapi.components.messages[name].examples?.[0]?.payload ?? {})
      : values.of(asyncapi, payload);
    const sent = values.chance(0.4) ? values.spoilt(good) : good;
    const call = this.eventCall(name, caller, sent, payload);
    const operation = OPERATIONS.find((one) => one.place === twin);
    return operation ? { ...call, rest: this.twinOf(operation, sent) } : call;
  }

  private eventCall(name: string, caller: Caller, sent: unknown, payload: Json): Call {
    const { roomId } = (sent ?? {}) as { roomId?: string };
    return {
      caller,
      command: name as Command,
      needsCredential: true,
      isTaken: takes('asyncapi', payload, sent),
      ids: name !== 'room.leave' && name !== 'room.open' && typeof roomId === 'string' ? [roomId] : [],
      sent,
      event: { name, payload: sent },
    };
  }

  /** The same over the other door, where it can be said there. */
  private twinOf({ method, path, parameters }: Operation, sent: unknown): Call['rest'] {
    if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) return undefined;
    const left = { ...sent } as Record<string, unknown>;
    const names = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
    if (names.some((name) => typeof left[name] !== 'string' || !/^[\w-]+$/.test(left[name]))) return undefined;
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => left[name] as string);
    for (const name of names) Reflect.deleteProperty(left, name);
    if (method !== 'GET') return { method, path: filled, body: Object.keys(left).length === 0 ? undefined : JSON.stringify(left) };
    const isPlain = Object.entries(left).every(
      ([name, value]) =>
        typeof value === (parameters.find((one) => one.name === name)?.schema.type === 'integer' ? 'number' : 'string') &&
        !Object.is(value, -0) &&
        !isDirty(value),
    );
    if (!isPlain) return undefined;
    const query = Object.entries(left).map(([name, value]) => `${inAddress(name)}=${inAddress(String(value))}`);
    const address = query.length === 0 ? filled : `${filled}?${query.join('&')}`;
    return address.length > LONGEST_ADDRESS ? undefined : { method, path: address };
  }

  private ofOperation(operation: Operation, caller: Caller): Call {
    const { values } = this;
    const { method, body, command, needsCredential, isForm } = operation;
    const wrong: Wrong = values.chance(0.5) ? values.pick(['path', 'query', 'body', 'body', 'body']) : 'nothing';
    const { path, ids, asked, isGood } = this.addressOf(operation, wrong);
    const call = { caller, command, needsCredential, ids };
    if (method === 'GET') return { ...call, isTaken: isGood, sent: asked, rest: { method, path } };
    const good = this.bodyOf(operation);
    const sent = wrong === 'body' && good !== undefined ? values.spoilt(good) : good;
    // Of a form only its address can be judged.
    if (isForm)
      return { ...call, isTaken: isGood ? undefined : false, sent, rest: { method, path, form: sent as Record<string, unknown> } };
    if (wrong === 'body' && (body === undefined || values.chance(0.15))) {
      const text = values.pick(WRONG_BODIES);
      const isEmpty = /^\ufeff?(\{\})?$/.test(text) && (body === undefined || takes('openapi', body, {}));
      return { ...call, isTaken: isGood && isEmpty, sent: asked, rest: { method, path, body: text } };
    }
    const isTaken = isGood && (body === undefined || takes('openapi', body, sent ?? {}));
    return { ...call, isTaken, sent: sent ?? asked, rest: { method, path, body: JSON.stringify(sent) } };
  }

  private addressOf({ path, parameters }: Operation, wrong: Wrong): { path: string; ids: string[]; asked: object; isGood: boolean } {
    const { values, world } = this;
    world.kind = path.split('/')[2] ?? 'rooms';
    const ids: string[] = [];
    // A slug may be any text.
    const isGood = wrong !== 'path' || !/\{(?!slug)/.test(path);
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
      if (wrong === 'path' && name !== 'slug') return values.pick(WRONG_IDS);
      const value = values.of(openapi, parameters.find((one) => one.name === name)?.schema, name) as string;
      if (name !== 'slug') ids.push(value);
      return inAddress(value);
    });
    const chosen = parameters.filter((one) => one.in === 'query' && (one.required || values.chance(0.35)));
    const given = chosen.map(({ name, schema }) => ({ name, schema, value: values.of(openapi, schema, name) }));
    const areGood = given.every(({ schema, value }) => takes('openapi', schema, value));
    const query = given.map(({ name, value }) => [name, String(value)] as const);
    const search = query.map(([name, value]) => `${name}=${inAddress(value)}`).join('&');
    if (wrong !== 'query')
      return { path: search === '' ? filled : `${filled}?${search}`, ids, asked: Object.fromEntries(query), isGood: isGood && areGood };
    const named = query.slice(0, 1).flatMap(([name]) => [`${search}&${name}=x`, `${name}[]=1`, `${search}&x=1`]);
    const spoilt = values.pick([...WRONG_QUERIES, ...named]);
    // What is wrong with these stands in no schema.
    return { path: `${filled}?${spoilt}`, ids, asked: {}, isGood: isGood && spoilt === '&&' };
  }

  private bodyOf({ body, example }: Operation): unknown {
    if (body === undefined) return undefined;
    return example !== undefined && this.values.chance(0.3) ? this.example(example) : this.values.of(openapi, body);
  }

  /** An example of the documents, with ids of what there is. */
  private example(example: unknown): unknown {
    const text = JSON.stringify(example, (key, value: unknown) =>
      typeof value === 'string' && ID.test(value) ? this.world.idFor(key) : value,
    );
    return JSON.parse(text) as unknown;
  }
}
