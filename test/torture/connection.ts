import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import type { Ack } from '../../src/contract/ack.js';
import type { Recorder } from './history.js';

/** An answer is owed within 10 s; the rest is for a slow machine. */
const ANSWER_MS = 15_000;
const RETRY_MS = 100;

/** What became of a call: an answer, a refusal that passes, or a cut before either came. */
export type Reply<Result> = { kind: 'ok'; result: Result } | { kind: 'refused'; code: string } | { kind: 'lost' };

/** A socket that comes back by itself for as long as the test wants it. */
export class Connection {
  /** Names the present life, from connect to cut. */
  life = '';
  reconnects = 0;
  private readonly socket: Socket;
  private isWanted = true;
  private readonly waiting = new Set<() => void>();

  constructor(
    readonly name: string,
    url: string,
    token: string,
    private readonly recorder: Recorder,
  ) {
    this.socket = io(url, {
      auth: { token },
      forceNew: true,
      transports: ['websocket'],
      reconnectionDelay: 50,
      reconnectionDelayMax: 200,
    });
    this.socket.on('connect', () => {
      if (this.life !== '') this.reconnects++;
      this.life = `${name}/${randomUUID().slice(0, 8)}`;
      for (const go of this.waiting) go();
      this.waiting.clear();
    });
    this.socket.on('connect_error', (error: Error & { data?: { code?: string } }) => {
      const code = error.data?.code;
      if (code !== undefined && code !== 'unavailable') recorder.odd(`${name}: the handshake was refused with ${code}`);
      this.comeBack();
    });
    this.socket.on('disconnect', () => this.comeBack());
  }

  get isUp(): boolean {
    return this.socket.connected;
  }

  on(event: string, listener: (payload: any) => void): void {
    this.socket.on(event, listener);
  }

  onAny(listener: (event: string, payload: unknown) => void): void {
    this.socket.onAny(listener);
  }

  async up(): Promise<void> {
    while (!this.isUp) await new Promise<void>((go) => this.waiting.add(go));
  }

  /** Asks once, on the present life; the emit happens before this returns. A missing answer or one that no retry helps is noted. */
  ask<Result>(event: string, payload: object): Promise<Reply<Result>> {
    if (!this.isUp) return Promise.resolve({ kind: 'lost' });
    const { life } = this;
    return new Promise((done) => {
      this.socket.timeout(ANSWER_MS).emit(event, payload, (error: Error | null, answer?: Ack<Result>) => {
        if (error || !answer) {
          if (this.isUp && this.life === life) this.recorder.odd(`${life}: ${event} got no answer`);
          done({ kind: 'lost' });
        } else if (answer.ok) {
          done({ kind: 'ok', result: answer.data });
        } else {
          done({ kind: 'refused', code: answer.error.code });
        }
      });
    });
  }

  /** Cuts the transport, as a bad network would. */
  cut(): void {
    this.socket.io.engine.close();
  }

  close(): void {
    this.isWanted = false;
    this.socket.disconnect();
  }

  /** Where the library gives up: after a refusal, and when the server closed the socket. */
  private comeBack(): void {
    if (this.socket.active || !this.isWanted) return;
    void sleep(RETRY_MS).then(() => this.isWanted && this.socket.connect());
  }
}
