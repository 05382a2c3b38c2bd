import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { PostgresCluster } from '../../src/database/postgres-cluster.js';

/** An empty database on a PostgreSQL of its own, the same one and as durable as Parley's; it ends with this process. */
export const startDatabase = async (): Promise<string> => {
  const folder = process.env.DATA_DIR ?? '';
  mkdirSync(folder, { recursive: true });
  const cluster = await PostgresCluster.start({
    folder: join(folder, 'pg'),
    logFile: join(folder, 'postgres.log'),
    password: 'only-for-the-benchmark',
    settings: { max_connections: '100' },
  });
  process.on('SIGTERM', () => void cluster.stop().then(() => process.exit(0)));
  const client = new pg.Client({ connectionString: cluster.url('postgres') });
  await client.connect();
  await client.query('CREATE DATABASE bench');
  await client.end();
  return cluster.url('bench');
};
