import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { ErrorCode } from '../../src/contract/error-code.js';
import type { Told } from './traffic.js';

type Json = any;

/** What the documents promise of one operation, command or event: how it may turn out. */
export interface Place {
  door: Told['door'];
  /** The good ones: HTTP statuses, `ok` of an ack, `sent` of an event. */
  ends: string[];
  codes: ErrorCode[];
}

/** What the documents say of one thing that a client was told. */
interface Verdict {
  place: string;
  end?: string;
  code?: ErrorCode;
  fault?: string;
}

/** Where refusals come from that belong to no operation or command. */
const NOWHERE = { http: 'any other route', ack: 'any other command', handshake: 'handshake' };

type Answer = Extract<Told, { door: 'http' }>;

interface Operation {
  place: string;
  method: string;
  pattern: RegExp;
  /** How many parts of the path are parameters: the route with fewer wins. */
  params: number;
  pointer: string;
  responses: Record<string, Json>;
}

const METHODS = ['get', 'put', 'post', 'patch', 'delete'];
const PROBLEM = 'application/problem+json';
/** Pages and their files, for people: test/browser looks at them, the documents are about the API. */
const FACE = /^\/(?:demo|console(?:\/.*)?|widget\.js|widget\/[^/]+|chat\/[^/]+|faces\/assets\/[^/]+)$/;

const escaped = (key: string): string => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));

/** Every value of `code` that a schema allows. */
const codesIn = (document: Json, schema: Json): ErrorCode[] => {
  if (typeof schema !== 'object' || schema === null) return [];
  const { $ref, properties, allOf = [], oneOf = [], anyOf = [] } = schema;
  if (typeof $ref === 'string') return codesIn(document, resolve(document, $ref));
  const narrowest = [...allOf, ...oneOf, ...anyOf].map((part: Json) => codesIn(document, part)).filter((codes) => codes.length > 0);
  const own = properties?.code?.enum ?? (properties?.code?.const === undefined ? [] : [properties.code.const]);
  return own.length > 0 ? own : (narrowest.sort((left, right) => left.length - right.length)[0] ?? []);
};

