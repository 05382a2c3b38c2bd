import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { backUp, type Place } from '../backup/backup.js';
import { examineBackup, restore } from '../backup/restore.js';
import type { Env } from '../config/env.js';
import { EmbeddedPostgres } from '../database/embedded-postgres.js';
import { keptSecrets } from '../database/kept-secrets.js';
import { migrate } from '../database/migrate.js';
import { addressOf } from './doctor.js';
import { openDatabase } from './open.js';

const placeOf = ({ dataDir, uploadDir }: Env, databaseUrl: string): Place => ({
  databaseUrl,
  uploadDir,
  secretsFile: join(dataDir, 'secrets.json'),
});

const bucketOf = ({ S3_URL }: Env): string | undefined => (S3_URL === undefined ? undefined : addressOf(S3_URL));

/** A folder gets a file with the time in its name. */
const fileIn = (target: string): string => {
  const path = resolve(target);
  if (/[/\\]$/.test(target)) mkdirSync(path, { recursive: true });
  if (!existsSync(path) || !statSync(path).isDirectory()) return path;
  return join(path, `parley-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.tar.gz`);
};

/** What is told of a backup. */
interface Copied {
  file: string;
  rows: number;
  files: number;
  /** Where files are that no backup holds. */
  bucket?: string;
}

export const backUpTo = async (target: string, env: Env): Promise<Copied> => {
  if (env.DATABASE_URL === undefined && !existsSync(join(env.dataDir, 'pg')))
    throw new Error(`There is nothing to back up in ${env.dataDir}`);
  const { url, release } = await openDatabase(env);
  try {
    const file = fileIn(target);
    const { tables, files } = await backUp(file, placeOf(env, url));
    return { file, rows: tables.reduce((sum, { rows }) => sum + rows, 0), files: files.length, bucket: bucketOf(env) };
  } finally {
    await release();
  }
};

export const restoreFrom = async (file: string, env: Env, force: boolean): Promise<Copied> => {
  const manifest = await examineBackup(file, env);
  const kept = env.JWT_ACCESS_SECRET === undefined || env.DATABASE_URL === undefined ? keptSecrets(env.dataDir) : undefined;
  // Only whoever holds the folder may replace what is in it.
  const embedded = env.DATABASE_URL === undefined ? await EmbeddedPostgres.start(env.dataDir, kept?.postgresPassword ?? '', 10) : undefined;
  try {
    const url = env.DATABASE_URL ?? (embedded as EmbeddedPostgres).url;
    await restore(file, manifest, env, placeOf(env, url), kept, force);
    await migrate(env, url);
  } finally {
    await embedded?.stop();
  }
  return { file, rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0), files: manifest.files.length, bucket: bucketOf(env) };
};
