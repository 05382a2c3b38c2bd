import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Env } from '../config/env.js';
import { newId } from '../database/new-id.js';
import { diskFault } from './upload.storage.js';

/** Nothing is on its way for so long: whoever wrote it was killed. */
const LEFT_BEHIND_MS = 3_600_000;

/** Files that are on their way. They lie on the disk of UPLOAD_DIR, so that the last step is a renaming. */
@Injectable()
export class TemporaryFiles implements OnApplicationBootstrap {
  private readonly folder: string;

  constructor(private readonly env: Env) {
    this.folder = join(env.uploadDir, 'tmp');
  }

  /** Each server looks after its own disk when it starts; the shared one is the chore's. */
  async onApplicationBootstrap(): Promise<void> {
    if (!this.env.isCommand) await this.removeOld().catch(() => undefined);
  }

  /** Calls `work` with the path of a file that is not there yet, and removes what is there afterwards. */
  async use<T>(work: (path: string) => Promise<T>): Promise<T> {
    const path = join(this.folder, newId());
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw diskFault(error);
    }
    try {
      return await work(path);
    } finally {
      await rm(path, { force: true }).catch(() => undefined);
    }
  }

  async removeOld(): Promise<void> {
    for (const name of await readdir(this.folder).catch(() => [])) {
      const path = join(this.folder, name);
      const found = await stat(path).catch(() => undefined);
      if (found && found.mtimeMs < Date.now() - LEFT_BEHIND_MS) await rm(path, { force: true });
    }
  }
}
