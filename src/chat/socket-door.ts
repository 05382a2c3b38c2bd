import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { RateLimiter } from '../access/rate-limiter.js';
import type { Ack } from '../contract/ack.js';
import { AppError, toSocketError } from '../error/app-error.js';
import { normaliseError } from '../error/normalise-error.js';
import type { ChatSocket } from './chat-server.js';

type AnswerAck = (answer: Ack<unknown>) => void;

/** A gateway's handler behind its guards, pipe and filter. Resolves with undefined when the filter has answered. */
export type Handler = (payload: unknown, ack: AnswerAck) => Promise<unknown>;

/** An ack is owed within 10 s. */
const DEADLINE_MS = 9_500;
const DEADLINE_CHECK_MS = 250;

interface InFlight {
  since: number;
  answer: AnswerAck;
}

/** Every event of every socket comes through here: it finds the handler, keeps the limits and sees to it that each ack is answered once. */
@Injectable()
export class SocketDoor implements OnModuleDestroy {
  private readonly inFlight = new Set<InFlight>();
  private readonly timer = setInterval(() => this.answerLate(), DEADLINE_CHECK_MS).unref();

  constructor(private readonly limiter: RateLimiter) {}

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Takes the events of a socket to their handlers. */
  open(socket: ChatSocket, handlers: ReadonlyMap<string, Handler>): void {
    socket.onAny((event: string, ...args: unknown[]) => void this.handle(socket, handlers.get(event), args));
    socket.once('disconnect', () => socket.offAny());
  }

  /** Resolves when nothing is being handled any more, or after `patienceMs`. */
  async idle(patienceMs: number): Promise<void> {
    for (const deadline = Date.now() + patienceMs; this.inFlight.size > 0 && Date.now() < deadline;) {
      await new Promise((done) => setTimeout(done, 10));
    }
  }

  private async handle(socket: ChatSocket, handler: Handler | undefined, args: unknown[]): Promise<void> {
    const ack = typeof args.at(-1) === 'function' ? (args.pop() as AnswerAck) : undefined;
    let isAnswered = false;
    const answer: AnswerAck = (data) => {
      if (isAnswered) return;
      isAnswered = true;
      ack?.(data);
    };
    const call: InFlight = { since: Date.now(), answer };
    this.inFlight.add(call);
    try {
      if (!this.isBearable(socket)) return;
      if (!handler) {
        this.limitUnknown(socket);
        throw new AppError('event.unknown');
      }
      // Any other number of arguments is no plain object, and refused as such by the pipe.
      const data = await handler(args.length === 1 ? args[0] : undefined, answer);
      if (data !== undefined) answer({ ok: true, data });
    } catch (error) {
      answer({ ok: false, error: toSocketError(normaliseError(error), uuidv7()) });
    } finally {
      this.inFlight.delete(call);
    }
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
    this.limiter.take('general', socket.data.actor?.id ?? socket.data.ip, socket.data.ip);
  }

  private answerLate(): void {
    const late = Date.now() - DEADLINE_MS;
    for (const { since, answer } of this.inFlight) {
      // In the order of arrival: the rest is younger.
      if (since > late) return;
      answer({ ok: false, error: toSocketError(new AppError('unavailable'), uuidv7()) });
    }
  }
}
