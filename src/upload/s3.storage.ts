import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type * as Library from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { AppError } from '../error/app-error.js';
import { UploadStorage, type ByteRange, type StoredFile } from './upload.storage.js';

type Sdk = typeof Library;

const CONNECT_MS = 3_000;
/** Between two signs of life of the other side. */
const SILENCE_MS = 15_000;
const REMOVED_AT_ONCE = 1000;

const statusOf = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;

const s3Fault = (error: unknown): AppError => {
  if (error instanceof AppError) return error;
  if (statusOf(error) === 404) return new AppError('upload.not_found', { cause: error });
  return new AppError(statusOf(error) === 507 ? 'storage.full' : 'unavailable', { cause: error });
};

/** Keeps files in a bucket of anything that speaks S3. The library for it is loaded with the first file. */
export class S3Storage extends UploadStorage {
  private readonly url: URL;
  private readonly bucket: string;
  private readonly prefix: string;
  private opened: Promise<{ sdk: Sdk; client: S3Client }> | undefined;

  constructor(address: string) {
    super();
    this.url = new URL(address);
    const [bucket = '', ...prefix] = this.url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
    this.bucket = bucket;
    this.prefix = [...prefix, ''].join('/');
  }

  put(key: string, path: string): Promise<void> {
    return this.ask(async (sdk, client) => {
      const body = createReadStream(path);
      try {
        const ContentLength = (await stat(path)).size;
        await client.send(new sdk.PutObjectCommand({ ...this.at(key), Body: body, ContentLength }));
      } finally {
        body.destroy();
      }
    });
  }

  open(key: string, range?: ByteRange): Promise<Readable> {
    return this.ask(async ({ GetObjectCommand }, client) => {
      const found = await client.send(
        new GetObjectCommand({ ...this.at(key), ...(range && { Range: `bytes=${range.start}-${range.end}` }) }),
      );
      return found.Body as Readable;
    });
  }

  remove(keys: string[]): Promise<void> {
    return this.ask(async ({ DeleteObjectsCommand }, client) => {
      for (let from = 0; from < keys.length; from += REMOVED_AT_ONCE) {
        const Objects = keys.slice(from, from + REMOVED_AT_ONCE).map((key) => ({ Key: this.prefix + key }));
        await client.send(new DeleteObjectsCommand({ Bucket: this.bucket, Delete: { Objects, Quiet: true } }));
      }
    });
  }

  async *list(): AsyncIterable<StoredFile> {
    for (let token: string | undefined, isFirst = true; isFirst || token !== undefined; isFirst = false) {
      const page = await this.ask(({ ListObjectsV2Command }, client) =>
        client.send(new ListObjectsV2Command({ Bucket: this.bucket, Prefix: this.prefix, ContinuationToken: token })),
      );
      for (const { Key = '', LastModified } of page.Contents ?? []) {
        if (LastModified) yield { key: Key.slice(this.prefix.length), storedAt: LastModified };
      }
      token = page.NextContinuationToken;
    }
  }

  async check(): Promise<string> {
    const { sdk, client } = await this.library();
    await client.send(new sdk.HeadBucketCommand({ Bucket: this.bucket }));
    return `files are kept in the bucket ${this.bucket} at ${this.url.host}`;
  }

  private at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.bucket, Key: this.prefix + key };
  }

  private async ask<T>(work: (sdk: Sdk, client: S3Client) => Promise<T>): Promise<T> {
    try {
      const { sdk, client } = await this.library();
      return await work(sdk, client);
    } catch (error) {
      throw s3Fault(error);
    }
  }

  private library(): Promise<{ sdk: Sdk; client: S3Client }> {
    this.opened ??= import('@aws-sdk/client-s3').then((sdk) => {
      const { protocol, host, username, password, searchParams } = this.url;
      const client = new sdk.S3Client({
        endpoint: `${protocol}//${host}`,
        region: searchParams.get('region') ?? 'us-east-1',
        credentials: { accessKeyId: decodeURIComponent(username), secretAccessKey: decodeURIComponent(password) },
        forcePathStyle: true,
        maxAttempts: 2,
        // Others than Amazon do not know the newer checksums.
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
        requestHandler: {
          connectionTimeout: CONNECT_MS,
          socketTimeout: SILENCE_MS,
          // One that was kept open may be closed meanwhile, and the library cannot send a stream twice.
          httpAgent: { keepAlive: false },
          httpsAgent: { keepAlive: false },
        },
      });
      return { sdk, client };
    });
    this.opened.catch(() => (this.opened = undefined));
    return this.opened;
  }
}
