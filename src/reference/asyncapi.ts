import { ruleOf } from '../access/permissions.js';
import { VERSION } from '../config/version.js';
import { ERRORS, type ErrorCode } from '../contract/error-code.js';
import { ROLES } from '../contract/user.js';
import type { JsonSchema } from '../validation/rules.js';
import { callersOf, limitOf } from './callers.js';
import { codesOfCall, HANDSHAKE_CODES, UNKNOWN_CODES } from './codes.js';
import { COMPONENTS, contractSchemas, reachable, type Schemas } from './contract-schemas.js';
import type { Doors, SocketCall } from './doors.js';
import { EVENTS } from './events.js';
import { tokens } from './examples.js';
import { OPERATIONS, TAGS, tagOf } from './operations.js';
import { narrowed, socketErrorExample } from './problems.js';
import { Requests } from './requests.js';

const DESCRIPTION = `The sockets of Parley, a live chat between customers and the people who answer them.

They speak Socket.IO 4. Connect to the namespace \`/\` with the access token in the handshake: \`io(url, { auth: { token } })\`. The path is \`/socket.io\`, the transports are WebSocket and polling. A refused handshake is a \`connect_error\` whose \`data\` is an error object.

A command is one plain object and asks for an ack. The ack is \`{ ok: true, data }\`, where \`data\` is what REST answers as its body, or \`{ ok: false, error }\`. It comes exactly once, within 10 s. No ack means that the outcome is unknown: send the same again. A command that does not exist is \`event.unknown\`.

A frame of more than 64 KB is not read, and what was in it is not acked: the connection ends. Over WebSocket the close code 1009 (message too big) says why, which \`socket.io-client\` hands to the listeners of \`disconnect\` as \`details.context.code\`; over polling the request is answered with 413. Do not send such a thing again: no command that is taken is as long.

An event comes from the server and takes no ack. Of each stream, drop an entry whose \`seq\` is not above the last one applied; if it is more than one above, call \`room.sync\`. The entry in an ack counts as received.`;

const CHANNEL = { $ref: '#/channels/main' };
const inChannel = (name: string): object => ({ $ref: `#/channels/main/messages/${name}` });

const done = (data: JsonSchema): JsonSchema => ({
  type: 'object',
  properties: { ok: { const: true }, data },
  required: ['ok', 'data'],
  additionalProperties: false,
});
const refused = (codes: readonly ErrorCode[]): JsonSchema => ({
  type: 'object',
  properties: { ok: { const: false }, error: narrowed('SocketError', codes) },
  required: ['ok', 'error'],
  additionalProperties: false,
});

interface Parts {
  operations: Record<string, object>;
  messages: Record<string, object>;
}

const message = (name: string, title: string, kind: string, payload: JsonSchema, examples: [name: string, payload: unknown][]): object => ({
  name,
  title,
  contentType: 'application/json',
  payload,
  examples: examples.map(([example, given]) => ({ name: example, payload: given })),
  'x-kind': kind,
});

const command = (call: SocketCall, { routes }: Doors, requests: Requests): Parts => {
  const name = call.command;
  const operation = OPERATIONS[name];
  const codes = codesOfCall(call);
  if (typeof operation.answer !== 'string') throw new Error(`${name} answers nothing that a socket can carry`);
  const { who } = ruleOf(name);
  const ack = `${name}.ack`;
  const twins = routes.filter((route) => route.command === name).map(({ method, path }) => `${method} ${path}`);
  const example = codes.find((code) => ERRORS[code].status !== 400) ?? 'internal';
  return {
    operations: {
      [name]: {
        action: 'receive',
        channel: CHANNEL,
        title: operation.summary,
        summary: operation.summary,
        description: operation.description,
        tags: [{ name: tagOf(name) }],
        messages: [inChannel(name)],
        reply: { channel: CHANNEL, messages: [inChannel(ack)] },
        'x-kind': 'command',
        'x-audience': callersOf(name),
        'x-roles': typeof who === 'string' ? ROLES : who,
        'x-limit': limitOf(name),
        'x-codes': codes,
        'x-rest': twins,
      },
    },
    messages: {
      [name]: message(name, operation.summary, 'command', requests.refTo(call.payload), [['request', operation.request ?? {}]]),
      [ack]: message(ack, `Ack: ${operation.summary}`, 'ack', { oneOf: [done({ $ref: COMPONENTS + operation.answer }), refused(codes)] }, [
        ['done', { ok: true, data: operation.example }],
        ['refused', { ok: false, error: socketErrorExample(example) }],
      ]),
    },
  };
};

