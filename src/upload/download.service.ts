import { Injectable, StreamableFile } from '@nestjs/common';
import type { Response } from 'express';
import type { Actor } from '../access/actor.js';
import type { Signed } from './attachment.presenter.js';
import { byteRange } from './byte-range.js';
import { disposition } from './file-name.js';
import { isReEncoded } from './image.service.js';
import { UploadService } from './upload.service.js';
import { thumbnailKey, UploadStorage } from './upload.storage.js';

/** What a browser may do with a file of somebody else's: show a picture, and nothing that runs. */
const SANDBOX = "sandbox; default-src 'none'";

const contentType = (mime: string): string => (mime === 'text/plain' ? 'text/plain; charset=utf-8' : mime);

/** Sends files, piece by piece as they are read. */
@Injectable()
export class DownloadService {
  constructor(
    private readonly uploads: UploadService,
    private readonly storage: UploadStorage,
  ) {}

  /** @throws AppError `upload.not_found`, `unavailable`. */
  async file(
    actor: Actor | undefined,
    id: string,
    signed: Signed,
    rangeHeader: string | undefined,
    response: Response,
  ): Promise<StreamableFile> {
    const { name, mime, size } = await this.uploads.find(actor, id, 'file', signed);
    const range = byteRange(rangeHeader, size);
    const stream = await this.storage.open(id, range);
    response.setHeader('Accept-Ranges', 'bytes');
    if (range) {
      response.status(206);
      response.setHeader('Content-Range', `bytes ${range.start}-${range.end}/${size}`);
    }
    protect(response);
    const length = range ? range.end - range.start + 1 : size;
    return new StreamableFile(stream, {
      type: contentType(mime),
      length,
      disposition: disposition(isReEncoded(mime) ? 'inline' : 'attachment', name),
    });
  }

  /** @throws AppError `upload.not_found`, `unavailable`. */
  async thumbnail(actor: Actor | undefined, id: string, signed: Signed, response: Response): Promise<StreamableFile> {
    await this.uploads.find(actor, id, 'thumbnail', signed);
    const stream = await this.storage.open(thumbnailKey(id));
    protect(response);
    return new StreamableFile(stream, { type: 'image/webp', disposition: 'inline; filename="thumbnail.webp"' });
  }
}

const protect = (response: Response): void => {
  response.setHeader('Content-Security-Policy', SANDBOX);
  response.setHeader('Cross-Origin-Resource-Policy', 'same-site');
};
