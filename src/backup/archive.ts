import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { extract, pack, type Header, type Pack } from 'tar-stream';

/** Counts up when what is in a backup changes so that older servers cannot read it. */
export const FORMAT = 1;

/** The first entry: by it a backup is known. */
export const HEAD = 'parley-backup.json';
/** The last entry: a backup without it was cut short. */
export const MANIFEST = 'manifest.json';

export interface TableManifest {
  name: string;
  columns: string[];
  rows: number;
  sha256: string;
}

/** What a backup holds. */
export interface Manifest {
  version: string;
  createdAt: string;
  /** Changes of the schema that it is on. */
  migrations: string[];
  epoch: string;
  /** In an order in which each table comes after those that it refers to. */
  tables: TableManifest[];
  /** The next values of counters. */
  sequences: { name: string; value: string }[];
  files: { path: string; sha256: string }[];
}

/** Says in one line why a file cannot be restored. */
export class BadBackup extends Error {}

/** Writes a backup, whole or not at all: it has its name when it is on the disk. */
export const writeArchive = async (file: string, fill: (tar: Pack) => Promise<void>): Promise<void> => {
  const draft = `${file}.part`;
  const tar = pack();
  const written = pipeline(tar, createGzip(), createWriteStream(draft, { mode: 0o600, flags: 'wx' }));
  try {
    await Promise.race([fill(tar), written.then(() => Promise.reject(new Error('The file ended too early')))]);
    tar.finalize();
    await written;
    const handle = await open(draft, 'r');
    await handle.sync();
    await handle.close();
    await rename(draft, file);
  } catch (error) {
    tar.destroy();
    await written.catch(() => undefined);
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(draft, { force: true });
    throw error;
  }
};

/** Adds an entry, and waits until it is taken. */
export const addEntry = (tar: Pack, name: string, content: Buffer | string): Promise<void> =>
  new Promise((done, fail) => {
    tar.entry({ name, mode: 0o600 }, content, (error) => (error ? fail(error) : done()));
  });

/** Goes through a backup from the beginning to the end. @throws BadBackup when it is damaged, cut short, or none. */
export const readArchive = async (file: string, take: (name: string, content: Readable) => Promise<void>): Promise<void> => {
  const tar = extract();
  const unpacked = pipeline(createReadStream(file), createGunzip(), tar);
  unpacked.catch(() => undefined);
  let first: string | undefined;
  let last: string | undefined;
  try {
    for await (const entry of tar as AsyncIterable<Readable & { header: Header }>) {
      const { name } = entry.header;
      first ??= name;
      if (first !== HEAD) throw new BadBackup(`${file} is no backup of Parley`);
      last = name;
      await take(name, entry);
      entry.resume();
    }
    await unpacked;
  } catch (error) {
    tar.destroy();
    if (error instanceof BadBackup || (error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    // What was compressed once, and is broken now, may have been one.
    const isBroken = code?.startsWith('Z_') && message !== 'incorrect header check';
    if (first === undefined && !isBroken) throw new BadBackup(`${file} is no backup of Parley`, { cause: error });
    throw new BadBackup(`${file} is damaged or was cut short: ${message}`, { cause: error });
  }
  if (first === undefined) throw new BadBackup(`${file} is no backup of Parley`);
  if (last !== MANIFEST) throw new BadBackup(`${file} is damaged or was cut short: its end is missing`);
};

export const textOf = async (content: Readable): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of content) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
};

const TABLE = /^tables\/([a-z_]+)\/\d{6}$/;
export const tableOf = (name: string): string | undefined => TABLE.exec(name)?.[1];

/** Checks a whole backup against its own manifest before anything of it is used. @throws BadBackup. */
export const verify = async (file: string): Promise<Manifest> => {
  let manifest: Manifest | undefined;
  const hashes = new Map<string, ReturnType<typeof createHash>>();
  await readArchive(file, async (name, content) => {
    if (name === HEAD) {
      const { format, version } = JSON.parse(await textOf(content)) as { format: number; version: string };
      if (format !== FORMAT) throw new BadBackup(`${file} was made by Parley ${version}, whose backups this version cannot read`);
      return;
    }
    if (name === MANIFEST) {
      manifest = JSON.parse(await textOf(content)) as Manifest;
      return;
    }
    const table = tableOf(name);
    const key = table === undefined ? name : `tables/${table}`;
    const hash = hashes.get(key) ?? createHash('sha256');
    hashes.set(key, hash);
    for await (const part of content) hash.update(part as Buffer);
  });
  const { tables, files } = manifest as unknown as Manifest;
  const expected = new Map([
    ...tables.map(({ name, sha256 }) => [`tables/${name}`, sha256] as const),
    ...files.map((one) => [one.path, one.sha256] as const),
  ]);
  for (const [key, sha256] of expected) {
    if ((hashes.get(key) ?? createHash('sha256')).digest('hex') !== sha256)
      throw new BadBackup(`${file} is damaged: ${key} is not what was backed up`);
  }
  const stranger = [...hashes.keys()].find((key) => !expected.has(key));
  if (stranger !== undefined) throw new BadBackup(`${file} is damaged: ${stranger} does not belong to it`);
  return manifest as unknown as Manifest;
};
