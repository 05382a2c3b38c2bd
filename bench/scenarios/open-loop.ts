import { setImmediate as turn } from 'node:timers/promises';
import { Conversation, lossesOf, settle, type Losses } from '../conversation.js';
import { quantile } from '../stats.js';
import type { Target } from '../target.js';
import { ROOMS } from './throughput.js';

const PER_SECOND = 150;
const WARM_UP_MESSAGES = 2 * PER_SECOND;
/** Enough for a 99th percentile: thirty are later. */
const MESSAGES = 3_000;

interface Latency extends Losses {
  /** Milliseconds from when the message was due to its ack. */
  median: number;
  late: number;
  worst: number;
}

/**
 * Messages fall due at fixed times, whatever the server does, and are timed from then: a stall delays all that fall into
 * it, as it would delay people.
 */
export const measureLatency = async (target: Target): Promise<Latency> => {
  const conversations = await Conversation.startAll(target, ROOMS);
  const latencies: number[] = [];
  const dueOf = conversations.map(() => new Map<number, number>());
  conversations.forEach((conversation, index) => {
    conversation.onAck = (number) => latencies.push(performance.now() - (dueOf[index]?.get(number) ?? NaN));
  });
  const began = performance.now();
  for (let n = 0; n < WARM_UP_MESSAGES + MESSAGES; n++) {
    const due = began + (n * 1000) / PER_SECOND;
    // A timer would be late by as much as an ack takes; this core has nothing else to do.
    while (performance.now() < due) await turn();
    const index = n % conversations.length;
    const number = conversations[index]?.send();
    if (number !== undefined) dueOf[index]?.set(number, due);
  }
  await settle(conversations);
  const losses = lossesOf(conversations);
  await Promise.all(conversations.map((conversation) => conversation.close()));
  // In the order of the acks, which is near enough that of the sending.
  const measured = latencies.slice(WARM_UP_MESSAGES);
  return { median: quantile(measured, 0.5), late: quantile(measured, 0.99), worst: Math.max(...measured), ...losses };
};
