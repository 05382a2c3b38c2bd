import 'reflect-metadata';
import { createServer, type AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import { DemoService, type Demo } from './auth/demo.service.js';
import { Connections } from './chat/connections.js';
import { loadEnv, type Env } from './config/env.js';
import { createLogger, NestLog } from './config/logging.js';
import { VERSION } from './config/version.js';
import { StartError } from './config/start-error.js';
import { configureApp } from './configure-app.js';
import { EmbeddedPostgres } from './database/embedded-postgres.js';
import { keptSecrets } from './database/kept-secrets.js';
import { migrate } from './database/migrate.js';
import { requireFolder } from './health/disk.js';
import { HealthService } from './health/health.service.js';

/** A stop that takes longer than this has gone wrong. */
const HARD_STOP_MS = 15_000;
/** How long requests may still take when the server stops. */
const REQUEST_PATIENCE_MS = 5_000;

/** Before anything is started: the fault that is made most often is told at once. */
const freePort = ({ HOST, PORT }: Env): Promise<number> =>
  new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', ({ code, message }: NodeJS.ErrnoException) => {
      const reasons: Record<string, string> = {
        EADDRINUSE: 'is already in use',
        EACCES: 'needs more rights',
        EADDRNOTAVAIL: 'is not an address of this machine',
      };
      fail(new StartError(`Cannot listen: ${HOST}:${PORT} ${reasons[code ?? ''] ?? message}. Set PORT or HOST to another one.`));
    });
    probe.listen(PORT, HOST, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });

const startDatabase = async (env: Env): Promise<{ url: string; embedded?: EmbeddedPostgres }> => {
  if (env.DATABASE_URL !== undefined && env.JWT_ACCESS_SECRET !== undefined) return { url: env.DATABASE_URL };
  const secrets = keptSecrets(env.dataDir);
  env.JWT_ACCESS_SECRET ??= secrets.jwtAccessSecret;
  if (env.DATABASE_URL !== undefined) return { url: env.DATABASE_URL };
  const embedded = await EmbeddedPostgres.start(env.dataDir, secrets.postgresPassword, env.DATABASE_POOL);
  return { url: embedded.url, embedded };
};

const banner = (env: Env, demo: Demo | undefined): string => {
  const lines = [
    '',
    `  Parley ${VERSION} is up at ${env.PUBLIC_URL}`,
    `  Console ${env.PUBLIC_URL}/console`,
    `  API     ${env.PUBLIC_URL}/api`,
    `  Health  ${env.PUBLIC_URL}/health`,
    `  Process ${process.pid}`,
  ];
  if (env.DOCS === 'on') lines.push(`  Shop    ${env.PUBLIC_URL}/demo, with the chat on it`);
  if (env.SMTP_URL === undefined) lines.push(`  Mail    written to ${env.mailboxDir}, sent by nobody: SMTP_URL is not set`);
  if (demo) {
    lines.push('', `  A demo business is ready: "${demo.slug}". These passwords are shown this once:`);
    for (const { role, email, password } of demo.people) lines.push(`  ${role}   ${email}   ${password}`);
    lines.push(`  guests come to ${env.PUBLIC_URL}/chat/${demo.slug}`);
  }
  return `${lines.join('\n')}\n\n`;
};

/** The one line that the operator reads, whatever went wrong. */
const tell = (error: unknown): void => {
  const { message, code } = error as NodeJS.ErrnoException;
  process.stderr.write(`parley: ${(message || (code ?? String(error))).replace(/\s+/g, ' ')}\n`);
};

/**
 * After a burst V8 may take the objects of a message for long-lived ones and make them among the old from then on. Long dead, they still
 * keep alive, for every collection of the young, all that they point to: a third more of Node's time for a message, as long as the load lasts.
 */
setFlagsFromString('--no-allocation-site-pretenuring');

const start = async (): Promise<void> => {
  const env = loadEnv();
  const logger = createLogger(env);
  env.takePort(await freePort(env));
  const database = startDatabase(env);
  let app: NestExpressApplication | undefined;
  let isStopping = false;

  const stop = async (exitCode: number): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(1), HARD_STOP_MS).unref();
    try {
      if (app) {
        app.get(HealthService).isDraining = true;
        await app.get(Connections).drain();
        const server = app.getHttpServer();
        // A client that never finishes its request would otherwise hold up the stop.
        setTimeout(() => server.closeAllConnections(), REQUEST_PATIENCE_MS).unref();
        await app.close();
      }
    } catch (error) {
      logger.error({ err: error }, 'the stop went wrong');
      exitCode = 1;
    }
    await database.then(({ embedded }) => embedded?.stop()).catch(() => undefined);
    process.exit(exitCode);
  };
  const fail = async (error: unknown): Promise<void> => {
    // A stop in the middle of the start takes the database away from under it.
    if (isStopping) return;
    tell(error);
    logger.debug({ err: error }, 'the start failed');
    await stop(1);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(0));
  // Whoever supervises this process starts it again; nothing that was acked is lost by it.
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      logger.fatal({ err: error }, event);
      process.exit(1);
    });
  }

  try {
    const { url, embedded } = await database;
    await requireFolder(env.uploadDir, 'UPLOAD_DIR');
    await migrate(env, url);
    const created = await NestFactory.create<NestExpressApplication>(AppModule.with(env, url), {
      logger: new NestLog(logger),
      bodyParser: false,
      abortOnError: false,
    });
    configureApp(created, logger);
    await created.init();
    // From here on there is something to drain.
    app = created;
    const demo = env.isProduction ? undefined : await app.get(DemoService).make();
    await app.listen(env.PORT, env.HOST);
    if (env.isProduction && embedded) logger.warn('the embedded PostgreSQL is used in production: back up DATA_DIR');
    if (env.isProduction && env.SMTP_URL === undefined) logger.warn('no mail is sent: SMTP_URL is not set');
    process.stdout.write(banner(env, demo));
  } catch (error) {
    await fail(error);
  }
};

start().catch((error: unknown) => {
  tell(error);
  process.exit(1);
});
