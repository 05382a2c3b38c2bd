import { Socket } from 'socket.io-client';
import { record, recordAnswer } from './traffic.js';

/** Loaded before every e2e suite, so that no client can be written past the recorder. */

type Listener = (...args: unknown[]) => void;

const plainFetch = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const response = await plainFetch(input, init);
  const { pathname } = new URL(input instanceof Request ? input.url : input);
  // What the server asks of a model is none of its own answers, and may have no end.
  if (pathname.startsWith('/v1/')) return response;
  const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
  recordAnswer(method, pathname, response.status, response.headers.get('content-type'), await response.clone().text());
  return response;
};

const { connect, emit } = Socket.prototype;
const heard = new WeakSet<Socket>();

Object.assign(Socket.prototype, {
  connect(this: Socket): Socket {
    if (!heard.has(this)) {
      heard.add(this);
      this.onAny((event: string, ...args: unknown[]) => record({ door: 'event', event, payload: args.length === 1 ? args[0] : args }));
      // A refusal by the network has no `data`.
      this.on('connect_error', (error: Error & { data?: unknown }) => {
        if (error.data !== undefined) record({ door: 'handshake', error: error.data });
      });
    }
    return connect.call(this);
  },

  emit(this: Socket, command: string, ...args: unknown[]): Socket {
    const ack = args.at(-1);
    if (typeof ack !== 'function') return emit.call(this, command, ...args);
    const recordedAck: Listener = (...answers) => {
      // With a timeout the answer follows an error, which is null or all there is.
      const answer = answers.at(-1);
      if (answers.length > 0 && !(answer instanceof Error)) record({ door: 'ack', command, answer });
      (ack as Listener)(...answers);
    };
    // The client marks a callback that expects an error first.
    return emit.call(this, command, ...args.slice(0, -1), Object.assign(recordedAck, ack));
  },
});
