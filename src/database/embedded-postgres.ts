import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { StartError } from '../config/start-error.js';
import { PostgresCluster } from './postgres-cluster.js';

const DATABASE = 'parley';
/** Held by the server that owns the folder. */
const FOLDER_LOCK = 7_270_001;
const LOCK_PATIENCE_MS = 2_000;
const WATCH_MS = 250;
const LEAST_CONNECTIONS = 100;

const startCluster = (dataDir: string, password: string, connections: number): Promise<PostgresCluster> =>
  PostgresCluster.start({
    folder: join(dataDir, 'pg'),
    logFile: join(dataDir, 'postgres.log'),
    password,
    settings: { max_connections: String(Math.max(LEAST_CONNECTIONS, connections + 20)) },
  });

/** The database of a server that was given none: PostgreSQL in DATA_DIR, started, watched and stopped by this process. */
export class EmbeddedPostgres {
  private lock: pg.Client | undefined;
  private watch: NodeJS.Timeout | undefined;
  private isStopping = false;

  private constructor(
    private readonly cluster: PostgresCluster,
    private readonly dataDir: string,
  ) {}

  /** @throws StartError also when another server already runs on this folder. */
  static async start(dataDir: string, password: string, connections: number): Promise<EmbeddedPostgres> {
    const cluster = await startCluster(dataDir, password, connections);
    const embedded = new EmbeddedPostgres(cluster, dataDir);
    await embedded.own();
    await embedded.ensureDatabase();
    embedded.watch = setInterval(() => {
      void embedded.revive();
    }, WATCH_MS);
    embedded.watch.unref();
    return embedded;
  }

  /** The database of a folder for a short time, whether a server runs on it or not. `release` leaves it as it was found. */
  static async borrow(dataDir: string, password: string): Promise<{ url: string; release: () => Promise<void> }> {
    const cluster = await startCluster(dataDir, password, LEAST_CONNECTIONS);
    const embedded = new EmbeddedPostgres(cluster, dataDir);
    if (cluster.wasRunning) return { url: embedded.url, release: () => Promise.resolve() };
    await embedded.own();
    await embedded.ensureDatabase();
    return { url: embedded.url, release: () => embedded.stop() };
  }

  get url(): string {
    return this.cluster.url(DATABASE);
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.watch);
    await this.lock?.end().catch(() => undefined);
    await this.cluster.stop();
  }

  /** A killed server's lock goes when its connection is seen to be gone, which takes PostgreSQL a moment. */
  private async own(): Promise<void> {
    const lock = new pg.Client({ connectionString: this.cluster.url('postgres') });
    lock.on('error', () => undefined);
    // PostgreSQL ends all sessions when one of its processes crashes, and lives on: the folder must be locked anew.
    lock.on('end', () => {
      if (this.lock === lock) this.lock = undefined;
    });
    await lock.connect();
    const deadline = Date.now() + LOCK_PATIENCE_MS;
    for (;;) {
      const { rows } = await lock.query<{ free: boolean }>('SELECT pg_try_advisory_lock($1) AS free', [FOLDER_LOCK]);
      if (rows[0]?.free) break;
      if (Date.now() > deadline) {
        await lock.end();
        throw new StartError(`Another Parley server already runs on ${this.dataDir}: stop it first, or take another DATA_DIR.`);
      }
      await sleep(50);
    }
    this.lock = lock;
  }

  private async ensureDatabase(): Promise<void> {
    const { rowCount } = await this.held.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await this.held.query(`CREATE DATABASE ${DATABASE}`);
  }

  private get held(): pg.Client {
    if (!this.lock) throw new Error('The folder is not locked yet');
    return this.lock;
  }

  private hasStopped(): boolean {
    return this.isStopping;
  }

  private isReviving = false;

  private async revive(): Promise<void> {
    if (this.isReviving || this.isStopping || (this.cluster.isRunning && this.lock)) return;
    this.isReviving = true;
    try {
      if (!this.cluster.isRunning) await this.cluster.restart();
      // Stopped in the meantime: `stop` found nothing to stop yet.
      if (this.hasStopped()) await this.cluster.stop();
      else await this.own();
    } catch {
      // The next look tries again; until then every request is answered `unavailable`.
    } finally {
      this.isReviving = false;
    }
  }
}
