import type { Told } from '../support/traffic.js';
import type { Call } from './calls.js';
import type { World } from './world.js';

/** How long a client waits for any answer. */
const PATIENCE_MS = 10_000;

export type Door = 'event' | 'rest';

/** How a call ended. */
export interface Outcome {
  /** Empty when it was not refused. */
  code: string;
  details?: unknown;
  /** What the documents judge; undefined when the socket was cut, which `text` says. */
  told?: Told;
  text: string;
  /** What was answered, the same at both doors. */
  value?: any;
}

const formOf = (fields: Record<string, unknown> | null): FormData => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields ?? {})) {
    if (name === 'file') form.append(name, new Blob([JSON.stringify(value)], { type: 'text/plain' }), 'a\u202e.txt');
    else form.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return form;
};

const emit = async (world: World, { caller }: Call, { name: command, payload }: NonNullable<Call['event']>): Promise<Outcome> => {
  // Whoever has no session any more gets no socket, or loses it.
  const socket = await world.socketOf(caller).catch(() => undefined);
  if (!socket) return { code: 'auth.session_ended', text: 'no socket' };
  const asked = socket.raw.timeout(PATIENCE_MS).emitWithAck(command, payload) as Promise<unknown>;
  const answer: any = await Promise.race([asked.catch((error: unknown) => ({ hung: String(error) })), socket.disconnected]);
  if (typeof answer === 'string') return { code: 'auth.session_ended', text: `cut: ${answer}` };
  if (answer.ok && caller !== 'foreigner') world.learn(command.startsWith('message') ? '/api/messages' : '/api/rooms', answer.data);
  const { code = '', details } = answer.error ?? {};
  return { code, details, told: { door: 'ack', command, answer }, text: JSON.stringify(answer), value: answer.data };
};

const request = async (world: World, { caller }: Call, { method, path, body, form }: NonNullable<Call['rest']>): Promise<Outcome> => {
  const token = world.tokenOf(caller);
  const response = await fetch(world.url + path, {
    method,
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    body: form === undefined ? body : formOf(form),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const text = await response.text();
  const type = response.headers.get('content-type');
  const value: any = text === '' ? null : type?.includes('json') ? JSON.parse(text) : text;
  if (response.ok && caller !== 'foreigner') world.learn(path, value);
  const told: Told = { door: 'http', method, path: new URL(response.url).pathname, status: response.status, type, body: value };
  return { code: response.ok ? '' : (value?.code ?? String(response.status)), details: value?.details, told, text, value };
};

/** Makes a call through one door. */
export const callThrough = (door: Door, call: Call, world: World): Promise<Outcome> =>
  door === 'event'
    ? emit(world, call, call.event as NonNullable<Call['event']>)
    : request(world, call, call.rest as NonNullable<Call['rest']>);
