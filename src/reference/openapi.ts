import { ruleOf } from '../access/permissions.js';
import { VERSION } from '../config/version.js';
import type { ErrorCode } from '../contract/error-code.js';
import type { JsonSchema } from '../validation/rules.js';
import { callersOf, limitOf } from './callers.js';
import { codesOfRoute } from './codes.js';
import { COMPONENTS, contractSchemas, reachable, type Schemas } from './contract-schemas.js';
import type { Doors, Dto, Route } from './doors.js';
import { OPERATIONS, TAGS, tagOf } from './operations.js';
import { problemResponses } from './problems.js';
import { Requests } from './requests.js';

const DESCRIPTION = `The REST API of Parley, a live chat between customers and the people who answer them.

Bodies are JSON in UTF-8 with names in camelCase. Ids are UUIDs, times are ISO 8601 in UTC with milliseconds. A field without a value is \`null\`. Unknown fields are refused, in bodies and in query strings.

Lists answer \`{ items, nextCursor }\`: send \`nextCursor\` as \`cursor\` for the next page. The history of a room pages by \`seq\`, by \`before\` and \`after\`.

An error is a problem document of RFC 9457 with a \`code\` that stays the same, and \`retryable\` that says whether the same request may succeed later. What is limited tells of it on every answer: \`X-RateLimit-Limit\`, \`X-RateLimit-Remaining\` (how many calls may come at once now, as far as this server knows) and \`X-RateLimit-Reset\` (in how many seconds all of it is free again, or, on a 429, the next call). A path that does not exist is \`route.not_found\` (404), another method than those of the path \`method.not_allowed\` (405), with the header \`Allow\`. What you may not read answers as what does not exist.

The same commands and the events go over Socket.IO: see the AsyncAPI document.`;

const HEADERS = {
  'X-Request-Id': {
    description: 'The id of this request; the log names it too.',
    schema: { type: 'string', format: 'uuid' },
  },
  'Content-Range': {
    description: 'Which bytes these are, and of how many; `bytes */` and how many when those that were asked for are not there.',
    schema: { type: 'string' },
    example: 'bytes 0-499/1234',
  },
  'X-RateLimit-Limit': {
    description: 'How many calls the limit of this route takes in its time.',
    schema: { type: 'number', minimum: 0 },
  },
  'X-RateLimit-Remaining': { description: 'How many more may come at once: none.', schema: { const: 0 } },
  'X-RateLimit-Reset': { description: 'The same as `Retry-After`.', schema: { type: 'integer', minimum: 0 } },
  'Retry-After': { description: 'Seconds to wait before the next try.', schema: { type: 'integer', minimum: 0 } },
};

/** Of what is sent in part as well. */
const RANGE = {
  name: 'Range',
  in: 'header',
  required: false,
  description: 'The bytes that are wanted: `bytes=0-499`, `bytes=500-` or `bytes=-500`. Anything else is answered with the whole.',
  schema: { type: 'string' },
  example: 'bytes=0-499',
};

const requestIdHeader = { 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' } };

const parametersOf = (requests: Requests, type: Dto | undefined, place: 'path' | 'query', examples: Record<string, unknown>): object[] => {
  if (!type) return [];
  const { properties, required } = requests.of(type);
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: place,
    required: required.includes(name),
    description,
    schema,
    ...(name in examples && { example: examples[name] }),
  }));
};

/** The fields of a form and the file beside them, which no DTO holds. */
const formOf = (requests: Requests, type: Dto, fileField: string, example: Record<string, unknown>): object => {
  const { properties, required } = requests.of(type);
  const file = { type: 'string', contentMediaType: 'application/octet-stream', description: 'The file.' };
  const schema = {
    type: 'object',
    properties: { ...properties, [fileField]: file },
    required: [...required, fileField],
    additionalProperties: false,
  };
  return {
    requestBody: { required: true, content: { 'multipart/form-data': { schema, example: { ...example, [fileField]: '(bytes)' } } } },
  };
};

