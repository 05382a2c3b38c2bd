import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import multer, { MulterError, type StorageEngine } from 'multer';
import { AppError, invalid } from '../error/app-error.js';
import { diskFault } from './upload.storage.js';

/** A file as it came: what its sender says of it, and where it lies. */
export interface ReceivedFile {
  path: string;
  name: string;
  declaredType: string;
  size: number;
}

interface Reception {
  /** Where the file is written. */
  path: string;
  field: string;
  maxBytes: number;
  /** Called with the fields that came before the file, ahead of its first byte. What it throws ends the reception. */
  allow(fields: Record<string, unknown>): Promise<void>;
}

const NAME_BYTES = 100;
const VALUE_BYTES = 1024;
const HEADERS = 20;
/** What a form takes beside its file. */
export const FORM_BYTES = 65_536;

const faultOf = (error: unknown, field: string): AppError => {
  if (error instanceof AppError) return error;
  if (error instanceof MulterError) {
    if (error.code === 'LIMIT_FILE_SIZE') return new AppError('upload.too_large');
    if (error.code === 'LIMIT_UNEXPECTED_FILE') return invalid(error.field ?? '', `is not a known field; the file is sent as ${field}`);
    return invalid(error.field ?? '', error.message.toLowerCase());
  }
  if ((error as NodeJS.ErrnoException).syscall !== undefined) return diskFault(error);
  // What busboy says of a byte that no header may hold: browsers send names as they are, but for line ends and quotes.
  const isHeader = error instanceof Error && error.message === 'Malformed part header';
  const message = isHeader
    ? 'has a part whose header cannot be read; names of files must be sent without control characters'
    : 'is no form that can be read to its end';
  return new AppError('validation.failed', { cause: error, errors: [{ path: '', message }] });
};

export const requireForm = ({ headers }: Request): void => {
  if (!/^multipart\/form-data\s*(;|$)/i.test(headers['content-type'] ?? '')) throw new AppError('media.unsupported');
  if (headers['content-encoding'] !== undefined) throw new AppError('media.unsupported', { message: 'Compressed bodies are not taken' });
};

/**
 * Reads a form with one file, which it writes to a path of the server's choice. Answers as soon as something is wrong, and not
 * when the rest has come. The fields are in `request.body` afterwards. @throws AppError, and leaves the removal of the file to the caller.
 */
export const receive = (request: Request, response: Response, { path, field, maxBytes, allow }: Reception): Promise<ReceivedFile> =>
  new Promise((done, fail) => {
    const refuse = (error: unknown): void => fail(faultOf(error, field));
    const cut = new AbortController();
    request.once('close', () => request.complete || cut.abort());
    const storage: StorageEngine = {
      _handleFile(_request, { stream }, callback) {
        stream.once('limit', () => refuse(new AppError('upload.too_large')));
        const target = createWriteStream(path, { flags: 'wx', mode: 0o600 });
        pipeline(stream, target, { signal: cut.signal }).then(
          () => callback(null, { path, size: target.bytesWritten }),
          (error: unknown) => {
            refuse(error);
            callback(error);
          },
        );
      },
      _removeFile: (_request, _file, callback) => callback(null),
    };
    const read = multer({
      storage,
      // Names are UTF-8, whatever the old rules of multipart say.
      defParamCharset: 'utf8',
      // Cleaned by our own rules, which know more names.
      preservePath: true,
      limits: {
        fileSize: maxBytes,
        files: 1,
        fields: 5,
        parts: 6,
        fieldNameSize: NAME_BYTES,
        fieldSize: VALUE_BYTES,
        headerPairs: HEADERS,
        fieldNestingDepth: 0,
      },
      fileFilter: (_request, _file, callback) => {
        allow({ ...(request.body as object) }).then(
          () => callback(null, true),
          (error: unknown) => {
            refuse(error);
            callback(error as Error);
          },
        );
      },
    }).single(field);
    read(request, response, (error: unknown) => {
      const { file } = request;
      if (error !== undefined && error !== null) refuse(error);
      else if (!file) refuse(invalid(field, 'must be a file'));
      else if (file.size === 0) refuse(invalid(field, 'must not be empty'));
      else done({ path, name: file.originalname, declaredType: file.mimetype, size: file.size });
      request.body = { ...(request.body as object) };
    });
  });
