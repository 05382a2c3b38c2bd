import { existsSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** With less than this a server has no room left to work in. */
export const LEAST_FREE_BYTES = 200 * 1024 ** 2;

/** The folder, or the nearest one above it that there is. */
export const existing = (folder: string): string => (existsSync(folder) ? folder : existing(dirname(folder)));

/** What is free on the disk that a folder is on, or will be. */
export const freeBytes = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(existing(folder));
  return bavail * bsize;
};

export const areOnOneDisk = async (one: string, other: string): Promise<boolean> =>
  (await stat(existing(one))).dev === (await stat(existing(other))).dev;
