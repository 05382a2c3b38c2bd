import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import type { Response } from 'express';

/** A reader that takes nothing for so long is cut. */
const STALLED_MS = 60_000;

/** Of an answer that takes long to send. */
export const cutStalled = (response: Response): void => void response.setTimeout(STALLED_MS, () => response.destroy());

/** An answer to be kept as a file, made while it is sent, one piece ahead of the reader. An empty piece would be its end. */
export const streamed = (response: Response, pieces: AsyncIterable<string>, type: string, name: string): StreamableFile => {
  cutStalled(response);
  return new StreamableFile(Readable.from(pieces, { highWaterMark: 1 }), { type, disposition: `attachment; filename="${name}"` });
};
