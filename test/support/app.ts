import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import pg from 'pg';
import { AppModule } from '../../src/app.module.js';
import { Connections } from '../../src/chat/connections.js';
import { readEnv } from '../../src/config/env.js';
import { createLogger, NestLog } from '../../src/config/logging.js';
import { configureApp } from '../../src/configure-app.js';

const TEMPLATE = 'template_parley';

export interface TestApp {
  app: NestExpressApplication;
  url: string;
  databaseUrl: string;
  /** Every line that was logged. */
  log: string[];
  /** Runs SQL on the app's own database, past the app. */
  sql<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

/** A new database, copied from the migrated template. */
export const newDatabase = async (): Promise<string> => {
  const server = process.env.TEST_DATABASE_URL as string;
  const name = `test_${randomBytes(6).toString('hex')}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  // Test files start at the same time, and a template takes one copy after the other.
  await client.query('SELECT pg_advisory_lock(1)');
  await client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  await client.end();
  return server.replace(/\/postgres$/, `/${name}`);
};

/** The real application on a real port and a database of its own, or on the one given. Settings as the environment would give them. */
export const startApp = async (settings: Record<string, string> = {}, database?: string): Promise<TestApp> => {
  const databaseUrl = database ?? (await newDatabase());
  const uploadDir = join(tmpdir(), `parley-uploads-${randomBytes(6).toString('hex')}`);
  const env = readEnv({
    NODE_ENV: 'test',
    PORT: '0',
    BCRYPT_COST: '4',
    DATABASE_POOL: '10',
    DATABASE_URL: databaseUrl,
    JWT_ACCESS_SECRET: 'b9c1f2d3a4e5968778695a4b3c2d1e0f',
    UPLOAD_DIR: uploadDir,
    ...settings,
  });
  const log: string[] = [];
  const write = (line: string): void => {
    log.push(line);
    if (process.env.SHOW_LOG) process.stderr.write(line);
  };
  const logger = createLogger(env, { write });
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(env, databaseUrl), {
    logger: new NestLog(logger),
    bodyParser: false,
    abortOnError: false,
  });
  configureApp(app, logger);
  await app.listen(env.PORT, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  pool.on('error', () => undefined);
  let isClosed = false;
  return {
    app,
    url: `http://127.0.0.1:${port}`,
    databaseUrl,
    log,
    sql: async <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => (await pool.query<Row>(text, values)).rows,
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      await app.get(Connections).drain();
      // A browser keeps a connection ready that it has not used, and Node waits for it for as long as the browser likes.
      setTimeout(() => app.getHttpServer().closeAllConnections(), 1_000).unref();
      await app.close();
      await pool.end();
      await rm(uploadDir, { recursive: true, force: true });
    },
  };
};
