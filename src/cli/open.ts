import { Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccessModule } from '../access/access.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { BusinessModule } from '../business/business.module.js';
import { ConfigModule } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { createLogger, NestLog } from '../config/logging.js';
import { dataSourceOptions } from '../database/data-source.js';
import { DatabaseModule } from '../database/database.module.js';
import { EmbeddedPostgres } from '../database/embedded-postgres.js';
import { keptSecrets } from '../database/kept-secrets.js';
import { migrate } from '../database/migrate.js';
import { EventModule } from '../event/event.module.js';
import { HealthModule } from '../health/health.module.js';
import { MessageModule } from '../message/message.module.js';
import { MetricsModule } from '../metrics/metrics.module.js';
import { RedisModule } from '../redis/redis.module.js';
import { SeedModule } from '../seed/seed.module.js';

/** The services of the server without its doors: what a command changes, its hooks hear of as well. */
@Module({})
class CommandModule {
  static with(env: Env, databaseUrl: string): DynamicModule {
    return {
      module: CommandModule,
      imports: [
        ConfigModule.with(env),
        TypeOrmModule.forRoot({ ...dataSourceOptions(env, databaseUrl), autoLoadEntities: true, retryAttempts: 1 }),
        DatabaseModule,
        RedisModule,
        EventModule,
        MetricsModule,
        HealthModule,
        AccessModule,
        BusinessModule,
        AuthModule,
        MessageModule,
        SeedModule,
      ],
    };
  }
}

/** The address of the database that the settings name, and how to leave it. The embedded one is started when no server runs it. */
export const openDatabase = async (env: Env): Promise<{ url: string; release: () => Promise<void> }> => {
  if (env.DATABASE_URL !== undefined) return { url: env.DATABASE_URL, release: () => Promise.resolve() };
  return EmbeddedPostgres.borrow(env.dataDir, keptSecrets(env.dataDir).postgresPassword);
};

/** Runs `work` with the services of the server, on its database. */
export const withServices = async <T>(env: Env, work: (services: INestApplicationContext) => Promise<T>): Promise<T> => {
  env.isCommand = true;
  env.JWT_ACCESS_SECRET ??= keptSecrets(env.dataDir).jwtAccessSecret;
  const { url, release } = await openDatabase(env);
  try {
    await migrate(env, url);
    env.LOG_LEVEL = 'error';
    const logger = new NestLog(createLogger(env));
    const services = await NestFactory.createApplicationContext(CommandModule.with(env, url), { logger, abortOnError: false });
    try {
      return await work(services);
    } finally {
      await services.close();
    }
  } finally {
    await release();
  }
};
