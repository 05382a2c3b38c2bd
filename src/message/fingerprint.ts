import { hash } from 'node:crypto';
import type { MessageDraft } from '../contract/socket-events.js';

/** Tells a repeat from another message under the same key: over the request as it was sent, absent fields as their defaults. */
export const fingerprintOf = ({ body, stream = 'public', attachmentIds = [], replyTo, mentions = [] }: MessageDraft): string => {
  const isPlain = body !== undefined && attachmentIds.length === 0 && replyTo === undefined && mentions.length === 0;
  // The first character tells the two apart.
  const text = isPlain ? `${stream} ${body}` : JSON.stringify([body ?? null, stream, attachmentIds, replyTo ?? null, mentions]);
  return hash('sha256', text, 'base64url');
};
