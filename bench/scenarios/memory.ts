import { setTimeout as sleep } from 'node:timers/promises';
import { Client, inParallel } from '../client.js';
import { collectGarbage } from '../inspector.js';
import { residentOf } from '../proc.js';
import type { Seat, Target } from '../target.js';

export const CONNECTIONS = 1_200;
/** Makes the code warm and the first buffers large before the count begins. */
const FIRST = 200;
const WIDTH = 20;
const IDLE_MS = 1_000;

interface Memory {
  /** Bytes of resident memory for each connection. */
  each: number;
  before: number;
  after: number;
}

/** Growth of the Node process's resident memory by idle connections that have joined a room each, garbage collected. */
export const measureMemory = async ({ process }: Target, seats: readonly Seat[], inspectorPort: number): Promise<Memory> => {
  const connect = (some: readonly Seat[]): Promise<Client[]> =>
    inParallel(some, WIDTH, async ({ roomId, guest }) => {
      const client = await Client.connect(process.url, guest);
      await client.call('room.join', { roomId });
      return client;
    });
  const resident = async (): Promise<number> => {
    await sleep(IDLE_MS);
    await collectGarbage(inspectorPort);
    return residentOf(process.pid);
  };
  const first = await connect(seats.slice(0, FIRST));
  const before = await resident();
  const rest = await connect(seats.slice(FIRST));
  const after = await resident();
  await Promise.all([...first, ...rest].map((client) => client.close()));
  return { each: (after - before) / rest.length, before, after };
};
