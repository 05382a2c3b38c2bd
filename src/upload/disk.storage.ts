import type { Dirent } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { AppError } from '../error/app-error.js';
import { requireWritable } from '../health/disk.js';
import { diskFault, UploadStorage, type ByteRange, type StoredFile } from './upload.storage.js';

/** Has what was written at `path` on the disk, and not only in memory. */
const sync = async (path: string): Promise<void> => {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const entriesOf = (folder: string): Promise<Dirent[]> => readdir(folder, { withFileTypes: true }).catch(() => []);

/** Keeps files in a folder, spread over 256 of them by the last two characters of their ids, which are random. */
export class DiskStorage extends UploadStorage {
  private readonly root: string;

  constructor(private readonly folder: string) {
    super();
    this.root = join(folder, 'files');
  }

  async put(key: string, path: string): Promise<void> {
    try {
      const folder = this.folderOf(key);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await sync(path);
      await rename(path, join(folder, key));
      await sync(folder);
    } catch (error) {
      throw diskFault(error);
    }
  }

  async open(key: string, range?: ByteRange): Promise<Readable> {
    try {
      return (await open(join(this.folderOf(key), key), 'r')).createReadStream(range);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new AppError('upload.not_found', { cause: error });
      throw diskFault(error);
    }
  }

  async remove(keys: string[]): Promise<void> {
    for (const key of keys) await rm(join(this.folderOf(key), key), { force: true });
  }

  async *list(): AsyncIterable<StoredFile> {
    for (const shard of await entriesOf(this.root)) {
      if (!shard.isDirectory()) continue;
      for (const { name } of await entriesOf(join(this.root, shard.name))) {
        const found = await stat(join(this.root, shard.name, name)).catch(() => undefined);
        if (found) yield { key: name, storedAt: found.mtime };
      }
    }
  }

  async check(): Promise<string> {
    await requireWritable(this.folder);
    return `files are kept in ${this.folder}`;
  }

  private folderOf(key: string): string {
    return join(this.root, key.slice(34, 36));
  }
}
