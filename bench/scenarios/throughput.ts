import { setTimeout as sleep } from 'node:timers/promises';
import { Conversation, lossesOf, settle, type Losses } from '../conversation.js';
import { cpuBetween } from '../proc.js';
import type { Target } from '../target.js';

export const ROOMS = 50;
const IN_FLIGHT = 4;

export interface Throughput extends Losses {
  messages: number;
  perSecond: number;
  /** Microseconds for each message: of the server with its database, and of each. */
  cpu: number;
  cpuOfNode: number;
  cpuOfPostgres: number;
  /** How busy the cores of server and load generator were, 1 being all of the time. */
  serverBusy: number;
  loadBusy: number;
}

/** The standard load: each of 50 guests keeps four messages in flight. */
export const measureThroughput = async (target: Target, warmUp: number, seconds: number): Promise<Throughput> => {
  const conversations = await Conversation.startAll(target, ROOMS);
  let isOver = false;
  for (const conversation of conversations) {
    conversation.onAck = () => {
      if (!isOver) conversation.send();
    };
    for (let n = 0; n < IN_FLIGHT; n++) conversation.send();
  }
  const done = (): number => conversations.reduce((sum, conversation) => sum + conversation.done, 0);
  await sleep(warmUp * 1000);
  const from = { at: performance.now(), done: done(), cpu: target.process.cpu(), load: process.cpuUsage() };
  await sleep(seconds * 1000);
  const to = { at: performance.now(), done: done(), cpu: target.process.cpu() };
  const load = process.cpuUsage(from.load);
  isOver = true;
  await settle(conversations);
  const losses = lossesOf(conversations);
  await Promise.all(conversations.map((conversation) => conversation.close()));

  const elapsed = (to.at - from.at) / 1000;
  const messages = to.done - from.done;
  const { node, postgres } = cpuBetween(from.cpu, to.cpu);
  const micros = (cpuSeconds: number): number => (cpuSeconds / messages) * 1e6;
  return {
    messages,
    perSecond: messages / elapsed,
    cpu: micros(node + postgres),
    cpuOfNode: micros(node),
    cpuOfPostgres: micros(postgres),
    serverBusy: (node + postgres) / elapsed,
    loadBusy: (load.user + load.system) / 1e6 / elapsed,
    ...losses,
  };
};
