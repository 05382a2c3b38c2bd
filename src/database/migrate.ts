import { DataSource } from 'typeorm';
import type { Env } from '../config/env.js';
import { StartError } from '../config/start-error.js';
import { dataSourceOptions } from './data-source.js';

/** As PostgreSQL counts: 15.0. */
export const OLDEST_VERSION = 150_000;
/** Two nodes that start at once migrate one after the other. */
const MIGRATION_LOCK = 7_270_002;

/** Which changes of the schema the database lacks, and whether it has some that this version does not know. */
export const missingMigrations = async (dataSource: DataSource): Promise<{ missing: string[]; unknown: string[] }> => {
  const [table] = await dataSource.query<{ name: string | null }[]>("SELECT to_regclass('public.migrations') AS name");
  const done = table?.name ? await dataSource.query<{ name: string }[]>('SELECT name FROM migrations ORDER BY id') : [];
  const known = dataSource.migrations.map(({ name, constructor }) => name ?? constructor.name);
  const names = done.map(({ name }) => name);
  return { missing: known.filter((name) => !names.includes(name)), unknown: names.filter((name) => !known.includes(name)) };
};

/** Brings the database to the newest schema. @throws StartError when it cannot be reached or is older than PostgreSQL 15. */
export const migrate = async (env: Env, url: string): Promise<void> => {
  // Without the time limits of the server: a migration may take longer than a request.
  const dataSource = new DataSource(dataSourceOptions(env, url, {}));
  try {
    await dataSource.initialize();
  } catch (cause) {
    // Never the whole address: it holds a password.
    const host = URL.canParse(url) ? new URL(url).host : 'DATABASE_URL, which is no address,';
    throw new StartError(`The database at ${host} cannot be used: ${(cause as Error).message || (cause as { code?: string }).code}.`, {
      cause,
    });
  }
  try {
    const [server] = await dataSource.query<{ version: number; name: string }[]>(
      "SELECT current_setting('server_version_num')::integer AS version, current_setting('server_version') AS name",
    );
    if (!server || server.version < OLDEST_VERSION)
      throw new StartError(`The database is PostgreSQL ${server?.name}, but 15 or newer is needed.`);
    const lock = dataSource.createQueryRunner();
    try {
      await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
      await dataSource.runMigrations({ transaction: 'each' });
    } finally {
      await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
      await lock.release();
    }
  } finally {
    await dataSource.destroy();
  }
};
