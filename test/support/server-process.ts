import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuOf } from '../../bench/proc.js';
import { isAlive } from '../../src/database/postgres-cluster.js';

const ROOT = resolve(__dirname, '../..');
const BUILT = join(ROOT, 'dist/bundle/server.mjs');
const LAUNCHER = join(ROOT, 'scripts/start.mjs');
const UP_WITHIN_MS = 60_000;
const NOBODY = 65_534;

interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** The server as a process of its own, the way an operator runs it. */
export interface ServerProcess {
  url: string;
  pid: number;
  dataDir: string;
  /** CPU seconds of its process up to the first healthy answer, where /proc tells them. */
  startCpu: number | undefined;
  stdout(): string;
  stderr(): string;
  /** Of its embedded PostgreSQL, as that tells in its folder. */
  postgresPid(): number;
  signal(signal: NodeJS.Signals): void;
  exited: Promise<Exit>;
}

interface SpawnOptions {
  /** By `npm start`'s script instead of the build itself. */
  isByLauncher?: boolean;
  isNobody?: boolean;
  /** Where the build is run; its .env is read. */
  cwd?: string;
}

interface Spawned {
  child: ChildProcess;
  stdout(): string;
  stderr(): string;
  exited: Promise<Exit>;
}

const spawned = new Set<ChildProcess>();
const folders = new Set<string>();

/** Whether this machine can run the server as an ordinary user although the tests run as root. */
export const canBeNobody = (): boolean =>
  process.getuid?.() === 0 && spawnSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', 'test', '-r', BUILT]).status === 0;

/** A closed folder for a server's data, removed by `cleanUp`. */
export const newDataDir = ({ isNobody }: SpawnOptions = {}): string => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-start-'));
  folders.add(folder);
  if (isNobody) chownSync(folder, NOBODY, NOBODY);
  return join(folder, 'data');
};

/** A copy of the folder of a server that was stopped. */
export const copyOf = (dataDir: string): string => {
  const copy = newDataDir();
  // With the owners, as PostgreSQL is not root.
  execFileSync('cp', ['-a', dataDir, copy]);
  return copy;
};

export const freePort = async (): Promise<number> => {
  const probe = createServer();
  await new Promise<void>((done, fail) => probe.once('error', fail).listen(0, '127.0.0.1', done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
};

export const postgresPid = (dataDir: string): number | undefined => {
  const file = join(dataDir, 'pg/postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined;
};

/** The address of the embedded database, for looking past the server. */
export const postgresUrl = (dataDir: string): string => {
  const { postgresPassword } = JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')) as { postgresPassword: string };
  const port = readFileSync(join(dataDir, 'pg/postmaster.pid'), 'utf8').split('\n')[3];
  return `postgres://parley:${postgresPassword}@127.0.0.1:${port}/parley`;
};

/** Spawns the server with these settings and nothing else of this environment. */
export const spawnServer = (settings: Record<string, string>, { isByLauncher, isNobody, cwd = tmpdir() }: SpawnOptions = {}): Spawned => {
  const command = [process.execPath, isByLauncher ? LAUNCHER : BUILT];
  if (isNobody) command.unshift('setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups');
  const [file = '', ...args] = command;
  // The launcher finds the build from the root; elsewhere there is no .env of the developer to read.
  const child = spawn(file, args, {
    cwd: isByLauncher ? ROOT : cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  spawned.add(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const exited = new Promise<Exit>((done, fail) => {
    child.once('error', fail);
    child.once('close', (code, signal) => done({ code, signal }));
  });
  return { child, stdout: () => stdout, stderr: () => stderr, exited };
};

const isHealthy = (url: string): Promise<boolean> =>
  fetch(`${url}/health`).then(
    async (response) => ((await response.json()) as { status: string }).status === 'ok',
    () => false,
  );

/** Starts the server on a free port, unless one is given, and waits until it is healthy. */
export const startServer = async (settings: Record<string, string>, options: SpawnOptions = {}): Promise<ServerProcess> => {
  const port = settings.PORT ?? String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const began = performance.now();
  const { child, exited, ...texts } = spawnServer({ BCRYPT_COST: '10', PORT: port, ...settings }, options);
  let exit: Exit | undefined;
  void exited.then((is) => (exit = is));
  while (!(await isHealthy(url))) {
    if (exit !== undefined || performance.now() - began > UP_WITHIN_MS) throw new Error(`the server did not start: ${texts.stderr()}`);
    await sleep(10);
  }
  const dataDir = settings.DATA_DIR ?? '';
  return {
    url,
    pid: child.pid!,
    dataDir,
    startCpu: existsSync('/proc/self/stat') ? cpuOf(child.pid!, undefined).node : undefined,
    ...texts,
    exited,
    postgresPid: () => postgresPid(dataDir)!,
    signal: (signal) => void child.kill(signal),
  };
};

/** Sends the signal and waits for the end. */
export const stopServer = async (server: ServerProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> => {
  server.signal(signal);
  return server.exited;
};

/** Waits until something is so. */
export const until = async (isSo: () => boolean | Promise<boolean>, what: string, ms = 15_000): Promise<void> => {
  const deadline = Date.now() + ms;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`in vain: ${what}`);
    await sleep(20);
  }
};

/** Ends what was started here, PostgreSQL included, and removes the folders. */
export const cleanUp = async (): Promise<void> => {
  for (const child of spawned) child.kill('SIGKILL');
  spawned.clear();
  for (const folder of folders) {
    const pid = postgresPid(join(folder, 'data'));
    if (pid !== undefined && isAlive(pid)) {
      process.kill(pid, 'SIGKILL');
      await until(() => !isAlive(pid), 'PostgreSQL ends');
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  folders.clear();
};
