import type { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import type { Response } from 'express';
import { cutStalled } from '../access/streamed.js';
import { AppError } from '../error/app-error.js';
import { byteRange } from './byte-range.js';
import type { Download } from './download.service.js';
import { disposition } from './file-name.js';
import { isReEncoded } from './image.service.js';
import type { ByteRange } from './upload.storage.js';

/** What a browser may do with a file of somebody else's: show a picture, and nothing that runs. */
const SANDBOX = "sandbox; default-src 'none'";

const contentType = (mime: string): string => (mime === 'text/plain' ? 'text/plain; charset=utf-8' : mime);

const protect = (response: Response): void => {
  response.setHeader('Content-Security-Policy', SANDBOX);
  response.setHeader('Cross-Origin-Resource-Policy', 'same-site');
};

/** Says which part of a file the header Range asks for. @throws AppError `upload.range_unsatisfiable`, with the size in a header. */
export const wantedPart =
  (response: Response, range: string | undefined) =>
  (size: number): ByteRange | undefined => {
    const part = byteRange(range, size);
    if (part !== null) return part;
    response.setHeader('Content-Range', `bytes */${size}`);
    throw new AppError('upload.range_unsatisfiable');
  };

/** The answer that carries a file, or a part of it as 206. */
export const fileAnswer = (response: Response, { name, mime, size, part, content }: Download): StreamableFile => {
  protect(response);
  cutStalled(response);
  response.setHeader('Accept-Ranges', 'bytes');
  if (part) {
    response.status(206);
    response.setHeader('Content-Range', `bytes ${part.start}-${part.end}/${size}`);
  }
  return new StreamableFile(content, {
    type: contentType(mime),
    length: part ? part.end - part.start + 1 : size,
    disposition: disposition(isReEncoded(mime) ? 'inline' : 'attachment', name),
  });
};

export const thumbnailAnswer = (response: Response, content: Readable): StreamableFile => {
  protect(response);
  return new StreamableFile(content, { type: 'image/webp', disposition: 'inline; filename="thumbnail.webp"' });
};
