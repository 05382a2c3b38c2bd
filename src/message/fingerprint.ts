import { hash } from 'node:crypto';
import type { MessageDraft } from '../contract/socket-events.js';

/** Tells a repeat from another message under the same key: over the request as it was sent, absent fields as their defaults. */
export const fingerprintOf = ({ body, stream, attachmentIds, replyTo, mentions }: MessageDraft): string =>
  hash('sha256', JSON.stringify([body ?? null, stream ?? 'public', attachmentIds ?? [], replyTo ?? null, mentions ?? []]), 'base64url');
