import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { VERSION } from '../config/version.js';
import type { Health } from '../contract/health.js';
import { RedisConnection } from '../redis/redis.connection.js';

const PATIENCE_MS = 2_000;

@Injectable()
export class HealthService {
  /** Set when the server is about to stop: a balancer then sends nobody here any more. */
  isDraining = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly redis: RedisConnection,
  ) {}

  async health(): Promise<Health> {
    const isDatabaseUp = await this.asksDatabase();
    const isRedisUp = !this.redis.isConfigured || this.redis.isUsable;
    return {
      status: isDatabaseUp && isRedisUp ? 'ok' : 'degraded',
      timestamp: new Date().toISOString(),
      uptime: Math.floor(process.uptime()),
      version: VERSION,
      checks: {
        database: isDatabaseUp ? 'ok' : 'unavailable',
        ...(this.redis.isConfigured && { redis: isRedisUp ? 'ok' : 'unavailable' }),
      },
    };
  }

  async isReady(): Promise<boolean> {
    return !this.isDraining && (await this.asksDatabase());
  }

  private async asksDatabase(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((done) => (timer = setTimeout(() => done(false), PATIENCE_MS)));
    const asked = this.dataSource.query('SELECT 1').then(
      () => true,
      () => false,
    );
    return Promise.race([asked, late]).finally(() => clearTimeout(timer));
  }
}
