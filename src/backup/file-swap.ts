import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BadBackup } from './archive.js';

const isOwn = (name: string): boolean => name.startsWith('.restore-') || name.startsWith('.replaced-');

/** Puts files in the place of others all at once, and back if need be. It stays inside the folder, which may be a mounted disk. */
export class FileSwap {
  private readonly staged: string;
  private readonly replaced: string;
  private isSwapped = false;

  constructor(private readonly folder: string) {
    this.staged = join(folder, `.restore-${process.pid}`);
    this.replaced = join(folder, `.replaced-${process.pid}`);
  }

  async isEmpty(): Promise<boolean> {
    return (await this.inside(this.folder)).length === 0;
  }

  async prepare(): Promise<void> {
    for (const folder of [this.staged, this.replaced]) await mkdir(folder, { recursive: true, mode: 0o700 });
  }

  async add(path: string, content: Readable): Promise<void> {
    const file = resolve(this.staged, path);
    if (!file.startsWith(this.staged + sep)) throw new BadBackup(`The backup has a file that would be written elsewhere: ${path}`);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await pipeline(content, createWriteStream(file, { mode: 0o600, flush: true }));
  }

  async swap(): Promise<void> {
    this.isSwapped = true;
    await this.move(this.folder, this.replaced);
    await this.move(this.staged, this.folder);
  }

  async undo(): Promise<void> {
    if (this.isSwapped) {
      await this.move(this.folder, this.staged);
      await this.move(this.replaced, this.folder);
    }
    await this.finish();
  }

  async finish(): Promise<void> {
    for (const folder of [this.staged, this.replaced]) await rm(folder, { recursive: true, force: true });
  }

  private async move(from: string, to: string): Promise<void> {
    for (const name of await this.inside(from)) await rename(join(from, name), join(to, name));
  }

  private async inside(folder: string): Promise<string[]> {
    return (await readdir(folder).catch(() => [])).filter((name) => !isOwn(name));
  }
}
