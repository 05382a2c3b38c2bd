import { randomUUID } from 'node:crypto';
import { Client, inParallel, payloadOf } from './client.js';
import type { Seat, Target } from './target.js';

const BODY_LENGTH = 120;
const WIDTH = 20;
const DRAIN_PATIENCE_MS = 10_000;
const ACKED = 1;
const HEARD = 2;

/** Whatever is not 0 here is a fault of the server. */
export interface Losses {
  lost: number;
  repeated: number;
  reordered: number;
  unacked: number;
}

export const sumOf = ({ lost, repeated, reordered, unacked }: Losses): number => lost + repeated + reordered + unacked;

export const lossesOf = (conversations: readonly Conversation[]): Losses => {
  const sum = (of: (conversation: Conversation) => number): number => conversations.reduce((total, one) => total + of(one), 0);
  return {
    lost: sum((one) => one.losses.lost),
    repeated: sum((one) => one.losses.repeated),
    reordered: sum((one) => one.losses.reordered),
    unacked: sum((one) => one.losses.unacked),
  };
};

/** A guest who writes and an agent who listens, in one room. A message is done when it was acked and heard. */
export class Conversation {
  done = 0;
  onAck: (number: number) => void = () => undefined;
  private readonly counted = { repeated: 0, reordered: 0 };
  private readonly open = new Map<number, number>();
  private sent = 0;
  private highest = -1;

  private constructor(
    private readonly roomId: string,
    private readonly guest: Client,
    private readonly agent: Client,
  ) {
    agent.onEvent = (name, packet) => {
      if (name === 'message.created') this.hear(packet);
    };
  }

  /** Connects both and joins the room. */
  static async start(url: string, { roomId, guest, agent }: Seat): Promise<Conversation> {
    const [writer, listener] = await Promise.all([Client.connect(url, guest), Client.connect(url, agent)]);
    await Promise.all([writer, listener].map((client) => client.call('room.join', { roomId })));
    return new Conversation(roomId, writer, listener);
  }

  static async startAll({ process, seats }: Target, rooms: number, agents?: number): Promise<Conversation[]> {
    return inParallel(await seats(rooms, agents), WIDTH, (seat) => Conversation.start(process.url, seat));
  }

  get isSettled(): boolean {
    return this.open.size === 0;
  }

  get losses(): Losses {
    const open = [...this.open.values()];
    return {
      ...this.counted,
      lost: open.filter((state) => state === ACKED).length,
      unacked: open.filter((state) => state !== ACKED).length,
    };
  }

  /** The number of the message that it sends. */
  send(): number {
    const number = this.sent++;
    this.open.set(number, 0);
    const payload = { roomId: this.roomId, clientMessageId: randomUUID(), body: `${number} `.padEnd(BODY_LENGTH, 'x') };
    this.guest.emit('message.send', payload, ({ ok }) => {
      // A refusal leaves it unacked.
      if (!ok) return;
      this.note(number, ACKED);
      this.onAck(number);
    });
    return number;
  }

  async close(): Promise<void> {
    await Promise.all([this.guest.close(), this.agent.close()]);
  }

  private hear(packet: string): void {
    const { roomId, body } = payloadOf(packet) as { roomId: string; body: string };
    // An agent may sit in more rooms by other sockets, never by this one.
    if (roomId !== this.roomId) return;
    const number = parseInt(body, 10);
    const state = this.open.get(number);
    if (state === undefined || (state & HEARD) !== 0) {
      this.counted.repeated++;
      return;
    }
    if (number < this.highest) this.counted.reordered++;
    this.highest = Math.max(this.highest, number);
    this.note(number, HEARD);
  }

  private note(number: number, fact: number): void {
    const state = (this.open.get(number) ?? 0) | fact;
    if (state === (ACKED | HEARD)) {
      this.open.delete(number);
      this.done++;
    } else this.open.set(number, state);
  }
}

/** Waits until everything that was sent was acked and heard, or is taken for lost. */
export const settle = async (conversations: readonly Conversation[]): Promise<void> => {
  const deadline = Date.now() + DRAIN_PATIENCE_MS;
  while (!conversations.every(({ isSettled }) => isSettled) && Date.now() < deadline) await new Promise((done) => setTimeout(done, 10));
};
