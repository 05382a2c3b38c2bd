import { setTimeout as sleep } from 'node:timers/promises';
import { Client, payloadOf } from '../../bench/client.js';
import type { Message } from '../../src/contract/message.js';

const LONGEST_RETRY_MS = 1_000;
const ANSWER_MS = 15_000;

interface Page {
  entries: Message[];
  hasMore: boolean;
}

/** One of very many clients that follow a room: it comes back by itself, catches up in pages and applies each entry once. */
export class StormClient {
  /** The ids of the public entries applied so far, in their order. */
  readonly applied: string[] = [];
  /** In the room, with nothing missing, over the connection that it has now. */
  isCurrent = false;
  refusals = 0;
  pages = 0;
  private client: Client | undefined;
  private isClosed = false;
  private syncing: Promise<void> | undefined;

  constructor(
    private readonly url: string,
    private readonly token: string,
    private readonly roomId: string,
  ) {
    void this.run();
  }

  close(): void {
    this.isClosed = true;
    void this.client?.close();
  }

  /** As a good client does: at once when it was cut, then with pauses that are never the same. */
  private async run(): Promise<void> {
    while (!this.isClosed) {
      try {
        const client = await Client.connect(this.url, { token: this.token });
        const isGone = new Promise<void>((gone) => client.onClose(gone));
        this.client = client;
        client.onEvent = (name, packet) => {
          if (name === 'message.created') this.hear(client, payloadOf(packet) as Message);
        };
        await Promise.race([this.catchUp(client, 'room.join'), isGone]);
        await isGone;
      } catch {
        this.refusals++;
      }
      this.isCurrent = false;
      await sleep(Math.random() * LONGEST_RETRY_MS);
    }
  }

  private hear(client: Client, entry: Message): void {
    if (entry.roomId !== this.roomId || entry.stream !== 'public') return;
    if (entry.seq > this.applied.length + 1) void (this.syncing ??= this.catchUp(client, 'room.sync'));
    else this.apply([entry]);
  }

  private async catchUp(client: Client, first: 'room.join' | 'room.sync'): Promise<void> {
    for (let command = first; client === this.client && !this.isClosed;) {
      const page = await this.ask(client, command);
      if (!page) {
        await sleep(Math.random() * LONGEST_RETRY_MS);
        continue;
      }
      this.pages++;
      this.apply(page.entries);
      command = 'room.sync';
      if (page.hasMore) continue;
      this.isCurrent = true;
      break;
    }
    this.syncing = undefined;
  }

  /** Undefined when the server is too busy, or says nothing. */
  private async ask(client: Client, command: string): Promise<Page | undefined> {
    const after = { public: this.applied.length };
    const asked = client.call<Page>(command, { roomId: this.roomId, after, limit: 200 }).catch(() => {
      this.refusals++;
      return undefined;
    });
    return Promise.race([asked, sleep(ANSWER_MS, undefined, { ref: false })]);
  }

  private apply(entries: Message[]): void {
    for (const { id, seq, stream } of entries) if (stream === 'public' && seq === this.applied.length + 1) this.applied.push(id);
  }
}