const event = (name: keyof typeof EVENTS): Parts => {
  const { summary, description, audience, payload, example } = EVENTS[name];
  return {
    operations: {
      [name]: {
        action: 'send',
        channel: CHANNEL,
        title: summary,
        summary,
        description,
        tags: [{ name: tagOf(name) }],
        messages: [inChannel(name)],
        'x-kind': 'event',
        'x-audience': audience,
      },
    },
    messages: { [name]: message(name, summary, 'event', { $ref: COMPONENTS + payload }, [['event', example]]) },
  };
};

const handshake: Parts = {
  operations: {
    connect: {
      action: 'receive',
      channel: CHANNEL,
      title: 'Connect',
      summary: 'Connect',
      description: 'The handshake: `auth` of the Socket.IO client. A token in the query string is refused.',
      messages: [inChannel('connect')],
      reply: { channel: CHANNEL, messages: [inChannel('connect_error')] },
      'x-kind': 'handshake',
      'x-audience': 'anyone with an access token',
      'x-codes': HANDSHAKE_CODES,
    },
  },
  messages: {
    connect: message(
      'connect',
      'The handshake',
      'handshake',
      {
        type: 'object',
        properties: { token: { type: 'string', maxLength: 4096, description: 'An access token.' } },
        required: ['token'],
      },
      [['auth', { token: tokens.accessToken }]],
    ),
    connect_error: message('connect_error', 'A refused handshake', 'refusal', narrowed('SocketError', HANDSHAKE_CODES), [
      ['data', socketErrorExample('auth.token_expired')],
    ]),
    'unknown.ack': message('unknown.ack', 'Ack: a command that does not exist', 'refusal', refused(UNKNOWN_CODES), [
      ['refused', { ok: false, error: socketErrorExample('event.unknown') }],
    ]),
  },
};

/** The AsyncAPI document of these doors. `definitions` are the types of the contract. */
export const asyncApi = (doors: Doors, definitions: Schemas): object => {
  const requests = new Requests('Payload');
  const parts = [
    handshake,
    ...doors.calls.map((call) => command(call, doors, requests)),
    ...(Object.keys(EVENTS) as (keyof typeof EVENTS)[]).map(event),
  ];
  const operations = Object.assign({}, ...parts.map((part) => part.operations)) as Record<string, object>;
  const messages = Object.assign({}, ...parts.map((part) => part.messages)) as Record<string, object>;
  const codes = new Set([...doors.calls.flatMap(codesOfCall), ...HANDSHAKE_CODES, ...UNKNOWN_CODES]);
  const schemas: Schemas = {
    ...contractSchemas(definitions),
    ...requests.schemas,
    ErrorCode: { type: 'string', enum: [...codes].sort(), description: 'What went wrong, for programs.' },
  };
  const tags = new Set(Object.keys(operations).map(tagOf));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Parley',
      version: VERSION,
      description: DESCRIPTION,
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
      tags: Object.keys(TAGS)
        .filter((name) => tags.has(name))
        .map((name) => ({ name, description: TAGS[name] })),
    },
    defaultContentType: 'application/json',
    servers: {
      parley: {
        host: 'localhost:3000',
        pathname: '/socket.io',
        protocol: 'ws',
        description: 'Socket.IO 4 over WebSocket or polling.',
        security: [{ $ref: '#/components/securitySchemes/accessToken' }],
      },
    },
    channels: {
      main: {
        address: '/',
        title: 'The namespace /',
        description: 'All commands and events.',
        messages: Object.fromEntries(Object.keys(messages).map((name) => [name, { $ref: `#/components/messages/${name}` }])),
      },
    },
    operations,
    components: {
      securitySchemes: {
        accessToken: { type: 'http', scheme: 'bearer', description: 'An access token, sent as `auth.token` of the handshake.' },
      },
      messages,
      schemas: reachable(schemas, messages),
    },
  };
};
