import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { History, Message, Stream } from '../../src/contract/message.js';
import type { Person } from '../support/factories.js';
import { rest } from '../support/rest.js';
import type { Connection, Reply } from './connection.js';
import type { Attempt, Door, Recorder, Sending } from './history.js';
import { between, oneOf, type Random } from './random.js';
import type { Reader } from './reader.js';

/** How often, of all messages, the unusual is done. */
const TWICE_AT_ONCE = 0.04;
const REPEATED = 0.06;
const CHANGED = 0.02;
const LOOKED_FOR = 0.15;
/** Of those whose first try failed: never tried again. */
const ABANDONED = 0.15;

export interface WriterPlan {
  name: string;
  person: Person;
  rooms: string[];
  streams: Stream[];
  /** The door that messages go through first; retries and repeats take either. */
  door: Door;
  /** Messages that may be under way at once. */
  window: number;
}

/** Sends unique messages as fast as they are answered, each under one key until it is acked. */
export class Writer {
  private count = 0;
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly plan: WriterPlan,
    private readonly connection: Connection,
    /** Follows the rooms on the same connection, if anybody does. */
    private readonly reader: Reader | undefined,
    private readonly url: string,
    private readonly recorder: Recorder,
    private readonly random: Random,
  ) {}

  /** Writes until `isOver` says so, then waits for what is under way. `pause` holds it back when the run has enough messages. */
  async run(isOver: () => boolean, pause: () => Promise<void>): Promise<void> {
    while (!isOver()) {
      await pause();
      if (this.plan.door === 'socket') await this.connection.up();
      const delivery: Promise<void> = this.deliver(this.next()).finally(() => this.underWay.delete(delivery));
      this.underWay.add(delivery);
      if (this.underWay.size >= this.plan.window) await Promise.race(this.underWay);
    }
    await Promise.all(this.underWay);
  }

  private next(): Sending {
    const { name, person, rooms, streams } = this.plan;
    const stream = oneOf(this.random, streams);
    const body = `${stream === 'internal' ? 'secret' : 'hello'} ${name} ${++this.count} ${'·'.repeat(between(this.random, 0, 60))}`.trim();
    const sending: Sending = { key: randomUUID(), roomId: oneOf(this.random, rooms), stream, senderId: person.id, body, attempts: [] };
    this.recorder.history.sendings.push(sending);
    return sending;
  }

  private async deliver(sending: Sending): Promise<void> {
    const { door } = this.plan;
    const tries = [this.attempt(sending, door)];
    if (this.random() < TWICE_AT_ONCE) tries.push(this.attempt(sending, door === 'socket' ? 'rest' : 'socket'));
    let isStored = (await Promise.all(tries)).includes(true);
    if (!isStored && this.random() < ABANDONED) return;
    for (let pauseMs = 20; !isStored; pauseMs = Math.min(200, pauseMs * 2)) {
      await sleep(between(this.random, 0.5, 1.5) * pauseMs);
      isStored = await this.attempt(sending, oneOf(this.random, ['socket', 'rest'] as const));
    }
    if (this.random() < LOOKED_FOR) await this.look(sending);
    if (this.random() < REPEATED) await this.attempt(sending, oneOf(this.random, ['socket', 'rest'] as const));
    if (this.random() < CHANGED) await this.change(sending);
  }

  /** Sends once. True when it was acked. */
  private async attempt(sending: Sending, door: Door): Promise<boolean> {
    // Only a first try may not wait here: it is to be sent in its turn.
    if (door === 'socket' && sending.attempts.length > 0) await this.connection.up();
    const attempt: Attempt = {
      door,
      connection: door === 'socket' ? this.connection.life : null,
      sentAt: this.recorder.now(),
      answeredAt: null,
      place: null,
    };
    sending.attempts.push(attempt);
    const reply = await this.send(sending, sending.body, door);
    attempt.answeredAt = this.recorder.now();
    if (reply.kind === 'refused' && reply.code !== 'unavailable')
      this.recorder.odd(`${sending.key} was refused over ${door}: ${reply.code}`);
    if (reply.kind !== 'ok') return false;
    attempt.place = { id: reply.result.id, seq: reply.result.seq };
    if (door === 'socket') this.reader?.receive(reply.result);
    return true;
  }

  private send({ key, roomId, stream }: Sending, body: string, door: Door): Promise<Reply<Message>> {
    const draft = { clientMessageId: key, body, ...(stream === 'internal' && { stream }) };
    return door === 'socket'
      ? this.connection.ask<Message>('message.send', { roomId, ...draft })
      : this.call<Message>('POST', `/api/rooms/${roomId}/messages`, draft);
  }

  private async call<Result>(method: string, path: string, body?: object): Promise<Reply<Result>> {
    try {
      const answer = await rest(this.url, method, path, { token: this.plan.person.token, body });
      return answer.status < 300 ? { kind: 'ok', result: answer.body } : { kind: 'refused', code: answer.body.code };
    } catch {
      return { kind: 'lost' };
    }
  }

  /** What was acked can be read at once. */
  private async look(sending: Sending): Promise<void> {
    const { roomId, stream, key } = sending;
    const place = sending.attempts.find((attempt) => attempt.place !== null)?.place;
    if (!place) return;
    const query = { after: place.seq - 1, limit: 1 };
    const reply = await this.connection.ask<History>('message.list', { roomId, stream, ...query });
    if (reply.kind !== 'ok') return;
    this.recorder.history.probes.push({ kind: 'look', key, isRight: reply.result.items[0]?.id === place.id });
  }

  private async change(sending: Sending): Promise<void> {
    const reply = await this.send(sending, `${sending.body} changed`, oneOf(this.random, ['socket', 'rest'] as const));
    if (reply.kind === 'lost' || (reply.kind === 'refused' && reply.code === 'unavailable')) return;
    const isRight = reply.kind === 'refused' && reply.code === 'message.idempotency_mismatch';
    this.recorder.history.probes.push({ kind: 'change', key: sending.key, isRight });
  }
}
