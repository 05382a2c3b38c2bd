import { once } from 'node:events';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import type { Env } from '../config/env.js';
import { dataSourceOptions } from '../database/data-source.js';
import { BadBackup, HEAD, MANIFEST, readArchive, tableOf, textOf, verify, type Manifest } from './archive.js';
import { quoted, type Place } from './backup.js';
import { FileSwap } from './file-swap.js';

/** What stands in the schema that is not of an extension, so that an extension which only a superuser makes stays. */
const CLEAR = `
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP EXECUTE format('DROP TABLE %I CASCADE', one.tablename); END LOOP;
  FOR one IN SELECT p.oid::regprocedure AS name FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP EXECUTE format('DROP ROUTINE %s CASCADE', one.name); END LOOP;
END $$`;

const migrationName = ({ name, constructor }: { name?: string; constructor: { name: string } }): string => name ?? constructor.name;

const requireFree = async (runner: QueryRunner, swap: FileSwap, force: boolean): Promise<void> => {
  const [servers] = (await runner.query(
    "SELECT count(*)::integer AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'parley'",
  )) as { n: number }[];
  if ((servers?.n ?? 0) > 0) throw new Error('A Parley server works on this database: stop it first');
  const tables = ((await runner.query("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")) as { name: string }[]).map(
    ({ name }) => name,
  );
  if (tables.length > 0 && !tables.includes('stream_epoch'))
    throw new Error('The database holds the tables of something else: take another one');
  if (force) return;
  if (tables.length > 0) throw new Error('The database is not empty: --force replaces what is in it');
  if (!(await swap.isEmpty())) throw new Error('The folder of uploads is not empty: --force replaces what is in it');
};

/** A table that is being filled. */
interface Filling {
  name: string;
  stream: Writable;
  /** Rejects with what PostgreSQL does not take, whenever it says so. */
  done: Promise<void>;
}

const fill = (client: ClientBase, name: string, columns: string[]): Filling => {
  const stream = client.query(copyFrom(`COPY ${quoted(name)} (${columns.map(quoted).join(', ')}) FROM STDIN`));
  const done = finished(stream);
  done.catch(() => undefined);
  // It does not do so itself, and would write on to a connection that it has let go.
  stream.once('error', (error) => stream.destroy(error));
  return { name, stream, done };
};

/** Makes the schema that the backup is on, and fills it. */
const load = async (
  dataSource: DataSource,
  runner: QueryRunner,
  file: string,
  { tables, sequences }: Manifest,
  swap: FileSwap,
): Promise<void> => {
  await runner.query(CLEAR);
  const executor = new MigrationExecutor(dataSource, runner);
  executor.transaction = 'none';
  await executor.executePendingMigrations();
  // Some are not empty from the beginning.
  await runner.query(`TRUNCATE ${tables.map(({ name }) => quoted(name)).join(', ')}`);
  for (const { name } of tables) await runner.query(`ALTER TABLE ${quoted(name)} DISABLE TRIGGER USER`);
  const client = (await runner.connect()) as ClientBase;
  let open: Filling | undefined;
  const close = async (): Promise<void> => {
    open?.stream.end();
    await open?.done;
    open = undefined;
  };
  const take = async (name: string, content: Readable): Promise<void> => {
    const table = tableOf(name);
    if (open && open.name !== table) await close();
    if (table !== undefined) {
      const { columns = [] } = tables.find((one) => one.name === table) ?? {};
      open ??= fill(client, table, columns);
      const { stream, done } = open;
      for await (const part of content) {
        if (stream.destroyed) await done;
        if (!stream.write(part)) await once(stream, 'drain');
      }
    } else if (name.startsWith('uploads/')) await swap.add(name.slice('uploads/'.length), content);
    else if (name !== HEAD && name !== MANIFEST) content.resume();
  };
  await readArchive(file, take).catch((error: unknown) => {
    // A table that is not ended keeps the connection from everything else.
    open?.stream.destroy(error as Error);
    throw error;
  });
  for (const { name } of tables) await runner.query(`ALTER TABLE ${quoted(name)} ENABLE TRIGGER USER`);
  for (const { name, value } of sequences) await runner.query('SELECT setval($1::regclass, $2::bigint)', [quoted(name), value]);
  for (const { name, rows } of tables) {
    const [found] = (await runner.query(`SELECT count(*)::integer AS n FROM ${quoted(name)}`)) as { n: number }[];
    if (found?.n !== rows) throw new BadBackup(`${name} has ${found?.n} rows, but ${rows} were backed up`);
  }
  // Numbers that clients have seen since the backup mean nothing any more: by this they are told.
  await runner.query('UPDATE stream_epoch SET epoch = gen_random_uuid()');
};

/** The secret of access tokens comes back, so that nobody is signed out; the password of the database here stays. */
const restoreSecrets = async (file: string, secretsFile: string, kept: object): Promise<void> => {
  await readArchive(file, async (name, content) => {
    if (name !== 'secrets.json') {
      content.resume();
      return;
    }
    const { postgresPassword: _, ...backedUp } = JSON.parse(await textOf(content)) as Record<string, string>;
    const draft = `${secretsFile}.${process.pid}`;
    writeFileSync(draft, JSON.stringify({ ...kept, ...backedUp }, null, 2), { mode: 0o600 });
    renameSync(draft, secretsFile);
  });
};

/** What the backup holds, when all of it is as it was written and this version knows its schema. @throws BadBackup. */
export const examineBackup = async (file: string, env: Env): Promise<Manifest> => {
  if (!existsSync(file)) throw new BadBackup(`${file} is not there`);
  const manifest = await verify(file);
  const known = new DataSource(dataSourceOptions(env, 'postgres://nowhere')).options.migrations as (new () => object)[];
  const unknown = manifest.migrations.filter((name) => !known.some((one) => one.name === name));
  if (unknown.length > 0) throw new BadBackup(`${file} was made by a newer Parley (${manifest.version}): restore it with that one`);
  return manifest;
};

/** Puts a backup that was examined in the place of what is there: all of it, or nothing. `kept` are the secrets of this place. */
export const restore = async (
  file: string,
  manifest: Manifest,
  env: Env,
  place: Place,
  kept: object | undefined,
  force: boolean,
): Promise<void> => {
  const options = dataSourceOptions({ ...env, DATABASE_POOL: 1 } as Env, place.databaseUrl, {});
  const migrations = (options.migrations as (new () => object)[]).filter(({ name }) => manifest.migrations.includes(name));
  const dataSource = new DataSource({ ...options, migrations, applicationName: 'parley-restore' } as typeof options);
  await dataSource.initialize();
  const runner = dataSource.createQueryRunner();
  const swap = new FileSwap(place.uploadDir);
  try {
    await requireFree(runner, swap, force);
    if (dataSource.migrations.map(migrationName).length !== manifest.migrations.length)
      throw new BadBackup('A change of the schema is not known');
    await swap.prepare();
    await runner.startTransaction();
    try {
      await load(dataSource, runner, file, manifest, swap);
      // Before the commit: no row ever names a file that is not there.
      await swap.swap();
      await runner.commitTransaction();
    } catch (error) {
      await runner.rollbackTransaction().catch(() => undefined);
      await swap.undo();
      throw error;
    }
    await swap.finish();
  } finally {
    await runner.release();
    await dataSource.destroy();
  }
  if (kept) await restoreSecrets(file, place.secretsFile, kept);
};
