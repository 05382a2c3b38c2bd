import type { Random } from '../torture/random.js';
import { oneOf } from '../torture/random.js';
import { rest } from '../support/rest.js';
import type { Walker } from './walker.js';

type Payload = Record<string, any>;
type Route = (payload: Payload) => [method: string, path: string, body?: Payload];

const inRoom =
  (method: string, path = ''): Route =>
  ({ roomId, ...body }) => [method, `/api/rooms/${roomId}${path}`, body];

/** Each command over REST. What the socket does not know goes by REST alone. */
const ROUTES: Record<string, Route> = {
  'room.open': (body) => ['POST', '/api/rooms', body],
  'room.update': inRoom('PATCH'),
  'room.claim': inRoom('POST', '/claim'),
  'room.assign': inRoom('POST', '/assign'),
  'room.transfer': inRoom('POST', '/transfer'),
  'room.close': inRoom('DELETE'),
  'room.end': inRoom('POST', '/end'),
  'room.reopen': inRoom('POST', '/reopen'),
  'ai.toggle': ({ roomId, enabled }) => ['PATCH', `/api/rooms/${roomId}`, { aiEnabled: enabled }],
  'message.send': inRoom('POST', '/messages'),
  'message.edit': ({ roomId, messageId, body }) => ['PATCH', `/api/rooms/${roomId}/messages/${messageId}`, { body }],
  'message.delete': ({ roomId, messageId }) => ['DELETE', `/api/rooms/${roomId}/messages/${messageId}`],
  'message.mark': inRoom('POST', '/marks'),
};
const REST_ONLY: Record<string, Route> = {
  'message.mark_unread': inRoom('POST', '/unread'),
  'room.rate': inRoom('POST', '/rating'),
  'room.bulk': (body) => ['POST', '/api/rooms/bulk', body],
  'customer.block': ({ id, ...body }) => ['POST', `/api/customers/${id}/block`, body],
  'customer.update': ({ id, ...body }) => ['PATCH', `/api/customers/${id}`, body],
  'customer.erase': ({ id }) => ['DELETE', `/api/customers/${id}`],
  'auth.erase_me': () => ['DELETE', '/api/auth/me'],
  'agent.update': ({ id, ...body }) => ['PATCH', `/api/agents/${id}`, body],
  'team.create': (body) => ['POST', '/api/teams', body],
  'team.update': ({ id, ...body }) => ['PATCH', `/api/teams/${id}`, body],
  'team.delete': ({ id }) => ['DELETE', `/api/teams/${id}`],
  'business.update': (body) => ['PATCH', '/api/business', body],
  'label.update': ({ id, ...body }) => ['PATCH', `/api/labels/${id}`, body],
  'label.delete': ({ id }) => ['DELETE', `/api/labels/${id}`],
  'auth.update_me': (body) => ['PATCH', '/api/auth/me', body],
  'presence.set': (body) => ['PUT', '/api/presence', body],
};

export interface Outcome {
  /** `ok`, or the code of the refusal. */
  code: string;
  value: any;
  door: 'rest' | 'socket';
  /** Of an answer over REST. */
  status?: number;
}

const outcomeOf = ({ status, body }: { status: number; body: any }): Outcome => ({
  code: status < 300 ? 'ok' : (body?.code ?? String(status)),
  value: body,
  door: 'rest',
  status,
});

/** Carries out one command through a door that is open to the walker. */
export const carryOut = async (random: Random, urls: string[], walker: Walker, command: string, payload: Payload): Promise<Outcome> => {
  const { reader, person } = walker;
  const isByRest = random() < 0.5;
  const url = oneOf(random, urls);
  if (ROUTES[command] && reader?.isUp && (!isByRest || (command === 'message.send' && payload.roomId === undefined))) {
    const answer = await reader.ask(command, payload);
    if (answer)
      return answer.ok
        ? { code: 'ok', value: answer.data, door: 'socket' }
        : { code: answer.error.code, value: answer.error, door: 'socket' };
    // Cut on the way: whether it was done is not known.
    return { code: 'lost', value: null, door: 'socket' };
  }
  if (command === 'message.send' && payload.roomId === undefined) return { code: 'not tried', value: null, door: 'socket' };
  const route = ROUTES[command] ?? REST_ONLY[command];
  if (!route) throw new Error(`no way to ${command}`);
  const [method, path, body] = route(payload);
  return outcomeOf(await rest(url, method, path, { token: person.token, ...(method !== 'DELETE' && { body: body ?? {} }) }));
};
