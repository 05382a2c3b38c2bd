import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Env } from '../config/env.js';
import type { Attachment } from '../contract/message.js';
import { BatchLoader } from '../database/batch-loader.js';
import { Reads } from '../database/reads.js';
import { EntryPresenter } from '../room/entry.presenter.js';
import { Upload } from './upload.entity.js';

export type Variant = 'file' | 'thumbnail';

/** What a signed URL carries. No token: it opens one variant of one file, for anybody, for five minutes. */
export interface Signed {
  expires?: string;
  signature?: string;
}

const LIFE_SECONDS = 300;

const BY_MESSAGE = `(SELECT * FROM upload WHERE message_id = ANY ($1::uuid[]) ORDER BY message_id, place) "own"`;

/** Files as clients see them, each time with fresh URLs. */
@Injectable()
export class AttachmentPresenter {
  private readonly key: Buffer;
  private readonly loader: BatchLoader<string, Upload[]>;

  constructor(
    private readonly env: Env,
    reads: Reads,
    entries: EntryPresenter,
  ) {
    // Of its own purpose, so that nothing signed with it is a token.
    this.key = createHmac('sha256', env.JWT_ACCESS_SECRET ?? '')
      .update('parley upload url')
      .digest();
    const find = reads.from(Upload, { name: 'uploads of messages', from: BY_MESSAGE }) as (ids: string[]) => Promise<Upload[]>;
    this.loader = new BatchLoader(async (messageIds) => {
      const found = await find(messageIds);
      return messageIds.map((id) => found.filter(({ messageId }) => messageId === id));
    });
    entries.attachmentsOf = (messageId) => this.loader.get(messageId).then((uploads) => uploads.map((upload) => this.present(upload)));
  }

  present({ id, name, mime, size, width, height, hasThumbnail }: Upload): Attachment {
    const url = this.sign(id, 'file');
    return { id, name, mime, size, width, height, url, thumbnailUrl: hasThumbnail ? this.sign(id, 'thumbnail') : null };
  }

  isSigned(id: string, variant: Variant, { expires = '', signature = '' }: Signed, now = Date.now()): boolean {
    if (!/^\d{1,12}$/.test(expires) || Number(expires) * 1000 <= now) return false;
    const right = Buffer.from(this.signatureOf(id, variant, expires));
    const given = Buffer.from(signature);
    return given.length === right.length && timingSafeEqual(given, right);
  }

  private sign(id: string, variant: Variant): string {
    const expires = String(Math.floor(Date.now() / 1000) + LIFE_SECONDS);
    const path = variant === 'thumbnail' ? '/thumbnail' : '';
    return `${this.env.PUBLIC_URL}/api/uploads/${id}${path}?expires=${expires}&signature=${this.signatureOf(id, variant, expires)}`;
  }

  private signatureOf(id: string, variant: Variant, expires: string): string {
    return createHmac('sha256', this.key).update(`${variant} ${id} ${expires}`).digest('base64url');
  }
}
