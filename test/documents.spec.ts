import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { NAMES_STREAM } from '../src/access/stream.guard.js';
import { COMMANDS, type Command } from '../src/access/permissions.js';
import { AppModule } from '../src/app.module.js';
import { readEnv } from '../src/config/env.js';
import { doorsOf } from '../src/reference/doors.js';
import { EVENTS } from '../src/reference/events.js';
import { FIELDS } from '../src/reference/fields.js';

const openapi: any = JSON.parse(readFileSync('docs/openapi.json', 'utf8'));
const asyncapi: any = JSON.parse(readFileSync('docs/asyncapi.json', 'utf8'));
const eventPage = readFileSync('docs/events.md', 'utf8');
const doors = doorsOf(AppModule.with(readEnv({ DOCS: 'on' }), 'postgres://nowhere'));

const operations: [string, any][] = Object.entries<any>(openapi.paths).flatMap(([path, item]) =>
  Object.entries<any>(item).map(([method, operation]): [string, any] => [`${method.toUpperCase()} ${path}`, operation]),
);
const response = (given: any): any => (given.$ref ? openapi.components.responses[given.$ref.split('/').at(-1)] : given);

/** Every error of a strict check, so that a fault names its place. */
const checker = (document: any): ((schema: any, value: unknown) => unknown[]) => {
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true, strictRequired: false });
  addFormats.default(ajv);
  ajv.addVocabulary(['x-max-bytes', 'components']);
  ajv.addSchema({ $id: 'document', components: { schemas: document.components.schemas } });
  // The same errors stand at many places.
  const known = new Map<string, ValidateFunction>();
  const validator = (schema: any): ValidateFunction => {
    const text = JSON.stringify(schema).replaceAll('"#/components/schemas/', '"document#/components/schemas/');
    const validate = known.get(text) ?? ajv.compile(JSON.parse(text));
    known.set(text, validate);
    return validate;
  };
  return (schema, value) => {
    const validate = validator(schema);
    return validate(value) ? [] : (validate.errors ?? []);
  };
};

describe('docs/', () => {
  it('is written from this source', () => {
    expect(() => execFileSync('node', ['scripts/write-docs.mjs', '--check'], { stdio: 'pipe' })).not.toThrow();
  });
});

describe('the descriptions of fields', () => {
  it('are all in use', () => {
    const text = JSON.stringify([openapi, asyncapi]);
    expect(Object.keys(FIELDS).filter((name) => !text.includes(JSON.stringify(FIELDS[name])))).toEqual([]);
  });
});

describe('docs/openapi.json', () => {
  const check = checker(openapi);

  it('has every route, and every command that a route is for', () => {
    expect(operations.map(([place]) => place).sort()).toEqual(doors.routes.map(({ method, path }) => `${method} ${path}`).sort());
    expect(new Set(operations.map(([, { operationId }]) => operationId)).size).toBe(operations.length);
  });

  it.each(operations)('describes %s, with an example of all that is sent and answered', (_, operation) => {
    expect(operation.summary).not.toBe('');
    expect(operation.description).not.toBe('');
    for (const { name, description, schema, example } of operation.parameters ?? []) {
      expect([name, typeof description]).toEqual([name, 'string']);
      if (example !== undefined) expect(check(schema, example)).toEqual([]);
    }
    const bodies = [operation.requestBody, ...Object.values<any>(operation.responses).map(response)].filter(Boolean);
    for (const { content = {} } of bodies) {
      for (const { schema, example, examples } of Object.values<any>(content)) {
        const given = examples ? Object.values<any>(examples).map(({ value }) => value) : [example];
        for (const one of given) expect([one, check(schema, one)]).toEqual([one, []]);
      }
    }
  });

  it.each(operations)('tells the errors of %s: by code, as problem documents, with the time to wait', (_, operation) => {
    const errors = Object.entries<any>(operation.responses).filter(([status]) => status >= '400');
    expect(errors.map(([status]) => status)).toEqual(expect.arrayContaining(['400', '403', '429', '500', '503']));
    for (const [status, given] of errors) {
      const { content, headers } = response(given);
      const [, narrowed] = content['application/problem+json'].schema.allOf;
      expect(narrowed.properties.status.const).toBe(Number(status));
      expect(narrowed.properties.code.enum.length).toBeGreaterThan(0);
      expect('Retry-After' in headers).toBe(['429', '503'].includes(status));
    }
    expect('401' in operation.responses).toBe(
      operation.security.length > 0 ||
        operation['x-command'] in { 'auth.login': 1, 'auth.guest': 1, 'auth.refresh_tokens': 1, 'server.metrics': 1 },
    );
  });

  it('lets no field pass that it does not name', () => {
    const open = Object.entries<any>(openapi.components.schemas).filter(
      ([, schema]) => schema.type === 'object' && schema.additionalProperties !== false,
    );
    expect(open).toEqual([]);
  });
});

describe('docs/asyncapi.json', () => {
  const check = checker(asyncapi);
  const named = (kind: string): string[] => Object.keys(asyncapi.operations).filter((name) => asyncapi.operations[name]['x-kind'] === kind);
  const messages = Object.entries<any>(asyncapi.components.messages);

  it('has every command and every event', () => {
    expect(named('command').sort()).toEqual(doors.calls.map(({ command }) => command).sort());
    expect(named('event').sort()).toEqual(Object.keys(EVENTS).sort());
    const told = new Set([...doors.routes, ...doors.calls].map(({ command }) => command));
    expect((Object.keys(COMMANDS) as Command[]).filter((command) => !told.has(command))).toEqual([]);
  });

  it.each(messages)('shows an example of %s that is right', (_, { payload, examples }) => {
    expect(examples.length).toBeGreaterThan(0);
    for (const { payload: example } of examples) expect(check(payload, example)).toEqual([]);
  });

  it('tells of a command who may send it and what may go wrong, and of an event who gets it', () => {
    for (const name of named('command')) {
      const operation = asyncapi.operations[name];
      expect([name, operation['x-codes'].length > 3, operation['x-audience'].length > 3]).toEqual([name, true, true]);
      const refused = asyncapi.components.messages[`${name}.ack`].payload.oneOf[1].properties.error.allOf[1];
      expect(refused.properties.code.enum).toEqual(operation['x-codes']);
    }
    for (const name of named('event')) expect([name, asyncapi.operations[name]['x-audience'].length > 10]).toEqual([name, true]);
  });

  it('has all of it on the page for people', () => {
    const headings = [...eventPage.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual([...named('command'), ...named('event'), ...Object.keys(asyncapi.components.schemas)]);
  });
});

describe('the guard of streams', () => {
  it('knows every command that names a stream', () => {
    const names = ({ components }: any, schema: any): boolean =>
      components.schemas[schema?.$ref?.split('/').at(-1)]?.properties?.stream !== undefined;
    const overRest = Object.values<any>(openapi.paths)
      .flatMap((methods) => Object.values<any>(methods))
      .filter((operation) => {
        const hasParameter = operation.parameters?.some(({ name }: any) => name === 'stream') === true;
        return hasParameter || names(openapi, operation.requestBody?.content['application/json']?.schema);
      })
      .map(({ operationId }) => operationId as string);
    const bySocket = Object.entries<any>(asyncapi.components.messages)
      .filter(([, message]) => message['x-kind'] === 'command' && names(asyncapi, message.payload))
      .map(([name]) => name);
    expect([...NAMES_STREAM].sort()).toEqual([...new Set([...overRest, ...bySocket])].sort());
  });
});
