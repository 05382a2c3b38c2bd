import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { newId } from '../database/new-id.js';
import { isAttended } from '../access/attended.js';
import { ownerOf } from '../access/caller.js';
import { RateLimiter } from '../access/rate-limiter.js';
import type { Ack } from '../contract/ack.js';
import { AppError, toSocketError } from '../error/app-error.js';
import { logFault } from '../error/log-fault.js';
import { normaliseError } from '../error/normalise-error.js';
import { PresenceService } from '../presence/presence.service.js';
import type { ChatSocket } from './chat-server.js';
import type { Handler } from './gateway-handlers.js';

type AnswerAck = (answer: Ack<unknown>) => void;

/** An ack is owed within 10 s. */
const DEADLINE_MS = 9_500;
const DEADLINE_CHECK_MS = 250;

/** An event that is being handled. It is answered once, whoever comes first. */
class Call {
  readonly since = performance.now();
  /** Where it stands among those that are being handled. */
  place = 0;

  constructor(private ack: AnswerAck | undefined) {}

  answer(answer: Ack<unknown>): void {
    const { ack } = this;
    this.ack = undefined;
    ack?.(answer);
  }
}

/** Every event of every socket comes through here: it finds the handler, keeps the limits and sees to it that each ack is answered once. */
@Injectable()
export class SocketDoor implements OnModuleDestroy {
  private readonly logger = new Logger(SocketDoor.name);
  /**
   * In no order. A set would be dearer than all else here: V8 leaves its outgrown tables linked to the next ones, so that the
   * collector keeps, copies and moves everything that was in them, calls with their packets, long after they were answered.
   */
  private readonly inFlight: Call[] = [];
  private readonly timer = setInterval(() => this.answerLate(), DEADLINE_CHECK_MS).unref();

  constructor(
    private readonly limiter: RateLimiter,
    private readonly presence: PresenceService,
  ) {}

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Takes the events of a socket to their handlers. */
  open(socket: ChatSocket, handlers: ReadonlyMap<string, Handler>): void {
    // A middleware that lets nothing through: Socket.IO then looks for no listeners.
    socket.use(([event, ...args]) => {
      if (!socket.connected) return;
      if (socket.data.actor && isAttended(event)) this.presence.touch(socket.data.actor.id);
      this.handle(socket, handlers.get(event), args);
    });
  }

  /** Resolves when nothing is being handled any more, or after `patienceMs`. */
  async idle(patienceMs: number): Promise<void> {
    for (const deadline = performance.now() + patienceMs; this.inFlight.length > 0 && performance.now() < deadline;) {
      await new Promise((done) => setTimeout(done, 10));
    }
  }

  private handle(socket: ChatSocket, handler: Handler | undefined, args: unknown[]): void {
    const call = new Call(typeof args.at(-1) === 'function' ? (args.pop() as AnswerAck) : undefined);
    if (!this.isBearable(socket)) return;
    call.place = this.inFlight.push(call) - 1;
    try {
      if (!handler) {
        this.limitUnknown(socket);
        throw new AppError('event.unknown');
      }
      // Any other number of arguments is no plain object, and refused as such by the pipe.
      handler(socket, args.length === 1 ? args[0] : undefined).then(
        (data) => this.settle(call, { ok: true, data }),
        (error: unknown) => this.fail(call, error),
      );
    } catch (error) {
      this.fail(call, error);
    }
  }

  private fail(call: Call, thrown: unknown): void {
    const error = normaliseError(thrown);
    const requestId = newId();
    logFault(this.logger, error, requestId);
    this.settle(call, { ok: false, error: toSocketError(error, requestId) });
  }

  private settle(call: Call, answer: Ack<unknown>): void {
    this.takeOut(call);
    call.answer(answer);
  }

  private takeOut({ place }: Call): void {
    const last = this.inFlight.pop() as Call;
    if (last.place === place) return;
    this.inFlight[place] = last;
    last.place = place;
  }

  /** Cuts a socket that sends ten times what anybody needs. */
  private isBearable(socket: ChatSocket): boolean {
    try {
      this.limiter.take('flood', socket.id, socket.data.ip);
      return true;
    } catch {
      socket.disconnect(true);
      return false;
    }
  }

  private limitUnknown(socket: ChatSocket): void {
    this.limiter.take('general', ownerOf(socket.data), socket.data.ip);
  }

  private answerLate(): void {
    const late = performance.now() - DEADLINE_MS;
    for (const call of this.inFlight) {
      if (call.since <= late) call.answer({ ok: false, error: toSocketError(new AppError('unavailable'), newId()) });
    }
  }
}
