import type { Stream } from '../../src/contract/message.js';
import { ParleyError } from './error.js';
import { withLock } from './lock.js';
import { newId } from './new-id.js';
import type { Store } from './store.js';

/** What a person writes. */
export interface Draft {
  body?: string;
  stream?: Stream;
  attachmentIds?: string[];
  replyTo?: string;
  mentions?: string[];
}

/** A message on its way: it waits for its turn or the connection, is being sent, or was refused for good. */
export interface Outgoing extends Draft {
  clientMessageId: string;
  /** Null for the first message of a room that is to be made. */
  roomId: string | null;
  createdAt: string;
  state: 'waiting' | 'sending' | 'failed';
  /** Why it was refused. */
  error: { code: string; message: string } | null;
}

/** Sends one message. @throws ParleyError */
type Deliver = (message: Outgoing) => Promise<void>;

let count = 0;

/**
 * Messages of one person that the server has not confirmed, in a store that outlives the page. Each goes out under the same key
 * until it is confirmed or refused, one at a time in each room, in the order in which they were written.
 */
export class Outbox {
  private readonly messages = new Map<string, Outgoing>();
  private readonly flushing = new Map<string, Promise<void>>();

  private constructor(
    private readonly store: Store,
    private readonly owner: string,
    private readonly changed: (roomId: string | null) => void,
  ) {}

  /** With what an earlier page left behind. `changed` hears of every change. */
  static async open(store: Store, userId: string, changed: (roomId: string | null) => void): Promise<Outbox> {
    const outbox = new Outbox(store, userId, changed);
    for (const [key, message] of await store.list<Outgoing>(outbox.prefix)) {
      outbox.messages.set(key, message.state === 'sending' ? { ...message, state: 'waiting' } : message);
    }
    return outbox;
  }

  private get prefix(): string {
    return `outbox ${this.owner} `;
  }

  all(): Outgoing[] {
    return [...this.messages.values()];
  }

  of(roomId: string | null): Outgoing[] {
    return this.all().filter((message) => message.roomId === roomId);
  }

  async add(roomId: string | null, draft: Draft): Promise<Outgoing> {
    const message: Outgoing = {
      ...draft,
      clientMessageId: newId(),
      roomId,
      createdAt: new Date().toISOString(),
      state: 'waiting',
      error: null,
    };
    // Keys are in the order of writing.
    const key = `${this.prefix}${message.createdAt} ${String(count++).padStart(6, '0')} ${message.clientMessageId}`;
    await this.put(key, message);
    return message;
  }

  /** Tries a refused message once more, in its old place: before what was written after it and still waits. */
  async retry(clientMessageId: string): Promise<void> {
    const [key, message] = this.find(clientMessageId) ?? [];
    if (key !== undefined && message?.state === 'failed') await this.put(key, { ...message, state: 'waiting', error: null });
  }

  /** Gives a message up; one that is being sent may have arrived. */
  async discard(clientMessageId: string): Promise<void> {
    const [key, message] = this.find(clientMessageId) ?? [];
    if (key === undefined || message === undefined) return;
    this.messages.delete(key);
    this.changed(message.roomId);
    await this.store.delete(key).catch(() => undefined);
  }

  /** Takes the messages of a room that was to be made to the room that it became. */
  async move(roomId: string): Promise<void> {
    for (const [key, message] of this.messages) if (message.roomId === null) await this.put(key, { ...message, roomId });
    this.changed(null);
  }

  /** Sends what waits in a room until nothing does or `deliver` fails for a reason that passes. Never twice at a time, over all tabs. */
  flush(roomId: string | null, deliver: Deliver): Promise<void> {
    const name = `parley send ${this.owner} ${roomId ?? ''}`;
    const running = this.flushing.get(name);
    // What was written as it came to its end has its turn, too.
    if (running) return running.then(() => this.flush(roomId, deliver));
    const run = withLock(name, () => this.sendAll(roomId, deliver)).finally(() => this.flushing.delete(name));
    this.flushing.set(name, run);
    return run;
  }

  private async sendAll(roomId: string | null, deliver: Deliver): Promise<void> {
    for (;;) {
      const next = [...this.messages].find(([, message]) => message.roomId === roomId && message.state === 'waiting');
      if (!next) return;
      const [key, message] = next;
      await this.put(key, { ...message, state: 'sending' });
      try {
        await deliver(message);
        await this.discard(message.clientMessageId);
      } catch (error) {
        if (!(error instanceof ParleyError)) throw error;
        const { code, message: text } = error;
        const after: Outgoing = error.retryable
          ? { ...message, state: 'waiting' }
          : { ...message, state: 'failed', error: { code, message: text } };
        // It may have been given up meanwhile.
        if (this.messages.has(key)) await this.put(key, after);
        if (error.retryable) return;
      }
    }
  }

  private find(clientMessageId: string): [string, Outgoing] | undefined {
    return [...this.messages].find(([, message]) => message.clientMessageId === clientMessageId);
  }

  /** What the store does not take, because the disk is full or the browser forbids it, is kept here alone and sent all the same. */
  private async put(key: string, message: Outgoing): Promise<void> {
    this.messages.set(key, message);
    this.changed(message.roomId);
    await this.store.set(key, message).catch(() => undefined);
  }
}
