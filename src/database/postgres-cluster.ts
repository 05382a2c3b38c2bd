import { execFile, spawn } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { StartError } from '../config/start-error.js';
import { dropAccount, findBinaries, launch, type PostgresBinaries } from './postgres-binaries.js';

const run = promisify(execFile);

const SUPERUSER = 'parley';
const START_DEADLINE_MS = 20_000;
const STOP_DEADLINE_MS = 10_000;
const WRONG_PASSWORD = '28P01';

interface ClusterOptions {
  /** The cluster's own folder; made when it is missing. */
  folder: string;
  /** File that PostgreSQL's own log is appended to. */
  logFile: string;
  password: string;
  /** Server settings that differ from PostgreSQL's defaults. */
  settings: Record<string, string>;
  /** Leaves out the fsync of a new cluster: for tests only. */
  isDisposable?: boolean;
}

/** Below the ports that systems give to outgoing connections: nobody takes this one while PostgreSQL is down. */
const PORTS = { from: 20_000, count: 10_000 };

const isFree = (port: number): Promise<boolean> =>
  new Promise((answer) => {
    const probe = createServer();
    probe.once('error', () => answer(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => answer(true)));
  });

const freePort = async (): Promise<number> => {
  for (;;) {
    const port = PORTS.from + randomInt(PORTS.count);
    if (await isFree(port)) return port;
  }
};

/** Undefined where the system has no /proc. */
const processFile = (pid: number, name: string): string | undefined => {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
};

/** Whether a process runs. One that ended counts as gone before its parent has taken notice: process 1 may be slow to. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return !processFile(pid, 'stat')?.includes(') Z ');
};

/** One PostgreSQL cluster in one folder, run from the binaries of the npm package. */
export class PostgresCluster {
  private port = 0;
  private pid = 0;
  /** Whether it ran already when it was asked for. */
  wasRunning = false;

  private constructor(
    private readonly options: ClusterOptions,
    private readonly binaries: PostgresBinaries,
  ) {}

