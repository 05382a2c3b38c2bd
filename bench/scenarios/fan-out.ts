import { setTimeout as sleep } from 'node:timers/promises';
import { Client, inParallel } from '../client.js';
import { Conversation, settle, type Losses } from '../conversation.js';
import { cpuBetween } from '../proc.js';
import type { Target } from '../target.js';

const LISTENERS = 500;
/** The agents come with ten sockets each, the most that one may have. */
const AGENTS = 50;
const WIDTH = 20;
const IN_FLIGHT = 4;
const DRAIN_PATIENCE_MS = 10_000;

interface FanOut extends Losses {
  messages: number;
  perSecond: number;
  /** Microseconds for each message, the database included. */
  cpu: number;
}

/** One guest keeps four messages in flight in a room that 500 sockets have joined. */
export const measureFanOut = async (target: Target, warmUp: number, seconds: number): Promise<FanOut> => {
  const [seat, ...others] = await target.seats(AGENTS);
  if (!seat) throw new Error('There is no room');
  const agents = [seat, ...others].map(({ agent }) => agent);
  const listeners = await inParallel(Array.from({ length: LISTENERS - 1 }), WIDTH, async (_, index) => {
    const client = await Client.connect(target.process.url, agents[index % agents.length] ?? {});
    await client.call('room.join', { roomId: seat.roomId });
    return client;
  });
  let heard = 0;
  for (const listener of listeners) {
    listener.onEvent = (name) => {
      if (name === 'message.created') heard++;
    };
  }
  const conversation = await Conversation.start(target.process.url, seat);
  let sent = 0;
  let isOver = false;
  const send = (): void => {
    if (isOver) return;
    sent++;
    conversation.send();
  };
  conversation.onAck = send;
  for (let n = 0; n < IN_FLIGHT; n++) send();

  const deliveries = (): number => heard + conversation.done;
  await sleep(warmUp * 1000);
  const from = { at: performance.now(), deliveries: deliveries(), cpu: target.process.cpu() };
  await sleep(seconds * 1000);
  const to = { at: performance.now(), deliveries: deliveries(), cpu: target.process.cpu() };
  isOver = true;
  await settle([conversation]);
  for (const deadline = Date.now() + DRAIN_PATIENCE_MS; heard < sent * listeners.length && Date.now() < deadline;) await sleep(10);
  const { lost, repeated, reordered, unacked } = conversation.losses;
  // All 500 have to hear each message once; that they come in order is looked at for one of them.
  const missing = sent * listeners.length - heard;
  await Promise.all([conversation.close(), ...listeners.map((listener) => listener.close())]);

  const messages = (to.deliveries - from.deliveries) / LISTENERS;
  const { node, postgres } = cpuBetween(from.cpu, to.cpu);
  return {
    messages,
    perSecond: messages / ((to.at - from.at) / 1000),
    cpu: ((node + postgres) / messages) * 1e6,
    lost: lost + Math.max(0, missing),
    repeated: repeated + Math.max(0, -missing),
    reordered,
    unacked,
  };
};