const resolve = (document: Json, pointer: string): Json =>
  pointer
    .replace(/^#\//, '')
    .split('/')
    .reduce((value, key) => value[decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~')], document);

/** Says nothing by itself: no branch of a union was right, or the value is not the null that it might have been. */
const isEmpty = ({ keyword, params }: ErrorObject): boolean => /^(any|one)Of$/.test(keyword) || params.type === 'null';

/** Of a union every branch has errors: the schema with the fewest is most likely the one that is meant. */
const summary = (errors: ErrorObject[]): string => {
  const branches = new Map<unknown, ErrorObject[]>();
  for (const error of errors.filter((one) => !isEmpty(one))) {
    branches.set(error.parentSchema, [...(branches.get(error.parentSchema) ?? []), error]);
  }
  const [fewest = errors] = [...branches.values()].sort((left, right) => left.length - right.length);
  const texts = fewest.map(({ instancePath, message, params }) => {
    const named = Object.values(params as Record<string, unknown>).join(' ');
    return `${instancePath.replace(/\/\d+/g, '/#') || 'it'} ${message} (${named})`;
  });
  return [...new Set(texts)].slice(0, 3).join('; ');
};

/** The OpenAPI and AsyncAPI documents as judges of what clients are told. Strict: what they do not name is a fault. */
export class Documents {
  readonly places = new Map<string, Place>();
  private readonly ajv = new Ajv2020({ strict: true, allErrors: true, verbose: true, allowUnionTypes: true, strictRequired: false });
  private readonly operations: Operation[];

  constructor(
    private readonly openapi: Json,
    asyncapi: Json,
  ) {
    addFormats.default(this.ajv);
    // A document is looked into as one schema, so its own first words must be known.
    this.ajv.addVocabulary([...new Set([...Object.keys(openapi), ...Object.keys(asyncapi)])]);
    this.ajv.addSchema(openapi, 'openapi', true);
    this.ajv.addSchema(asyncapi, 'asyncapi', true);
    this.operations = Object.entries<Json>(openapi.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => method in item).map((method) => this.operation(method, path, item[method])),
    );
    for (const [name, { 'x-kind': kind, 'x-codes': codes }] of Object.entries<Json>(asyncapi.operations)) {
      if (kind === 'event') this.places.set(`event ${name}`, { door: 'event', ends: ['sent'], codes: [] });
      if (kind === 'command') this.places.set(`command ${name}`, { door: 'ack', ends: ['ok'], codes });
    }
    this.places.set(NOWHERE.http, { door: 'http', ends: [], codes: ['route.not_found', 'method.not_allowed'] });
    this.places.set(NOWHERE.ack, {
      door: 'ack',
      ends: [],
      codes: codesIn(asyncapi, asyncapi.components.messages['unknown.ack'].payload.properties.error),
    });
    this.places.set(NOWHERE.handshake, {
      door: 'handshake',
      ends: [],
      codes: codesIn(asyncapi, asyncapi.components.messages.connect_error.payload),
    });
  }

  /** Undefined for what is the transport's own. */
  judge(told: Told): Verdict | undefined {
    switch (told.door) {
      case 'http':
        return this.judgeAnswer(told);
      case 'ack':
        return this.judgeAck(told);
      case 'event':
        return this.judgeEvent(told);
      case 'handshake':
        return { place: NOWHERE.handshake, code: codeIn(told.error), fault: this.checkMessage('connect_error', told.error) };
    }
  }

  private operation(method: string, path: string, { responses }: Json): Operation {
    const place = `${method.toUpperCase()} ${path}`;
    const ends = Object.keys(responses).filter((status) => status < '400');
    const codes = Object.values<Json>(responses).flatMap((response) => codesIn(this.openapi, this.bodyOf(response, PROBLEM)?.schema));
    this.places.set(place, { door: 'http', ends, codes: [...new Set(codes)] });
    const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}/?$`, 'i');
    return {
      place,
      method: method.toUpperCase(),
      pattern,
      params: path.split('{').length - 1,
      pointer: `/paths/${escaped(path)}/${method}`,
      responses,
    };
  }

  private judgeAnswer(answer: Answer): Verdict | undefined {
    const { method, path, status, type, body } = answer;
    // The transport's own, and answers to browsers that ask before they call.
    if (path.startsWith('/socket.io/') || (method === 'OPTIONS' && status === 204)) return undefined;
    const isHead = method === 'HEAD';
    const code = isHead ? undefined : codeIn(body);
    const onPath = this.operations.filter(({ pattern }) => pattern.test(path)).sort((left, right) => left.params - right.params);
    const operation = onPath.find((one) => one.method === (isHead ? 'GET' : method) && one.params === onPath[0]?.params);
    if (!operation) return this.judgeUnrouted(onPath.length > 0, answer);
    // A HEAD answers for a GET, but shows nothing of its body.
    const found = { place: operation.place, end: isHead ? undefined : String(status), code };
    const response = operation.responses[status];
    if (!response) return { ...found, fault: `the status ${status} ${code ?? ''} is not documented` };
    const { content = {} } = deref(this.openapi, response);
    const mediaType = type?.split(';')[0] ?? '';
    if (isHead || Object.keys(content).length === 0) return { ...found, fault: body === null ? undefined : 'a body where there is none' };
    if (!(mediaType in content)) return { ...found, fault: `the content type ${type} is not documented` };
    const pointer = response.$ref ? response.$ref.slice(1) : `${operation.pointer}/responses/${status}`;
    return { ...found, fault: this.check('openapi', `${pointer}/content/${escaped(mediaType)}/schema`, body) };
  }

  /** No operation: then the only answers are the refusals that come before one is looked for. */
  private judgeUnrouted(isPathKnown: boolean, { method, path, status, type, body }: Answer): Verdict {
    const place = NOWHERE.http;
    if (method === 'GET' && FACE.test(path) && !type?.startsWith(PROBLEM)) return { place };
    const expected = isPathKnown ? 405 : 404;
    if (method === 'HEAD') return { place, fault: status >= 400 && body === null ? undefined : `HEAD of no operation: ${status}` };
    // What the parser of HTTP itself cannot read gets no further.
    if (status === 400 && type === null && body === null) return { place };
    const code = codeIn(body);
    const isRight = status === expected || code === 'validation.failed' || code === 'origin.denied';
    if (!isRight || !type?.startsWith(PROBLEM)) return { place, fault: `no operation, but ${status} ${type}` };
    return { place, code, fault: this.check('openapi', '/components/schemas/Problem', body) };
  }

  private judgeAck({ command, answer }: Extract<Told, { door: 'ack' }>): Verdict {
    const code = codeIn((answer as { error?: unknown }).error);
    const place = `command ${command}`;
    if (!this.places.has(place)) return { place: NOWHERE.ack, code, fault: this.checkMessage('unknown.ack', answer) };
    return { place, end: code ? undefined : 'ok', code, fault: this.checkMessage(`${command}.ack`, answer) };
  }

  private judgeEvent({ event, payload }: Extract<Told, { door: 'event' }>): Verdict {
    const place = `event ${event}`;
    if (!this.places.has(place)) return { place, fault: 'is not documented' };
    return { place, end: 'sent', fault: this.checkMessage(event, payload) };
  }

  private bodyOf(response: Json, mediaType: string): Json {
    return deref(this.openapi, response).content?.[mediaType];
  }

  private checkMessage(name: string, payload: unknown): string | undefined {
    return this.check('asyncapi', `/components/messages/${escaped(name)}/payload`, payload);
  }

  private check(document: 'openapi' | 'asyncapi', pointer: string, value: unknown): string | undefined {
    const validate = this.validator(`${document}#${pointer}`);
    return validate(value) ? undefined : summary(validate.errors ?? []);
  }

  private validator(reference: string): ValidateFunction {
    const found = this.ajv.getSchema(reference);
    if (!found) throw new Error(`the documents have no ${decodeURIComponent(reference)}`);
    return found;
  }
}

const deref = (document: Json, value: Json): Json => (value.$ref ? resolve(document, value.$ref) : value);

const codeIn = (error: unknown): ErrorCode | undefined => (error as { code?: ErrorCode } | null | undefined)?.code;
