import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StartError } from '../config/start-error.js';

/** With less than this a server has no room left to work in. */
export const LEAST_FREE_BYTES = 200 * 1024 ** 2;

/** The folder, or the nearest one above it that there is. */
const existing = (folder: string): string => (existsSync(folder) ? folder : existing(dirname(folder)));

/** Writes for trial where the folder is or will be, and leaves nothing there. @throws Error that says why that cannot be. */
export const requireWritable = async (folder: string): Promise<void> => {
  await rm(await mkdtemp(join(existing(folder), '.trial-')), { recursive: true });
};

/** Makes the folder that a setting names, if it is not there. @throws StartError when nothing can be written to it. */
export const requireFolder = async (folder: string, setting: string): Promise<void> => {
  try {
    await requireWritable(folder);
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new StartError(`The folder ${folder} (${setting}) cannot be used: ${(cause as Error).message}.`, { cause });
  }
};

/** What is free on the disk that a folder is on, or will be. */
export const freeBytes = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(existing(folder));
  return bavail * bsize;
};

export const areOnOneDisk = async (one: string, other: string): Promise<boolean> =>
  (await stat(existing(one))).dev === (await stat(existing(other))).dev;
