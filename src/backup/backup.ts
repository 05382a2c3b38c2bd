import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Pack } from 'tar-stream';
import { VERSION } from '../config/version.js';
import { ID_PATTERN } from '../contract/scalar.js';
import { addEntry, FORMAT, HEAD, MANIFEST, writeArchive, type Manifest, type TableManifest } from './archive.js';

/** So much of a table is in memory at a time. */
const PART_BYTES = 4 * 1024 ** 2;
const ID = new RegExp(`^${ID_PATTERN}`);

export interface Place {
  databaseUrl: string;
  uploadDir: string;
  /** The file of generated secrets. */
  secretsFile: string;
}

/** All tables but the list of migrations, with the columns that can be written. */
const TABLES = `
SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'migrations'
  GROUP BY c.relname ORDER BY c.relname`;
const REFERENCES = `
SELECT conrelid::regclass::text AS "from", confrelid::regclass::text AS "to" FROM pg_constraint
  WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conrelid <> confrelid`;

export const quoted = (name: string): string => pg.escapeIdentifier(name);

/** Each table after those that it refers to. */
const inOrder = <T extends { name: string }>(tables: T[], references: { from: string; to: string }[]): T[] => {
  const left = [...tables];
  const done: T[] = [];
  while (left.length > 0) {
    const next = left.findIndex(({ name }) =>
      references.every(({ from, to }) => from.replaceAll('"', '') !== name || done.some((one) => one.name === to.replaceAll('"', ''))),
    );
    if (next === -1) throw new Error(`The tables ${left.map(({ name }) => name).join(', ')} refer to each other in a circle`);
    done.push(...left.splice(next, 1));
  }
  return done;
};

const addTable = async (client: pg.Client, tar: Pack, name: string, columns: string[]): Promise<TableManifest> => {
  const copy = client.query(copyTo(`COPY ${quoted(name)} (${columns.map(quoted).join(', ')}) TO STDOUT`));
  const hash = createHash('sha256');
  let parts: Buffer[] = [];
  let bytes = 0;
  let count = 0;
  const flush = async (): Promise<void> => {
    const content = Buffer.concat(parts);
    hash.update(content);
    await addEntry(tar, `tables/${name}/${String(++count).padStart(6, '0')}`, content);
    parts = [];
    bytes = 0;
  };
  for await (const part of copy) {
    parts.push(part as Buffer);
    bytes += (part as Buffer).length;
    if (bytes >= PART_BYTES) await flush();
  }
  if (bytes > 0) await flush();
  return { name, columns, rows: copy.rowCount, sha256: hash.digest('hex') };
};

/** Files are never changed, and named by the ids of their rows: those of the snapshot are taken, whatever comes meanwhile. */
const addFiles = async (client: pg.Client, tar: Pack, { uploadDir, secretsFile }: Place): Promise<Manifest['files']> => {
  const files: Manifest['files'] = [];
  const add = async (path: string, file: string): Promise<void> => {
    // Gone together with a person who was erased in this moment.
    const content = await readFile(file).catch(() => undefined);
    if (!content) return;
    await addEntry(tar, path, content);
    files.push({ path, sha256: createHash('sha256').update(content).digest('hex') });
  };
  if (existsSync(secretsFile)) await add('secrets.json', secretsFile);
  const { rows } = await client.query<{ name: string | null }>("SELECT to_regclass('public.upload') AS name");
  if (!rows[0]?.name || !existsSync(uploadDir)) return files;
  for (const entry of await readdir(uploadDir, { recursive: true, withFileTypes: true })) {
    const id = ID.exec(entry.name)?.[0];
    if (!entry.isFile() || id === undefined) continue;
    const { rowCount } = await client.query('SELECT FROM upload WHERE id = $1', [id]);
    const file = join(entry.parentPath, entry.name);
    if (rowCount) await add(`uploads/${relative(uploadDir, file).split(sep).join('/')}`, file);
  }
  return files;
};

/** Writes one consistent copy of the database and of the files beside it. Servers may go on working. */
export const backUp = async (file: string, place: Place): Promise<Manifest> => {
  if (existsSync(file)) throw new Error(`${file} is there already`);
  const client = new pg.Client({ connectionString: place.databaseUrl, application_name: 'parley-backup' });
  client.on('error', () => undefined);
  await client.connect();
  let manifest: Manifest | undefined;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows: found } = await client.query<{ name: string; columns: string[] }>(TABLES);
    if (!found.some(({ name }) => name === 'stream_epoch')) throw new Error('There is nothing to back up: the database holds no Parley');
    // The schema stays as it is until the end.
    await client.query(`LOCK TABLE ${found.map(({ name }) => quoted(name)).join(', ')} IN ACCESS SHARE MODE`);
    const tables = inOrder(found, (await client.query<{ from: string; to: string }>(REFERENCES)).rows);
    await writeArchive(file, async (tar) => {
      await addEntry(tar, HEAD, JSON.stringify({ format: FORMAT, version: VERSION }));
      const [epoch] = (await client.query<{ epoch: string }>('SELECT epoch FROM stream_epoch')).rows;
      const migrations = (await client.query<{ name: string }>('SELECT name FROM migrations ORDER BY id')).rows.map(({ name }) => name);
      const sequences = await client.query<{ name: string; value: string }>(
        "SELECT sequencename AS name, last_value::text AS value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL AND sequencename NOT LIKE 'migrations%'",
      );
      const copied: TableManifest[] = [];
      for (const { name, columns } of tables) copied.push(await addTable(client, tar, name, columns));
      manifest = {
        version: VERSION,
        createdAt: new Date().toISOString(),
        migrations,
        epoch: epoch?.epoch ?? '',
        tables: copied,
        sequences: sequences.rows,
        files: await addFiles(client, tar, place),
      };
      await addEntry(tar, MANIFEST, JSON.stringify(manifest, null, 2));
    });
    return manifest as unknown as Manifest;
  } finally {
    await client.end().catch(() => undefined);
  }
};
