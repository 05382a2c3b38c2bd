import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import type { Ack } from '../../src/contract/ack.js';
import type { SocketError } from '../../src/contract/error-code.js';

export interface Heard {
  event: string;
  payload: any;
}

/** A real client that remembers everything it hears. */
export interface TestSocket {
  raw: Socket;
  heard: Heard[];
  /** Why the connection ended, when it did. */
  disconnected: Promise<string>;
  /** Emits with exactly these arguments and an ack; the answer as it is. */
  ask(event: string, ...args: unknown[]): Promise<Ack<any>>;
  /** Emits one payload and expects success. */
  call<Result = any>(event: string, payload?: unknown): Promise<Result>;
  /** Emits one payload and expects a refusal. */
  refused(event: string, payload?: unknown): Promise<SocketError>;
  /** The first event that fits, heard already or within `ms`. */
  waitFor<Payload = any>(event: string, fits?: (payload: Payload) => boolean, ms?: number): Promise<Payload>;
  /** What was heard of one kind so far. */
  all<Payload = any>(event: string): Payload[];
  close(): void;
}

const ACK_TIMEOUT_MS = 12_000;
const open = new Set<Socket>();

export const closeSockets = (): void => {
  for (const socket of open) socket.disconnect();
  open.clear();
};

const wrap = (raw: Socket): TestSocket => {
  const heard: Heard[] = [];
  const waiting = new Set<() => void>();
  raw.onAny((event: string, payload: unknown) => {
    heard.push({ event, payload });
    for (const look of [...waiting]) look();
  });
  const ask: TestSocket['ask'] = (event, ...args) => raw.timeout(ACK_TIMEOUT_MS).emitWithAck(event, ...args) as Promise<Ack<any>>;
  return {
    raw,
    heard,
    disconnected: new Promise((done) => raw.once('disconnect', done)),
    ask,
    async call(event, payload = {}) {
      const answer = await ask(event, payload);
      if (!answer.ok) throw new Error(`${event} was refused: ${JSON.stringify(answer.error)}`);
      return answer.data;
    },
    async refused(event, payload = {}) {
      const answer = await ask(event, payload);
      if (answer.ok) throw new Error(`${event} was not refused: ${JSON.stringify(answer.data)}`);
      return answer.error;
    },
    waitFor: (event, fits = () => true, ms = 5_000) =>
      new Promise((done, fail) => {
        const look = (): void => {
          const found = heard.find((one) => one.event === event && fits(one.payload));
          if (!found) return;
          clearTimeout(timer);
          waiting.delete(look);
          done(found.payload);
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          fail(new Error(`${event} was not heard; heard: ${JSON.stringify(heard.map((one) => one.event))}`));
        }, ms);
        waiting.add(look);
        look();
      }),
    all: (event) => heard.filter((one) => one.event === event).map((one) => one.payload),
    close: () => raw.disconnect(),
  };
};

type Options = Partial<ManagerOptions & SocketOptions>;

const dial = (url: string, auth: unknown, options: Options): Socket => {
  const socket = io(url, { auth: auth as object, forceNew: true, reconnection: false, transports: ['websocket'], ...options });
  open.add(socket);
  return socket;
};

/** Connects with an access token; resolves when the handshake is accepted. */
export const connect = (url: string, token: string, options: Options = {}): Promise<TestSocket> =>
  new Promise((done, fail) => {
    const raw = dial(url, { token }, options);
    const socket = wrap(raw);
    raw.once('connect', () => done(socket));
    raw.once('connect_error', (error: Error & { data?: unknown }) => fail(Object.assign(error, { cause: error.data })));
  });

/** Tries to connect with whatever `auth` and expects to be refused; the error that the client gets. */
export const refusedHandshake = (url: string, auth: unknown, options: Options = {}): Promise<Error & { data?: SocketError }> =>
  new Promise((done, fail) => {
    const raw = dial(url, auth, options);
    raw.once('connect', () => {
      raw.disconnect();
      fail(new Error('the handshake was accepted'));
    });
    raw.once('connect_error', (error: Error & { data?: SocketError }) => {
      raw.disconnect();
      done(error);
    });
  });
