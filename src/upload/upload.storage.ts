import type { Readable } from 'node:stream';
import { AppError } from '../error/app-error.js';

/** Bytes of a file, both ends included. */
export interface ByteRange {
  start: number;
  end: number;
}

/** One thing that lies in the storage. */
export interface StoredFile {
  key: string;
  storedAt: Date;
}

/**
 * Where files lie. A key is an id of ours, with `-thumbnail` behind it or not, and never what a client sent.
 * @throws AppError `storage.full` when there is no room left or it cannot be written, `unavailable` when it does not answer.
 */
export abstract class UploadStorage {
  /** Takes a file of the own disk over; when it resolves, the file is there for good. The one at `path` may be gone then. */
  abstract put(key: string, path: string): Promise<void>;
  /** @throws AppError `upload.not_found` when it is not there. */
  abstract open(key: string, range?: ByteRange): Promise<Readable>;
  /** What is not there is no fault. */
  abstract remove(keys: string[]): Promise<void>;
  /** Everything there is. */
  abstract list(): AsyncIterable<StoredFile>;
  /** Whether it can be used, in words for the operator. @throws Error that says what is wrong. */
  abstract check(): Promise<string>;
}

export const thumbnailKey = (id: string): string => `${id}-thumbnail`;

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EACCES', 'EPERM']);

/** What went wrong on a disk as what a client is told: that it is full or read-only is for the operator to mend. */
export const diskFault = (error: unknown): AppError => {
  if (error instanceof AppError) return error;
  const isFull = FULL.has(String((error as NodeJS.ErrnoException).code));
  return new AppError(isFull ? 'storage.full' : 'internal', { cause: error });
};
