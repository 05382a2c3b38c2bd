import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Env } from '../config/env.js';
import { VERSION } from '../config/version.js';
import type { CheckState, Health, HealthChecks } from '../contract/health.js';
import { RedisConnection } from '../redis/redis.connection.js';
import { freeBytes, LEAST_FREE_BYTES } from './disk.js';

type CheckName = keyof HealthChecks;

/** Whether something is well. It may take its time and may throw: it is asked for so long and no longer. */
type Check = () => boolean | Promise<boolean>;

const PATIENCE_MS = 2_000;

/** How the server is. Modules add what can be wrong with theirs; names and states are all that is told. */
@Injectable()
export class HealthService {
  private readonly logger = new Logger(HealthService.name);
  private readonly checks = new Map<CheckName, Check>();
  /** What is being asked: a check that hangs is asked once, however many want to know. */
  private readonly asking = new Map<CheckName, Promise<boolean>>();
  private readonly failing = new Set<CheckName>();

  /** Set when the server is about to stop: a balancer then sends nobody here any more. */
  isDraining = false;

  constructor(dataSource: DataSource, env: Env, redis: RedisConnection) {
    this.add('database', () => dataSource.query('SELECT 1').then(() => true));
    if (redis.isConfigured) this.add('redis', () => redis.isUsable);
    // Uploads are written to their folder also on their way to a bucket.
    const folders = [env.dataDir, env.uploadDir];
    this.add('disk', async () => (await Promise.all(folders.map(freeBytes))).every((free) => free >= LEAST_FREE_BYTES));
  }

  /** Adds a check; called by constructors. */
  add(name: CheckName, check: Check): void {
    this.checks.set(name, check);
  }

  async health(): Promise<Health> {
    const states = await Promise.all([...this.checks.keys()].map(async (name) => [name, await this.stateOf(name)] as const));
    return {
      status: states.every(([, state]) => state === 'ok') ? 'ok' : 'degraded',
      timestamp: new Date().toISOString(),
      uptime: Math.floor(process.uptime()),
      version: VERSION,
      checks: Object.fromEntries(states) as unknown as HealthChecks,
    };
  }

  async isReady(): Promise<boolean> {
    return !this.isDraining && (await this.stateOf('database')) === 'ok';
  }

  private async stateOf(name: CheckName): Promise<CheckState> {
    const isWell = await this.ask(name);
    if (isWell === this.failing.has(name)) {
      if (isWell) this.failing.delete(name);
      else this.failing.add(name);
      this.logger.warn({ check: name }, isWell ? 'a health check is well again' : 'a health check fails');
    }
    return isWell ? 'ok' : 'unavailable';
  }

  private ask(name: CheckName): Promise<boolean> {
    let asked = this.asking.get(name);
    if (!asked) {
      asked = Promise.resolve()
        .then(this.checks.get(name) as Check)
        .catch(() => false)
        .finally(() => this.asking.delete(name));
      this.asking.set(name, asked);
    }
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((done) => (timer = setTimeout(() => done(false), PATIENCE_MS)));
    return Promise.race([asked, late]).finally(() => clearTimeout(timer));
  }
}