  /**
   * Starts the cluster, or adopts the live one that a killed server left behind.
   * @throws StartError when the folder is of another PostgreSQL version or PostgreSQL does not come up.
   */
  static async start(options: ClusterOptions): Promise<PostgresCluster> {
    const cluster = new PostgresCluster(options, await findBinaries());
    await cluster.initialise();
    cluster.wasRunning = await cluster.adopt();
    if (cluster.wasRunning) return cluster;
    try {
      await cluster.boot();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  url(database: string): string {
    return `postgres://${SUPERUSER}:${this.options.password}@127.0.0.1:${this.port}/${database}`;
  }

  get isRunning(): boolean {
    return isAlive(this.pid);
  }

  get processId(): number {
    return this.pid;
  }

  /** Starts the cluster again at its old port, after it died. */
  async restart(): Promise<void> {
    await this.boot();
  }

  /** Stops the cluster cleanly, waiting for it to end. */
  async stop(): Promise<void> {
    for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
      if (!this.isRunning) return;
      process.kill(this.pid, signal);
      for (let waited = 0; isAlive(this.pid) && waited < STOP_DEADLINE_MS; waited += 20) await sleep(20);
    }
  }

  private async initialise(): Promise<void> {
    const { folder, password, isDisposable } = this.options;
    const versionFile = join(folder, 'PG_VERSION');
    if (existsSync(versionFile)) {
      const found = readFileSync(versionFile, 'utf8').trim();
      if (found === String(this.binaries.major)) return;
      throw new StartError(
        `${folder} holds data of PostgreSQL ${found}, but the embedded PostgreSQL is version ${this.binaries.major}: take another DATA_DIR, or move the data over with pg_dump.`,
      );
    }
    this.removeDrafts();
    // A kill in the middle must not leave a half-made cluster under the real name.
    const draft = `${folder}.new-${process.pid}`;
    const passwordFile = `${draft}.password`;
    mkdirSync(draft, { mode: 0o700 });
    writeFileSync(passwordFile, password, { mode: 0o600 });
    const account = dropAccount(draft);
    if (account) for (const path of [draft, passwordFile]) chownSync(path, account.uid, account.gid);
    const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
    const access = ['-U', SUPERUSER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
    const initdb = launch(this.binaries.initdb, ['-D', draft, ...access, ...locale, ...(isDisposable ? ['--no-sync'] : [])], draft);
    try {
      await run(initdb.file, initdb.args, initdb.options);
    } catch (cause) {
      const reason = (cause as { stderr?: string }).stderr?.trim().split('\n').at(-1) ?? String(cause);
      throw new StartError(`PostgreSQL could not make its data folder ${folder}: ${reason}`, { cause });
    } finally {
      rmSync(passwordFile, { force: true });
    }
    try {
      renameSync(draft, folder);
    } catch (error) {
      // Another server that started at the same moment was first: its cluster is as good.
      if (!existsSync(versionFile)) throw error;
      rmSync(draft, { recursive: true });
    }
  }

  /** What servers that were killed while they made a cluster have left. */
  private removeDrafts(): void {
    const { folder } = this.options;
    const prefix = `${basename(folder)}.new-`;
    for (const name of readdirSync(dirname(folder)).filter((found) => found.startsWith(prefix))) {
      const maker = parseInt(name.slice(prefix.length), 10);
      // In a container every start has the same number.
      if (maker === process.pid || !isAlive(maker)) rmSync(join(dirname(folder), name), { recursive: true, force: true });
    }
  }

  private async adopt(): Promise<boolean> {
    const pidFile = join(this.options.folder, 'postmaster.pid');
    if (!existsSync(pidFile)) return false;
    const [pid, , , port] = readFileSync(pidFile, 'utf8').split('\n').map(Number);
    if (!pid || !port || !isAlive(pid)) return false;
    if ((processFile(pid, 'comm') ?? 'postgres').trim() !== 'postgres') {
      // After a restart of the machine another program has the number, and PostgreSQL would take it for a second one of its kind.
      rmSync(pidFile);
      return false;
    }
    this.port = port;
    this.pid = pid;
    return this.answers(() => !isAlive(pid));
  }

  private async boot(): Promise<void> {
    this.port ||= await freePort();
    const { folder, logFile, settings } = this.options;
    const given = { listen_addresses: '127.0.0.1', port: String(this.port), unix_socket_directories: '', ...settings };
    const args = ['-D', folder, ...Object.entries(given).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
    const { file, args: launchArgs, options } = launch(this.binaries.postgres, args, folder);
    const deadline = Date.now() + START_DEADLINE_MS;
    do {
      const log = openSync(logFile, 'a');
      // Detached: Ctrl-C reaches the server's process group only, and the database outlives the drain.
      const child = spawn(file, launchArgs, { ...options, detached: true, stdio: ['ignore', log, log] });
      closeSync(log);
      let hasEnded = false;
      child.once('exit', () => (hasEnded = true)).once('error', () => (hasEnded = true));
      child.unref();
      this.pid = child.pid ?? 0;
      if (await this.answers(() => hasEnded)) return;
      // Another server may have been first; or the backends of one that was killed still hold the shared memory for a moment.
      await sleep(200);
      if (await this.adopt()) return;
    } while (Date.now() < deadline);
    const lastLine = readFileSync(logFile, 'utf8').trim().split('\n').at(-1) ?? '';
    throw new StartError(`The embedded PostgreSQL in ${folder} did not start: ${lastLine}`);
  }

  /** Waits until the cluster takes connections; false when it is seen to be dead. */
  private async answers(isDead: () => boolean): Promise<boolean> {
    for (const deadline = Date.now() + START_DEADLINE_MS; Date.now() < deadline && !isDead();) {
      const client = new pg.Client({ connectionString: this.url('postgres'), connectionTimeoutMillis: 1000 });
      client.on('error', () => undefined);
      try {
        await client.connect();
        await client.end();
        return true;
      } catch (error) {
        if ((error as { code?: unknown }).code === WRONG_PASSWORD) {
          throw new StartError(
            `The PostgreSQL in ${this.options.folder} has another password than the one kept beside it: put its secrets.json back.`,
          );
        }
        await sleep(15);
      }
    }
    return false;
  }
}
