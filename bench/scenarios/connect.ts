import { Client, inParallel } from '../client.js';
import { cpuBetween } from '../proc.js';
import type { Seat, Target } from '../target.js';

/** Guests who come. */
export const CONNECTS = 1_000;
const WIDTH = 20;

export interface Connect {
  /** Microseconds for each connect with its join, the database included. */
  cpu: number;
  cpuOfNode: number;
  cpuOfPostgres: number;
  perSecond: number;
}

/**
 * Guests connect and join a room of their own, twenty at a time, and stay until all are there. What the server does about
 * it afterwards counts as well, what it does when they leave does not.
 */
export const measureConnect = async ({ process }: Target, seats: readonly Seat[]): Promise<Connect> => {
  await process.idle();
  const from = { at: performance.now(), cpu: process.cpu() };
  const clients = await inParallel(seats, WIDTH, async ({ roomId, guest }) => {
    const client = await Client.connect(process.url, guest);
    await client.call('room.join', { roomId });
    return client;
  });
  const elapsed = (performance.now() - from.at) / 1000;
  await process.idle();
  const { node, postgres } = cpuBetween(from.cpu, process.cpu());
  await Promise.all(clients.map((client) => client.close()));
  const micros = (cpuSeconds: number): number => (cpuSeconds / seats.length) * 1e6;
  return { cpu: micros(node + postgres), cpuOfNode: micros(node), cpuOfPostgres: micros(postgres), perSecond: seats.length / elapsed };
};
