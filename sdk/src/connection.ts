import { io, type Socket } from 'socket.io-client';
import type { Ack } from '../../src/contract/ack.js';
import type { SocketError } from '../../src/contract/error-code.js';
import type { ClientToServerEvents, ServerEvent, ServerToClientEvents, SocketCommand } from '../../src/contract/socket-events.js';
import type { SessionEndReason } from '../../src/contract/session.js';
import { backoff } from './backoff.js';
import type { Credentials } from './credentials.js';
import { Emitter } from './emitter.js';
import { noAnswer, noConnection, ParleyError, type ClientErrorCode } from './error.js';

/** What the connection is doing, as a person may be told it. */
export type ConnectionState =
  | { status: 'closed' }
  | { status: 'connecting' }
  | { status: 'online' }
  /** It is tried again at `retryAt`, by this machine's clock, and for ever. */
  | { status: 'waiting'; retryAt: number; cause: ClientErrorCode }
  /** The server wants no more of this session: sign in anew. */
  | { status: 'ended'; reason: SessionEndReason | ClientErrorCode };

export type Payload<Command extends SocketCommand> = Parameters<ClientToServerEvents[Command]>[0];
export type Result<Command extends SocketCommand> = Parameters<ClientToServerEvents[Command]>[1] extends (answer: Ack<infer Data>) => void
  ? Data
  : never;

type ServerEvents = { [Name in ServerEvent]: Parameters<ServerToClientEvents[Name]>[0] };

export interface ConnectionOptions {
  /** How long an answer over the socket may take, in milliseconds; 10,000 by default. */
  answerWithinMs?: number;
  /** The longest pause before it is tried again for the first time, in milliseconds, 500 by default; twice as long each time after, up to 30,000. */
  firstRetryMs?: number;
}

/** The server reads no frame of more than 64 KB, and ends the connection: again each time, if it were sent again. */
const MOST_BYTES = 64_000;
const ANSWER_WITHIN_MS = 10_000;
const FIRST_RETRY_MS = 500;
const TRANSPORTS = ['websocket', 'polling'] as const;
/** What tells that the network is back; there is none in Node. */
const page = 'addEventListener' in globalThis ? globalThis : undefined;
/** The session goes on after these ends of a socket. */
const PASSING_ENDS: readonly SessionEndReason[] = ['expired', 'slow_consumer', 'too_many_sockets'];
/** Whoever has more sockets than are allowed would otherwise have them cut each other without an end. */
const SURPLUS_PAUSE_MS = 60_000;

/** One socket of the person that is signed in, kept open for ever. */
export class Connection extends Emitter<ServerEvents & { state: ConnectionState }> {
  private readonly socket: Socket<ServerToClientEvents, ClientToServerEvents>;
  private readonly answerWithinMs: number;
  private readonly firstRetryMs: number;
  private now: ConnectionState = { status: 'closed' };
  private token: string | undefined;
  /** Refused by the server: the next attempt takes another one. */
  private refused: string | undefined;
  private failed = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Not before that, by this machine's clock: the server is about to stop, or had one socket too many. */
  private notBefore = 0;

  constructor(
    url: string,
    private readonly credentials: Credentials,
    { answerWithinMs = ANSWER_WITHIN_MS, firstRetryMs = FIRST_RETRY_MS }: ConnectionOptions = {},
  ) {
    super();
    this.answerWithinMs = answerWithinMs;
    this.firstRetryMs = firstRetryMs;
    this.socket = io(url, {
      autoConnect: false,
      // When to try again is decided here, as a refused handshake must be, too.
      reconnection: false,
      forceNew: true,
      transports: [...TRANSPORTS],
      tryAllTransports: true,
      timeout: answerWithinMs,
      auth: (pass) => {
        pass({ token: this.token });
      },
    });
    this.socket.on('connect', () => this.arrive());
    this.socket.on('connect_error', (error: Error & { data?: SocketError }) => this.refuse(error.data));
    this.socket.on('disconnect', (reason) => {
      if (reason !== 'io client disconnect') this.wait('client.no_connection');
    });
    this.socket.onAny((event: ServerEvent, payload) => {
      this.emit(event, payload as never);
    });
    this.on('server.draining', ({ retryAfterMs }) => (this.notBefore = Date.now() + retryAfterMs));
    this.on('session.ended', ({ reason }) => {
      if (!PASSING_ENDS.includes(reason)) this.end(reason);
      else if (reason === 'too_many_sockets') this.notBefore = Date.now() + SURPLUS_PAUSE_MS;
    });
    this.on('auth.expiring', () => void this.renew());
  }

