import { writeFile } from 'node:fs/promises';
import { Injectable } from '@nestjs/common';
import type { default as Library, Metadata, Sharp } from 'sharp';
import { AppError } from '../error/app-error.js';
import { Turns } from './turns.js';
import { diskFault } from './upload.storage.js';

export interface Picture {
  width: number;
  height: number;
  /** In bytes, as it was written anew. */
  size: number;
}

const MAX_PIXELS = 25_000_000;
const MAX_FRAMES = 1_000;
const THUMBNAIL_SIDE = 320;
const PATIENCE_SECONDS = 15;
const MOST_WAITING = 50;
/** A GIF keeps its bytes, because its movement is what it is for; it is never shown inline as a page. */
const RE_ENCODED = new Set(['image/png', 'image/jpeg', 'image/webp']);

/** Whether what is served of this type was written by us, pixel by pixel. */
export const isReEncoded = (mime: string): boolean => RE_ENCODED.has(mime);

let library: Promise<typeof Library> | undefined;

/** Loaded with the first picture: a server starts without it, and many never see one. */
const load = (): Promise<typeof Library> =>
  (library ??= import('sharp').then(({ default: sharp }) => {
    // One thread and no memory kept: pictures are worked on beside a chat that must not wait for them.
    sharp.concurrency(1);
    sharp.cache(false);
    // Nothing but the formats that are taken reaches a decoder.
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock({
      operation: ['VipsForeignLoadPngFile', 'VipsForeignLoadJpegFile', 'VipsForeignLoadWebpFile', 'VipsForeignLoadNsgifFile'],
    });
    return sharp;
  }));

const tooLarge = (message: string): AppError => new AppError('upload.too_large', { message });

/**
 * Pictures as they are stored: read from their headers first, written anew without what cameras note in them, one at a time. The
 * library works in threads of its own and ends what takes too long, so that a bad picture keeps other pictures waiting at most.
 */
@Injectable()
export class ImageService {
  private readonly turns = new Turns(MOST_WAITING, 'Too many pictures at once');

  /**
   * Writes the picture anew to `target` (a GIF stays as it is) and a small one to `thumbnail`.
   * @throws AppError `upload.type_refused` when it is broken, `upload.too_large` with too many pixels or frames, `storage.full`,
   *   `unavailable`.
   */
  process(mime: string, source: string, target: string, thumbnail: string): Promise<Picture> {
    return this.turns.take(() => this.work(mime, source, target, thumbnail));
  }

  private async work(mime: string, source: string, target: string, thumbnail: string): Promise<Picture> {
    // That it is missing is no fault of the picture.
    const sharp = await load();
    try {
      // Decodes nothing yet.
      const metadata = await sharp(source, { limitInputPixels: false }).metadata();
      this.requireBounded(metadata);
      if (`image/${metadata.format}` !== mime) throw new AppError('upload.type_refused');
      const picture = isReEncoded(mime) ? await this.reEncode(sharp, metadata, source, target) : sizeOf(metadata);
      const small = await this.open(sharp, source, false)
        .autoOrient()
        .resize({ width: THUMBNAIL_SIDE, height: THUMBNAIL_SIDE, fit: 'inside', withoutEnlargement: true })
        .webp({ quality: 75 })
        .toBuffer();
      await writeFile(thumbnail, small, { mode: 0o600 });
      return picture;
    } catch (error) {
      throw this.fault(error);
    }
  }

  private requireBounded({ width, height, pageHeight = height, pages = 1 }: Metadata): void {
    if (pages > MAX_FRAMES) throw tooLarge(`A picture has at most ${MAX_FRAMES} frames`);
    if (width * pageHeight > MAX_PIXELS) throw tooLarge('A picture has at most 25 megapixels');
  }

  private async reEncode(sharp: typeof Library, { format, pages = 1 }: Metadata, source: string, target: string): Promise<Picture> {
    const picture = this.open(sharp, source, pages > 1);
    const oriented = pages > 1 ? picture : picture.autoOrient();
    // With a quality a PNG would lose colours.
    const options = format === 'png' ? {} : { quality: 85 };
    const { data, info } = await oriented.toFormat(format, options).toBuffer({ resolveWithObject: true });
    await writeFile(target, data, { mode: 0o600 });
    const { width, height, pageHeight = height, size } = info;
    return { width, height: pageHeight, size };
  }

  private open(sharp: typeof Library, source: string, isAnimated: boolean): Sharp {
    return sharp(source, { limitInputPixels: MAX_PIXELS, animated: isAnimated, sequentialRead: true }).timeout({
      seconds: PATIENCE_SECONDS,
    });
  }

  private fault(error: unknown): AppError {
    if (error instanceof AppError) return error;
    const { message, syscall } = error as NodeJS.ErrnoException;
    if (syscall !== undefined) return diskFault(error);
    if (/pixel limit/i.test(message)) return tooLarge('A picture has at most 25 megapixels in all its frames');
    return new AppError('upload.type_refused', { message: 'This picture cannot be read', cause: error });
  }
}

const sizeOf = ({ width, height, pageHeight = height, size = 0 }: Metadata): Picture => ({ width, height: pageHeight, size });
