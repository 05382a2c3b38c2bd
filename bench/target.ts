import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client, inParallel } from './client.js';
import { People } from './people.js';
import { ServerProcess } from './server-process.js';

const PLAIN_SERVERS = ['relay', 'typical', 'insert'] as const;
type PlainServer = (typeof PLAIN_SERVERS)[number];

/** `against` is another build of Parley, `slow-disk` the same one with 2 ms added to every fsync. */
export type TargetName = PlainServer | 'parley' | 'against' | 'slow-disk';

/** A room and what the two who talk in it show at the handshake. */
export interface Seat {
  roomId: string;
  guest: object;
  agent: object;
}

/** A server under test, and how its rooms and people are made. */
export interface Target {
  name: TargetName;
  process: ServerProcess;
  /** New rooms with a guest each; their agents are `agents` people, or one for each room. */
  seats(rooms: number, agents?: number): Promise<Seat[]>;
}

/** Where servers are started from and into. */
export interface Ground {
  folder: string;
  isPinned: boolean;
  /** A copy of the project with its build. */
  project: string;
  /** Builds of Parley: the folders that hold `bundle/server.mjs`. */
  builds: Partial<Record<TargetName, string>>;
  nodeArguments: string[];
  /** For Parley's processes, beside its settings. */
  environment?: NodeJS.ProcessEnv;
}

export interface TargetOptions {
  /** Folder of an earlier start, to be started on again. */
  folder?: string;
  nodeArguments?: string[];
}

/** What `npm start` gives Node. The other servers gain about as much by it. */
export const AS_STARTED = ['--use-largepages=silent'];

let started = 0;

/** What differs from `npm start`: the rate limits stay on the path but let the load through; people are made quickly. */
const PARLEY_SETTINGS = { RATE_LIMIT_FACTOR: '1000000', BCRYPT_COST: '4' };

const isPlain = (name: TargetName): name is PlainServer => PLAIN_SERVERS.some((plain) => plain === name);

export const startTarget = async (ground: Ground, name: TargetName, options: TargetOptions = {}): Promise<Target> => {
  const folder = options.folder ?? join(ground.folder, `${name}-${++started}`);
  mkdirSync(folder, { recursive: true });
  const { isPinned } = ground;
  const nodeArguments = options.nodeArguments ?? [];
  if (isPlain(name)) {
    const script = resolve(import.meta.dirname, 'servers', `${name}.js`);
    const plain = await ServerProcess.start({ folder, command: [process.execPath, ...AS_STARTED, ...nodeArguments, script], isPinned });
    return { name, process: plain, seats: (rooms) => plainSeats(plain.url, rooms) };
  }
  const script = join(ground.builds[name] ?? ground.builds.parley ?? '', 'bundle/server.mjs');
  const server = await ServerProcess.start({
    folder,
    command: [process.execPath, ...AS_STARTED, ...ground.nodeArguments, ...nodeArguments, script],
    env: { ...PARLEY_SETTINGS, ...ground.environment },
    isPinned,
  });
  const people = new People(server.url);
  return { name, process: server, seats: (rooms, agents = rooms) => people.seats(rooms, agents) };
};

const plainSeats = async (url: string, rooms: number): Promise<Seat[]> => {
  const clerk = await Client.connect(url, {});
  const seats = await inParallel(Array.from({ length: rooms }), 20, async () => {
    const { id } = await clerk.call<{ id: string }>('room.open', {});
    return { roomId: id, guest: {}, agent: {} };
  });
  await clerk.close();
  return seats;
};
