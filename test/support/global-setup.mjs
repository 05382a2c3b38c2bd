// Plain JavaScript over the build: Jest maps no module names here. `npm test` builds first.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { readEnv } from '../../dist/src/config/env.js';
import { migrate } from '../../dist/src/database/migrate.js';
import { PostgresCluster } from '../../dist/src/database/postgres-cluster.js';

/** One real PostgreSQL for the run, with a migrated database that every test file copies. */
export default async function setup(_, { displayName }) {
  // What runs after the others adds to their records.
  if (displayName.name === 'e2e') rmSync(process.env.TRAFFIC_DIR, { recursive: true, force: true });
  const folder = mkdtempSync(join(tmpdir(), 'parley-test-'));
  chmodSync(folder, 0o755);
  const cluster = await PostgresCluster.start({
    folder: join(folder, 'pg'),
    logFile: join(folder, 'postgres.log'),
    password: 'only-for-tests',
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '400', autovacuum: 'off' },
    isDisposable: true,
  });
  globalThis.testCluster = { cluster, folder };
  process.env.TEST_DATABASE_URL = cluster.url('postgres');
  const client = new pg.Client({ connectionString: cluster.url('postgres') });
  await client.connect();
  await client.query('CREATE DATABASE template_parley');
  await client.end();
  await migrate(readEnv({}), cluster.url('template_parley'));
}