  get state(): ConnectionState {
    return this.now;
  }

  get isOnline(): boolean {
    return this.now.status === 'online';
  }

  /** Connects, and connects again whenever the connection is lost. */
  open(): void {
    if (this.now.status !== 'closed' && this.now.status !== 'ended') return;
    this.failed = 0;
    page?.addEventListener('online', this.hurry);
    page?.addEventListener('visibilitychange', this.look);
    void this.attempt();
  }

  close(): void {
    this.rest({ status: 'closed' });
  }

  /** How long to wait after so many failures, in milliseconds. */
  pauseAfter(failed: number): number {
    return backoff(failed, this.firstRetryMs);
  }

  /** Tries now instead of later. */
  readonly hurry = (): void => {
    if (this.now.status !== 'waiting') return;
    this.failed = 0;
    void this.attempt();
  };

  /** Somebody has come back to the page. */
  private readonly look = (): void => {
    if (document.visibilityState === 'visible') this.hurry();
  };

  /**
   * Says a command and waits for its answer.
   * @throws ParleyError the server's; `client.no_connection` or `payload.too_large` where nothing was said; `client.no_answer` where
   * it may have been done.
   */
  async call<Command extends SocketCommand>(command: Command, payload: Payload<Command>): Promise<Result<Command>> {
    if (!this.socket.connected) throw noConnection();
    if (new TextEncoder().encode(JSON.stringify(payload)).length > MOST_BYTES)
      throw new ParleyError({ code: 'payload.too_large', message: 'The command is too large', retryable: false });
    let answer: Ack<Result<Command>>;
    try {
      answer = await this.socket.timeout(this.answerWithinMs).emitWithAck(command, ...([payload] as never));
    } catch (error) {
      // A connection that no longer answers is often dead without either end knowing.
      if (this.isOnline) {
        this.socket.disconnect();
        this.wait('client.no_answer');
      }
      throw noAnswer(error);
    }
    if (!answer.ok) throw new ParleyError(answer.error);
    return answer.data;
  }

  /** Says what matters only now, and is not missed when it is lost. */
  try<Command extends SocketCommand>(command: Command, payload: Payload<Command>): void {
    if (this.isOnline) this.call(command, payload).catch(() => undefined);
  }

  private async attempt(): Promise<void> {
    clearTimeout(this.timer);
    this.change({ status: 'connecting' });
    try {
      this.token = await this.credentials.accessToken(this.refused);
    } catch (error) {
      if (error instanceof ParleyError && !error.retryable) this.end(error.code);
      else this.wait('client.no_connection', error instanceof ParleyError ? error.retryAfterMs : undefined);
      return;
    }
    if (this.now.status !== 'connecting') return;
    // What lies between may swallow the one without a word: the other one has its turn.
    this.socket.io.opts.transports = this.failed % 2 === 0 ? [...TRANSPORTS] : [...TRANSPORTS].reverse();
    this.socket.connect();
  }

  private arrive(): void {
    this.failed = 0;
    this.refused = undefined;
    this.change({ status: 'online' });
  }

  /** The handshake failed: the server refused it for a reason, or was not reached. */
  private refuse(error: SocketError | undefined): void {
    if (error === undefined) this.wait('client.no_connection');
    else if (error.code === 'auth.token_expired' && this.refused === undefined) {
      this.refused = this.token;
      void this.attempt();
    } else if (error.retryable) this.wait(error.code, new ParleyError(error).retryAfterMs);
    else this.end(error.code);
  }

  private wait(cause: ClientErrorCode, atLeastMs = 0): void {
    if (this.now.status === 'closed' || this.now.status === 'ended') return;
    const ms = Math.max(this.pauseAfter(this.failed++), atLeastMs, this.notBefore - Date.now());
    this.notBefore = 0;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.attempt(), ms);
    this.change({ status: 'waiting', retryAt: Date.now() + ms, cause });
  }

  private end(reason: SessionEndReason | ClientErrorCode): void {
    this.rest({ status: 'ended', reason });
  }

  private rest(state: ConnectionState): void {
    clearTimeout(this.timer);
    page?.removeEventListener('online', this.hurry);
    page?.removeEventListener('visibilitychange', this.look);
    this.change(state);
    this.socket.disconnect();
  }

  private async renew(): Promise<void> {
    try {
      this.token = await this.credentials.accessToken(this.token);
      await this.call('auth.refresh', { token: this.token });
    } catch {
      // The server cuts the socket when it expires, and the next attempt says why no token is to be had.
    }
  }

  private change(state: ConnectionState): void {
    this.now = state;
    this.emit('state', state);
  }
}
