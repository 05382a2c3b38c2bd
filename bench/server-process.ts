import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../src/database/postgres-cluster.js';
import { cpuBetween, cpuOf, type Cpu } from './proc.js';

/** Where the load generator runs is core 1. */
const SERVER_CORE = '0';
const PID_FILE = 'server.pid';
const START_PATIENCE_MS = 30_000;
const STOP_PATIENCE_MS = 15_000;
const IDLE_LOOK_MS = 250;
/** Of a core; timers go on in an idle server. */
const IDLE_SHARE = 0.1;
const IDLE_PATIENCE_MS = 5_000;
/** Below the ports that the system gives to outgoing connections, and above those of the PostgreSQL clusters. */
const PORTS = { from: 30_000, count: 2_000 };
/** What was given away may not be listened on yet. */
const given = new Set<number>();

export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = PORTS.from + Math.floor(Math.random() * PORTS.count);
    if (given.has(port)) continue;
    given.add(port);
    const probe = createServer();
    const isFree = await new Promise<boolean>((done) => {
      probe.once('error', () => done(false)).listen(port, '127.0.0.1', () => done(true));
    });
    await new Promise((done) => probe.close(done));
    if (isFree) return port;
  }
};

const numberIn = (file: string): number | undefined => {
  const number = existsSync(file) ? parseInt(readFileSync(file, 'utf8'), 10) : NaN;
  return Number.isNaN(number) ? undefined : number;
};

/** Asks a process to end, and makes it. */
const end = async (pid: number | undefined): Promise<void> => {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (pid === undefined || !isAlive(pid)) return;
    process.kill(pid, signal);
    for (const deadline = Date.now() + STOP_PATIENCE_MS; isAlive(pid) && Date.now() < deadline;) await sleep(20);
  }
};

/** Ends what runs by the files of this folder: the server, then a PostgreSQL that it left behind. */
export const endServerIn = async (folder: string): Promise<void> => {
  await end(numberIn(join(folder, PID_FILE)));
  const postmaster = numberIn(join(folder, 'data', 'pg', 'postmaster.pid'));
  if (postmaster === undefined || !isAlive(postmaster)) return;
  process.kill(postmaster, 'SIGQUIT');
  await sleep(200);
  await end(postmaster);
};

interface Launch {
  /** The server's own folder, with its data, its log and the number of its process. */
  folder: string;
  /** What is run: a script for this Node, or another program and its arguments. */
  command: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  isPinned: boolean;
}

/** A server in a process of its own, with the PostgreSQL that it starts. */
export class ServerProcess {
  private constructor(
    readonly folder: string,
    readonly url: string,
    /** From the spawn to the first healthy answer. */
    readonly startMs: number,
    private readonly child: ChildProcess,
  ) {}

  /** @throws Error with the end of the server's log when it does not come up. */
  static async start({ folder, command, env, cwd = folder, isPinned }: Launch): Promise<ServerProcess> {
    mkdirSync(folder, { recursive: true });
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const [file = '', ...args] = isPinned ? ['taskset', '-c', SERVER_CORE, ...command] : command;
    const log = openSync(join(folder, 'server.log'), 'a');
    const began = performance.now();
    const child = spawn(file, args, {
      cwd,
      // Nothing else of this environment: no setting of the developer's gets in.
      env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: String(port), DATA_DIR: join(folder, 'data'), ...env },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    writeFileSync(join(folder, PID_FILE), String(child.pid));
    const deadline = began + START_PATIENCE_MS;
    for (;;) {
      const isHealthy = await fetch(`${url}/health`).then(
        async (response) => {
          await response.arrayBuffer();
          return response.ok;
        },
        () => false,
      );
      if (isHealthy) break;
      if (child.exitCode !== null || performance.now() > deadline) {
        throw new Error(`A server did not start: ${readFileSync(join(folder, 'server.log'), 'utf8').trim().slice(-2000)}`);
      }
      await sleep(5);
    }
    return new ServerProcess(folder, url, performance.now() - began, child);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  cpu(): Cpu {
    return cpuOf(this.pid, numberIn(join(this.folder, 'data', 'pg', 'postmaster.pid')));
  }

  /** Waits until it has nothing to do, for a few seconds at most. */
  async idle(): Promise<void> {
    for (const deadline = Date.now() + IDLE_PATIENCE_MS; Date.now() < deadline;) {
      const before = this.cpu();
      await sleep(IDLE_LOOK_MS);
      const { node, postgres } = cpuBetween(before, this.cpu());
      if (node + postgres < (IDLE_SHARE * IDLE_LOOK_MS) / 1000) return;
    }
  }

  /** Ends the server itself instead of the program that started it. */
  adopt(pid: number): void {
    writeFileSync(join(this.folder, PID_FILE), String(pid));
  }

  stop(): Promise<void> {
    return endServerIn(this.folder);
  }
}
