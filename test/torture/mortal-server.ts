import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { oneOf, type Random } from './random.js';

const START_PATIENCE_MS = 50_000;
const STOP_PATIENCE_MS = 20_000;
/** How soon a supervisor brings a dead server back. */
const RETURN_MS = 100;

/** Below the ports that the system hands out by itself: while the server is dead nobody else may come to sit on its port. */
const quietPort = async (): Promise<number> => {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const probe = createServer();
    const isFree = await new Promise<boolean>((done) => {
      probe.once('error', () => done(false)).listen(port, '127.0.0.1', () => done(true));
    });
    await new Promise<void>((done) => {
      probe.close(() => done());
    });
    if (isFree) return port;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** None where the system does not tell. */
const childrenOf = (pid: number): number[] => {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
};

/** The real server in a process of its own with its embedded PostgreSQL, and a supervisor that brings it back whenever it dies. */
export class MortalServer {
  readonly kills = { server: 0, postgres: 0, backend: 0 };
  /** Ends that no kill explains, of a server that had been up. */
  readonly deaths: string[] = [];
  private child: ChildProcess | undefined;
  private isStopping = false;
  private wasReady = false;
  private wasKilled = false;
  private lastPostmaster = 0;

  private constructor(
    private readonly entryFile: string,
    readonly folder: string,
    private readonly port: number,
  ) {}

  static async start(entryFile: string): Promise<MortalServer> {
    const folder = mkdtempSync(join(tmpdir(), 'parley-torture-'));
    // PostgreSQL runs as another account when the test runs as root, and must be able to pass.
    chmodSync(folder, 0o755);
    const server = new MortalServer(resolve(entryFile), folder, await quietPort());
    server.spawn();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get logFile(): string {
    return join(this.folder, 'server.log');
  }

  async ready(): Promise<void> {
    const deadline = Date.now() + START_PATIENCE_MS;
    while (Date.now() < deadline) {
      const isReady = await fetch(`${this.url}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
      this.wasReady ||= isReady;
      if (isReady) return;
      await sleep(25);
    }
    throw new Error(`the server did not come up; its log is ${this.logFile}: ${this.lastWords()}`);
  }

  killServer(): void {
    if (this.hasEnded) return;
    this.wasKilled = true;
    this.child?.kill('SIGKILL');
    this.kills.server++;
  }

  killPostgres(): void {
    const pid = this.postmaster();
    // A dead one stays listed until it is reaped.
    if (pid === undefined || pid === this.lastPostmaster) return;
    this.lastPostmaster = pid;
    process.kill(pid, 'SIGKILL');
    this.kills.postgres++;
  }

  /** Kills one process of PostgreSQL, as a lack of memory does; the others end themselves and it recovers in place. */
  killBackend(random: Random): void {
    const pid = this.postmaster();
    const children = pid === undefined ? [] : childrenOf(pid);
    if (children.length === 0) return;
    try {
      process.kill(oneOf(random, children), 'SIGKILL');
      this.kills.backend++;
    } catch {
      // It went by itself.
    }
  }

  /** Ends everything; by force what does not go by itself. Tells whether it went by itself. */
  async stop(): Promise<boolean> {
    this.isStopping = true;
    const { child } = this;
    const isOver = !child || this.hasEnded || (await this.ends(child));
    if (!isOver) child.kill('SIGKILL');
    const pid = this.postmaster();
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
    return isOver && pid === undefined && child?.exitCode === 0;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  private spawn(): void {
    this.wasReady = false;
    this.wasKilled = false;
    const log = openSync(this.logFile, 'a');
    this.child = spawn(process.execPath, [this.entryFile], {
      // Away from the repository, so that no .env is read.
      cwd: this.folder,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        PORT: String(this.port),
        DATA_DIR: join(this.folder, 'data'),
        JWT_ACCESS_EXPIRES_IN: '1d',
        BCRYPT_COST: '4',
        RATE_LIMIT_FACTOR: '1000000',
        LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.child.once('exit', (code, signal) => this.ended(code, signal));
  }

  private get hasEnded(): boolean {
    return this.child?.exitCode !== null || this.child.signalCode !== null;
  }

  /** Asks the server to stop; false when it takes too long. */
  private async ends(child: ChildProcess): Promise<boolean> {
    const exit = new Promise<boolean>((done) => child.once('exit', () => done(true)));
    child.kill('SIGTERM');
    return Promise.race([exit, sleep(STOP_PATIENCE_MS, false, { ref: false })]);
  }

  private ended(code: number | null, signal: string | null): void {
    // One that never was up may give up when its database is killed under it.
    if (!this.isStopping && !this.wasKilled && this.wasReady) {
      this.deaths.push(`the server ended by itself (${code ?? signal}): ${this.lastWords()}`);
    }
    if (!this.isStopping) setTimeout(() => !this.isStopping && this.spawn(), RETURN_MS);
  }

  private lastWords(): string {
    return readFileSync(this.logFile, 'utf8').trim().split('\n').slice(-3).join(' | ');
  }

  private postmaster(): number | undefined {
    try {
      const pid = Number(readFileSync(join(this.folder, 'data', 'pg', 'postmaster.pid'), 'utf8').split('\n')[0]);
      return pid > 0 && isAlive(pid) ? pid : undefined;
    } catch {
      return undefined;
    }
  }
}