const bodyOf = (requests: Requests, { body: type, fileField }: Route, request: Record<string, unknown>): object => {
  if (!type) return {};
  if (fileField !== undefined) return formOf(requests, type, fileField, request);
  const schema = requests.refTo(type);
  const { properties, required } = requests.of(type);
  const example = Object.fromEntries(Object.entries(request).filter(([name]) => name in properties));
  return { requestBody: { required: required.length > 0, content: { 'application/json': { schema, example } } } };
};

const securityOf = ({ command }: Route): object[] => {
  const { who } = ruleOf(command);
  if (who === 'anyone') return [];
  return who === 'anyone, known' ? [{}, { accessToken: [] }] : [{ accessToken: [] }];
};

const schemaOf = (mediaType: string): JsonSchema => ({ type: mediaType === 'application/json' ? 'object' : 'string' });

const answersOf = ({ command, status }: Route): Record<string, object> => {
  const operation = OPERATIONS[command];
  const { answer } = operation;
  if (answer === null) return { 204: { description: 'Done.', headers: requestIdHeader } };
  const { example } = operation;
  const content: Record<string, object> =
    typeof answer === 'string'
      ? { 'application/json': { schema: { $ref: COMPONENTS + answer }, example } }
      : Object.fromEntries([answer.mediaType].flat().map((mediaType) => [mediaType, { schema: schemaOf(mediaType), example }]));
  for (const [mediaType, text] of Object.entries(operation.otherwise ?? {})) {
    content[mediaType] = { schema: schemaOf(mediaType), example: text };
  }
  const answers: Record<string, object> = {
    [status]: { description: status === 201 ? 'It was made.' : 'Done.', headers: requestIdHeader, content },
  };
  if (operation.repeated !== undefined) answers[200] = { description: operation.repeated, headers: requestIdHeader, content };
  if (operation.partial !== undefined) {
    const headers = { ...requestIdHeader, 'Content-Range': { $ref: '#/components/headers/Content-Range' } };
    answers[206] = { description: operation.partial, headers, content };
  }
  return answers;
};

/** The OpenAPI document of these doors. `definitions` are the types of the contract. */
export const openApi = ({ routes }: Doors, definitions: Schemas): object => {
  const requests = new Requests('Request');
  const responses: Record<string, object> = {};
  const codes = new Set<ErrorCode>(['route.not_found', 'method.not_allowed']);
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const { command, method, path, operationId } = route;
    const { summary, description, request = {}, partial } = OPERATIONS[command];
    const own = codesOfRoute(route);
    for (const code of own) codes.add(code);
    const problems = problemResponses(own).map(([status, name, response]) => {
      responses[name] = response;
      return [status, { $ref: `#/components/responses/${name}` }];
    });
    const parameters = [
      ...parametersOf(requests, route.params, 'path', { ...request, id: request.id }),
      ...parametersOf(requests, route.query, 'query', request),
      ...(partial === undefined ? [] : [RANGE]),
    ];
    (paths[path] ??= {})[method.toLowerCase()] = {
      operationId,
      tags: [tagOf(command)],
      summary,
      description: `${description}\n\nFor ${callersOf(command)}. Limit: ${limitOf(command)}.`,
      security: securityOf(route),
      ...(parameters.length > 0 && { parameters }),
      ...bodyOf(requests, route, request),
      responses: { ...answersOf(route), ...(Object.fromEntries(problems) as object) },
      'x-command': command,
    };
  }
  const schemas: Schemas = { ...contractSchemas(definitions), ...requests.schemas };
  schemas.ErrorCode = { type: 'string', enum: [...codes].sort(), description: 'What went wrong, for programs.' } satisfies JsonSchema;
  const tags = [...new Set(routes.map(({ command }) => tagOf(command)))];
  return {
    openapi: '3.1.0',
    info: {
      title: 'Parley',
      version: VERSION,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'This server.' }],
    tags: Object.keys(TAGS)
      .filter((name) => tags.includes(name))
      .map((name) => ({ name, description: TAGS[name] })),
    paths,
    components: {
      securitySchemes: {
        accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The `accessToken` of a sign-in.' },
      },
      headers: HEADERS,
      responses: Object.fromEntries(Object.entries(responses).sort(([a], [b]) => (a < b ? -1 : 1))),
      schemas: reachable(schemas, [paths, responses]),
    },
  };
};
