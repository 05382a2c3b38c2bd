import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import type { Signed } from './attachment.presenter.js';
import type { Upload } from './upload.entity.js';
import { UploadService } from './upload.service.js';
import { thumbnailKey, UploadStorage, type ByteRange } from './upload.storage.js';

/** A file on its way out, piece by piece as it is read. */
export interface Download extends Pick<Upload, 'name' | 'mime' | 'size'> {
  /** What of it is read; undefined for all. */
  part: ByteRange | undefined;
  content: Readable;
}

/** Opens files for those who may see them. */
@Injectable()
export class DownloadService {
  constructor(
    private readonly uploads: UploadService,
    private readonly storage: UploadStorage,
  ) {}

  /** `partOf` says which part is wanted of a file of that size, or throws. @throws AppError `upload.not_found`, `unavailable`. */
  async file(actor: Actor | undefined, id: string, signed: Signed, partOf: (size: number) => ByteRange | undefined): Promise<Download> {
    const { name, mime, size } = await this.uploads.find(actor, id, 'file', signed);
    const part = partOf(size);
    return { name, mime, size, part, content: await this.storage.open(id, part) };
  }

  /** A WebP. @throws AppError `upload.not_found`, `unavailable`. */
  async thumbnail(actor: Actor | undefined, id: string, signed: Signed): Promise<Readable> {
    await this.uploads.find(actor, id, 'thumbnail', signed);
    return this.storage.open(thumbnailKey(id));
  }
}
