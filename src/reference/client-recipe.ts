import type { Block } from './event-page.js';

/** How to make the types of a client from the documents alone. A test does just this and compiles what comes out. */
export const RECIPE: Block[] = [
  {
    text: 'The documents are enough to make the types of a client. Install `openapi-typescript` and `json-schema-to-typescript`, and save this as `types.mjs`:',
  },
  {
    language: 'js',
    code: `import { readFileSync, writeFileSync } from 'node:fs';
import { compile } from 'json-schema-to-typescript';

const text = readFileSync('asyncapi.json', 'utf8').replaceAll('#/components/schemas/', '#/definitions/');
const { operations, components } = JSON.parse(text);
const objectOf = (properties) => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false });
const payloads = (kind, suffix = '') => {
  const names = Object.keys(operations).filter((name) => operations[name]['x-kind'] === kind);
  return objectOf(Object.fromEntries(names.map((name) => [name, components.messages[name + suffix].payload])));
};
const parley = objectOf({ commands: payloads('command'), acks: payloads('command', '.ack'), events: payloads('event') });
writeFileSync('parley-sockets.ts', await compile({ ...parley, definitions: components.schemas }, 'Parley'));`,
  },
  { text: 'Then run:' },
  {
    language: 'sh',
    code: `curl -fsSO http://localhost:3000/openapi.json
curl -fsSO http://localhost:3000/asyncapi.json
npx openapi-typescript openapi.json -o parley-rest.ts
node types.mjs`,
  },
  { text: 'A typed client is then:' },
  {
    language: 'ts',
    code: `import { io, type Socket } from 'socket.io-client';
import type { paths } from './parley-rest.js';
import type { Parley } from './parley-sockets.js';

type Commands = { [Name in keyof Parley['commands']]: (payload: Parley['commands'][Name], ack: (answer: Parley['acks'][Name]) => void) => void };
type Events = { [Name in keyof Parley['events']]: (payload: Parley['events'][Name]) => void };
type SignedIn = paths['/api/auth/guest']['post']['responses'][201]['content']['application/json'];

export const comeAsGuest = async (url: string, business: string): Promise<{ signedIn: SignedIn; socket: Socket<Events, Commands> }> => {
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(url + '/api/auth/guest', { method: 'POST', headers, body: JSON.stringify({ business }) });
  const signedIn = (await answer.json()) as SignedIn;
  return { signedIn, socket: io(url, { auth: { token: signedIn.accessToken } }) };
};`,
  },
];
